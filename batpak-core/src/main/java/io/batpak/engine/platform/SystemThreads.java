package io.batpak.engine.platform;

import java.util.concurrent.locks.LockSupport;

/// Platform daemon threads for background work; parking for waits.
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
        long deadline = job.run();
        if (deadline > 0 && !wanted && !stopped) {
          LockSupport.parkNanos(this, deadline);
        }
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
    public void unpark() {
      LockSupport.unpark(thread);
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
