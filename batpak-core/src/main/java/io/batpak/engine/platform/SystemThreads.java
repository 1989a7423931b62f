package io.batpak.engine.platform;

import java.util.concurrent.locks.LockSupport;

/// Platform daemon threads for background work, virtual ones for the callers' own; parking for
/// waits.
public final class SystemThreads implements Threads {

  /// Creates the starter of threads.
  public SystemThreads() {}

  @Override
  public Worker start(String name, Job job) {
    var worker = new Looping(job);
    worker.thread = Thread.ofPlatform().name(name).daemon().unstarted(worker);
    worker.thread.start();
    return worker;
  }

  @Override
  public void run(Runnable task) {
    var _ = Thread.startVirtualThread(task);
  }

  @Override
  public Parker parker() {
    return new ThreadParker(Thread.currentThread());
  }

  @Override
  public boolean virtual() {
    return Thread.currentThread().isVirtual();
  }

  @Override
  @SuppressWarnings(
      "ThreadPriorityCheck") // a hint is all that is wanted: the caller has a deadline
  public void giveWay() {
    Thread.yield();
  }

  /// `wanted` is set by those who wake and taken back before a round begins, so that no wake-up is
  /// lost.
  private static final class Looping implements Worker, Runnable {

    private static final long PAUSE_AFTER_FAILURE_NANOS = 10_000_000;

    private final Job job;
    private volatile boolean wanted;
    private volatile boolean stopped;
    private Thread thread = Thread.currentThread();

    Looping(Job job) {
      this.job = job;
    }

    @Override
    public void run() {
      while (!stopped) {
        wanted = false;
        long deadline = round();
        if (deadline > 0 && !wanted && !stopped) {
          LockSupport.parkNanos(this, deadline);
        }
      }
    }

    /// A round that fails does not end the thread: others may wait for the next one.
    private long round() {
      try {
        return job.run();
      } catch (RuntimeException | Error e) {
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        return PAUSE_AFTER_FAILURE_NANOS;
      }
    }

    @Override
    public void wake() {
      if (!wanted) {
        wanted = true;
        LockSupport.unpark(thread);
      }
    }

    @Override
    public void stop() {
      stopped = true;
      LockSupport.unpark(thread);
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private record ThreadParker(Thread thread) implements Parker {

    @Override
    public void park() {
      LockSupport.park(this);
    }

    @Override
    public long parkNanos(long nanos) {
      long start = System.nanoTime();
      LockSupport.parkNanos(this, nanos);
      return System.nanoTime() - start;
    }

    @Override
    public void unpark() {
      LockSupport.unpark(thread);
    }

    @Override
    public boolean interrupted() {
      return thread.isInterrupted();
    }

    @Override
    public boolean clearInterrupt() {
      return Thread.interrupted();
    }

    @Override
    public void interrupt() {
      thread.interrupt();
    }
  }
}
