package io.batpak.engine.platform;

/// Background work and waiting.
public interface Threads {

  /// Starts a background thread that runs a job again and again.
  ///
  /// @param name of the thread
  /// @param job what it runs
  /// @return the handle to wake and stop it
  Worker start(String name, Job job);

  /// Runs something of the caller's, once, on a thread that is none of the store's.
  ///
  /// @param task may block
  void run(Runnable task);

  /// {@return a handle by which the calling thread waits and others wake it}
  Parker parker();

  /// {@return whether the calling thread is virtual, so that it must not block its carrier}
  boolean virtual();

  /// Gives other threads a chance to run.
  void giveWay();

  /// One round of background work.
  interface Job {

    /// Runs one round.
    ///
    /// @return nanoseconds until the next round if nobody wakes the worker before; 0 for at once
    long run();
  }

  /// A background thread.
  interface Worker {

    /// Runs the job soon, also when it is running now. Costs microseconds when the thread is
    /// parked.
    void wake();

    /// Lets the running round finish, then ends the thread and waits until it has ended. Not to be
    /// called by itself.
    void stop();
  }

  /// The waiting of one thread.
  interface Parker {

    /// Waits until {@link #unpark()}, or for no reason at all. Returns at once if the thread's
    /// interrupt flag is set, without clearing it.
    void park();

    /// Waits like {@link #park()}, and no longer than a time.
    ///
    /// @param nanos the longest, above 0
    /// @return how long it waited, in nanoseconds
    long parkNanos(long nanos);

    /// Ends the wait, or the next one. For any thread.
    void unpark();

    /// {@return whether the thread was interrupted; leaves the flag}
    boolean interrupted();

    /// {@return whether the thread was interrupted; clears the flag}
    boolean clearInterrupt();

    /// Sets the interrupt flag of the thread, which must be the calling one.
    void interrupt();
  }
}
