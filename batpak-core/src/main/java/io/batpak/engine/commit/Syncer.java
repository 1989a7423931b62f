package io.batpak.engine.commit;

import io.batpak.engine.platform.Clock;
import io.batpak.engine.platform.Threads;
import io.batpak.engine.platform.Threads.Parker;
import io.batpak.engine.segment.SegmentLog;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.StoreException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Makes what was written durable: one force for all that wait.
///
/// A lone platform caller forces itself, since nobody is faster than no hand-over. As soon as
/// others wait, and for virtual callers always, one background thread forces for all. If its last
/// force served several, it waits a moment for as many to come again: otherwise two half-batches
/// would alternate, and everyone would wait for two forces (Bench, durable shapes).
///
/// A failed force is final. Nothing written since the last good one is reported durable, and the
/// writer stops.
public final class Syncer {

  private static final long LINGER_NANOS_MAX = 40_000;

  private final Path directory;
  private final SegmentLog log;
  private final Writer writer;
  private final Watermarks marks;
  private final Threads threads;
  private final Clock clock;
  private final ReentrantLock forcing = new ReentrantLock();

  /// A stack of those who wait (Treiber, 1986).
  private final AtomicReference<@Nullable Waiter> waiters = new AtomicReference<>();

  private final AtomicInteger waiting = new AtomicInteger();
  private Runnable wake = () -> {};
  private int lastServed;
  private volatile boolean ended;

  /// Creates the syncer of an open store.
  ///
  /// @param directory the store, for messages
  /// @param log what is forced
  /// @param writer is told of each force
  /// @param marks how far things are
  /// @param threads waiting
  /// @param clock time
  public Syncer(
      Path directory,
      SegmentLog log,
      Writer writer,
      Watermarks marks,
      Threads threads,
      Clock clock) {
    this.directory = directory;
    this.log = log;
    this.writer = writer;
    this.marks = marks;
    this.threads = threads;
    this.clock = clock;
  }

  private static final class Waiter {
    final long sequence;
    final Parker parker;
    @Nullable Waiter below;
    volatile boolean done;

    Waiter(long sequence, Parker parker) {
      this.sequence = sequence;
      this.parker = parker;
    }
  }

  /// Sets what wakes the background thread that calls {@link #round}.
  ///
  /// @param wake wakes it
  public void doorbell(Runnable wake) {
    this.wake = wake;
  }

  /// Returns when an event is durable. An interrupt does not end the wait, since the event is
  /// committed; the flag is set again afterwards.
  ///
  /// @param sequence the event; written
  /// @throws DiskFailed if a force failed, now or earlier
  public void awaitDurable(long sequence) {
    if (marks.durableAcquire() > sequence) {
      return;
    }
    StackRoom.require();
    if (!threads.virtual() && waiting.get() == 0 && forcing.tryLock()) {
      try {
        if (marks.durableAcquire() <= sequence) {
          force();
        }
      } finally {
        forcing.unlock();
      }
      if (waiting.get() > 0) {
        wake.run();
      }
      return;
    }
    join(sequence);
  }

  /// Returns when everything that is visible now is durable.
  ///
  /// @throws DiskFailed if a force failed, now or earlier
  public void awaitAll() {
    awaitDurable(marks.visibleAcquire() - 1);
  }

  private void join(long sequence) {
    var waiter = new Waiter(sequence, threads.parker());
    push(waiter);
    wake.run();
    if (ended) {
      answerNow();
    }
    boolean interrupted = false;
    while (!waiter.done) {
      waiter.parker.park();
      interrupted |= waiter.parker.clearInterrupt();
    }
    if (interrupted) {
      waiter.parker.interrupt();
    }
    if (marks.durableAcquire() <= sequence) {
      throw failure();
    }
  }

  private DiskFailed failure() {
    StoreException cause = writer.stopped();
    Path file = cause instanceof DiskFailed failed ? failed.file() : directory;
    return new DiskFailed(file, "force what was written", cause);
  }

  private void push(Waiter waiter) {
    waiting.incrementAndGet();
    Waiter top;
    do {
      top = waiters.get();
      waiter.below = top;
    } while (!waiters.compareAndSet(top, waiter));
  }

  /// Answers everyone who still waits; from now on nobody waits for a background thread. Everything
  /// committed has been forced, or the writer has stopped.
  public void end() {
    ended = true;
    answerNow();
  }

  private void answerNow() {
    forcing.lock();
    try {
      answer();
    } finally {
      forcing.unlock();
    }
  }

  /// Makes everything written so far durable. A virtual caller waits for the background thread: a
  /// force of its own would hold its carrier.
  ///
  /// @throws DiskFailed if a force failed, now or earlier
  public void sync() {
    if (!threads.virtual()) {
      forceNow();
    } else if (writer.stopped() != null) {
      throw failure();
    } else {
      awaitAll();
    }
  }

  /// Forces now, whether or not anybody waits.
  public void forceNow() {
    forcing.lock();
    try {
      force();
    } finally {
      forcing.unlock();
    }
  }

  /// Forces everything written so far and answers those who wait for it. For the holder of the
  /// lock.
  private void force() {
    StoreException before = writer.stopped();
    if (before != null) {
      answer();
      throw failure();
    }
    long end = writer.forceBegins();
    if (end > marks.durableAcquire()) {
      try {
        log.force();
      } catch (StoreException e) {
        writer.stop(e);
        answer();
        throw e;
      } catch (RuntimeException | Error e) {
        writer.stop(new DiskFailed(directory, "force what was written", e));
        answer();
        throw e;
      }
      marks.durableRelease(end);
    }
    writer.forceEnds();
    answer();
  }

  /// Wakes everyone whose event is durable; after a failure, everyone.
  private void answer() {
    long durable = marks.durableAcquire();
    boolean failed = ended || writer.stopped() != null;
    int served = 0;
    Waiter waiter = waiters.getAndSet(null);
    while (waiter != null) {
      Waiter below = waiter.below;
      waiting.decrementAndGet();
      if (failed || waiter.sequence < durable) {
        waiter.done = true;
        waiter.parker.unpark();
        served++;
      } else {
        push(waiter);
      }
      waiter = below;
    }
    lastServed = served;
  }

  /// One round of the background thread: forces if somebody waits or the bound is near.
  ///
  /// @return nanoseconds until the next round if nobody wakes it before
  public long round() {
    boolean wanted = waiting.get() > 0;
    if (wanted) {
      linger();
    }
    if (!wanted && (writer.stopped() != null || writer.forceDueNanos() > 0)) {
      return writer.stopped() != null ? Long.MAX_VALUE : writer.forceDueNanos();
    }
    try {
      forceNow();
    } catch (StoreException e) {
      // The writer has stopped with this failure, and everyone who waited has been told.
      return Long.MAX_VALUE;
    }
    return waiting.get() > 0 ? 0 : writer.forceDueNanos();
  }

  private void linger() {
    if (lastServed < 2) {
      return;
    }
    long deadline = clock.nanos() + LINGER_NANOS_MAX;
    while (waiting.get() < lastServed && clock.nanos() < deadline) {
      threads.giveWay();
    }
  }
}
