package io.batpak.engine.commit;

import io.batpak.engine.platform.Threads;
import io.batpak.engine.platform.Threads.Parker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Something that ends once, and that any number of threads wait for.
///
/// Those who wait stand on a stack (Treiber, 1986). Whoever completes it takes the whole stack and
/// wakes everyone on it; one who comes later finds it complete, since he looks again after he has
/// joined.
final class Completion {

  private static final VarHandle WAITERS;

  static {
    try {
      WAITERS = MethodHandles.lookup().findVarHandle(Completion.class, "waiters", Waiter.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final class Waiter {
    final @Nullable Parker parker;
    @Nullable Waiter below;

    Waiter(@Nullable Parker parker) {
      this.parker = parker;
    }
  }

  /// What stands in place of the stack once it is complete.
  private static final Waiter DONE = new Waiter(null);

  @SuppressWarnings("unused") // through WAITERS
  private volatile @Nullable Waiter waiters;

  boolean done() {
    return waiters == DONE;
  }

  /// Ends it. What was written before is seen by all who find it done.
  void complete() {
    Waiter waiter = (Waiter) WAITERS.getAndSet(this, DONE);
    while (waiter != null && waiter != DONE) {
      Parker parker = waiter.parker;
      if (parker != null) {
        parker.unpark();
      }
      waiter = waiter.below;
    }
  }

  /// Returns when it is done, whatever interrupts the thread; the flag is set again afterwards.
  void join(Threads threads) {
    if (done()) {
      return;
    }
    Parker parker = threads.parker();
    boolean interrupted = false;
    enter(parker);
    while (!done()) {
      parker.park();
      interrupted |= parker.clearInterrupt();
    }
    if (interrupted) {
      parker.interrupt();
    }
  }

  /// How a wait that may be broken off ended.
  enum Ended {
    DONE,
    TIMED_OUT,
    INTERRUPTED
  }

  /// Waits until it is done, the thread is interrupted, or time is up. An interrupt leaves the flag
  /// set.
  ///
  /// @param threads waiting
  /// @param nanos how long; `Long.MAX_VALUE` for no limit
  Ended await(Threads threads, long nanos) {
    if (done()) {
      return Ended.DONE;
    }
    Parker parker = threads.parker();
    if (parker.interrupted()) {
      return Ended.INTERRUPTED;
    }
    enter(parker);
    long left = nanos;
    while (!done()) {
      if (left <= 0) {
        return Ended.TIMED_OUT;
      }
      // Without a timer where none is needed: virtual threads pay for it.
      left = nanos == Long.MAX_VALUE ? parkUntimed(parker) : left - parker.parkNanos(left);
      if (!done() && parker.interrupted()) {
        return Ended.INTERRUPTED;
      }
    }
    return Ended.DONE;
  }

  private static long parkUntimed(Parker parker) {
    parker.park();
    return Long.MAX_VALUE;
  }

  /// One who gives up stays on the stack and is woken for nothing, once.
  private void enter(Parker parker) {
    var waiter = new Waiter(parker);
    Waiter top;
    do {
      top = waiters;
      if (top == DONE) {
        return;
      }
      waiter.below = top;
    } while (!WAITERS.compareAndSet(this, top, waiter));
  }
}
