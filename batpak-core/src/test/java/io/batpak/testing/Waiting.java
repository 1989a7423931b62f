package io.batpak.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for a condition, with a deadline. The pause between two looks is no synchronisation: the
/// condition alone decides.
public final class Waiting {

  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final long PAUSE_NANOS = 500_000;

  private Waiting() {}

  /// Returns when a condition holds.
  ///
  /// @param what the condition in words, for the failure
  /// @param condition asked again and again
  /// @throws AssertionError if it does not hold within 30 seconds
  public static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + DEADLINE + ": " + what);
      }
      pause();
    }
  }

  /// Lets others run before another look or another try.
  public static void pause() {
    LockSupport.parkNanos(PAUSE_NANOS);
  }

  /// Waits until threads have ended.
  ///
  /// @param threads started
  /// @throws InterruptedException if this one is interrupted
  /// @throws AssertionError if one still runs after 60 seconds
  public static void join(Iterable<Thread> threads) throws InterruptedException {
    long deadline = System.nanoTime() + 2 * DEADLINE.toNanos();
    for (Thread thread : threads) {
      Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
      if (!thread.join(left)) {
        var stuck = new AssertionError("still runs: " + thread);
        stuck.setStackTrace(thread.getStackTrace());
        throw stuck;
      }
    }
  }
}
