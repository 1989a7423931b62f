package io.batpak.engine.commit;

import io.batpak.engine.platform.Clock;
import io.batpak.engine.platform.Threads;
import io.batpak.engine.segment.SegmentLog;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.Interrupted;
import io.batpak.failure.StoreException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Makes what was written durable: one force for all that wait.
///
/// A lone platform caller forces itself, since nobody is faster than no hand-over. As soon as
/// others wait, and for virtual callers always, one background thread commits what they have queued
/// and forces for all. If its last force served several, it waits a moment for as many to come
/// again: otherwise two half-batches would alternate, and everyone would wait for two forces
/// (Bench, durable shapes).
///
/// A failed force is final. Nothing written since the last good one is reported durable, and the
/// writer stops.
public final class Syncer {

  private static final long LINGER_NANOS_MAX = 40_000;

  private final Path directory;
  private final SegmentLog log;
  private final Writer writer;
  private final SubmissionQueue queue;
  private final Watermarks marks;
  private final Threads threads;
  private final Clock clock;
  private final ReentrantLock forcing = new ReentrantLock();

  /// A stack of those whose events have been written (Treiber, 1986).
  private final AtomicReference<@Nullable Waiter> waiters = new AtomicReference<>();

  /// A stack of those who wait for sequences that had not been written when they were looked at.
  private final AtomicReference<@Nullable Waiter> early = new AtomicReference<>();

  private final AtomicInteger waiting = new AtomicInteger();
  private Runnable wake = () -> {};
  private Runnable commitQueued = () -> {};
  private int lastServed;
  private volatile boolean ended;

  /// Creates the syncer of an open store.
  ///
  /// @param directory the store, for messages
  /// @param log what is forced
  /// @param writer is told of each force
  /// @param queue what is on its way
  /// @param marks how far things are
  /// @param threads waiting
  /// @param clock time
  Syncer(
      Path directory,
      SegmentLog log,
      Writer writer,
      SubmissionQueue queue,
      Watermarks marks,
      Threads threads,
      Clock clock) {
    this.directory = directory;
    this.log = log;
    this.writer = writer;
    this.queue = queue;
    this.marks = marks;
    this.threads = threads;
    this.clock = clock;
  }

  private static final class Waiter {
    final long sequence;
    final Completion completion;
    @Nullable Waiter below;

    Waiter(long sequence, Completion completion) {
      this.sequence = sequence;
      this.completion = completion;
    }
  }

  /// Sets what wakes the background thread that calls {@link #round}, and what it runs before it
  /// forces for others.
  void doorbell(Runnable wake, Runnable commitQueued) {
    this.wake = wake;
    this.commitQueued = commitQueued;
  }

  /// {@return whether a durable commit of the calling thread had better be made by the background
  /// thread, together with those of others}
  boolean shared() {
    return threads.virtual() || waiting.get() > 0 || queue.durables() > 0 || forcing.isLocked();
  }

  /// Returns when an event is durable. An interrupt does not end the wait, since the event is
  /// committed; the flag is set again afterwards.
  ///
  /// @param sequence the event; written
  /// @throws DiskFailed if a force failed, now or earlier
  void awaitDurable(long sequence) {
    if (marks.durableAcquire() > sequence) {
      return;
    }
    StackRoom.require();
    log.durableWanted();
    if (forcedAlone(sequence)) {
      return;
    }
    var completion = new Completion();
    notify(sequence, completion);
    completion.join(threads);
    if (marks.durableAcquire() <= sequence) {
      throw failure();
    }
  }

  private boolean forcedAlone(long sequence) {
    if (threads.virtual() || waiting.get() > 0 || !forcing.tryLock()) {
      return false;
    }
    try {
      if (marks.durableAcquire() <= sequence) {
        force();
      }
    } finally {
      forcing.unlock();
    }
    if (waiting.get() > 0 || queue.durables() > 0) {
      wake.run();
    }
    return true;
  }

  /// Returns when everything that has been written is durable. Nothing of the caller's has been, so
  /// that an interrupt ends the wait.
  ///
  /// @throws DiskFailed if a force failed, now or earlier
  /// @throws Interrupted if the thread was interrupted
  void awaitBacklog() {
    StackRoom.require();
    long sequence = marks.writtenAcquire() - 1;
    if (marks.durableAcquire() > sequence || forcedAlone(sequence)) {
      return;
    }
    var completion = new Completion();
    notify(sequence, completion);
    if (awaitOrGiveUp(completion, Long.MAX_VALUE) == Completion.Ended.INTERRUPTED) {
      throw new Interrupted(
          "waiting until less is unforced, as the sync policy wants it", "nothing was written");
    }
    if (marks.durableAcquire() <= sequence) {
      throw failure();
    }
  }

  /// How a wait for durability ended.
  public enum Waited {
    /// The event is durable.
    REACHED,
    /// Time is up.
    TIMED_OUT,
    /// The store has failed or was closed: the event will not become durable.
    STOPPED
  }

  /// Waits until an event is durable, written already or not.
  ///
  /// @param sequence the event
  /// @param nanos how long at most; `Long.MAX_VALUE` for no limit
  /// @return how it ended
  /// @throws Interrupted if the thread was interrupted
  Waited await(long sequence, long nanos) {
    if (marks.durableAcquire() > sequence) {
      return Waited.REACHED;
    }
    if (ended || writer.stopped() != null) {
      return Waited.STOPPED;
    }
    var completion = new Completion();
    if (marks.writtenAcquire() > sequence) {
      notify(sequence, completion);
    } else {
      notifyEarly(sequence, completion);
    }
    Completion.Ended end = awaitOrGiveUp(completion, nanos);
    if (marks.durableAcquire() > sequence) {
      return Waited.REACHED;
    }
    return switch (end) {
      case DONE -> Waited.STOPPED;
      case TIMED_OUT -> Waited.TIMED_OUT;
      case INTERRUPTED ->
          throw new Interrupted("waiting for durability", "what was committed stays committed");
    };
  }

  /// One who gives up completes it himself: that takes him off the stack at the next round.
  private Completion.Ended awaitOrGiveUp(Completion completion, long nanos) {
    Completion.Ended end = completion.await(threads, nanos);
    if (end != Completion.Ended.DONE) {
      completion.complete();
    }
    return end;
  }

  /// Completes something when an event is durable, or when that will never be.
  ///
  /// @param sequence the event; written
  void notify(long sequence, Completion completion) {
    var waiter = new Waiter(sequence, completion);
    waiting.incrementAndGet();
    push(waiters, waiter);
    wake.run();
    if (ended) {
      answerNow();
    }
  }

  private void notifyEarly(long sequence, Completion completion) {
    push(early, new Waiter(sequence, completion));
    marks.want(sequence);
    // The event may have been written meanwhile, by one who did not know that it was wanted.
    wake.run();
    if (ended) {
      answerNow();
    }
  }

  /// What is said of an event that a force has failed for.
  DiskFailed failure() {
    StoreException cause = writer.stopped();
    Path file = cause instanceof DiskFailed failed ? failed.file() : directory;
    return new DiskFailed(file, "force what was written", cause);
  }

  private static void push(AtomicReference<@Nullable Waiter> stack, Waiter waiter) {
    Waiter top;
    do {
      top = stack.get();
      waiter.below = top;
    } while (!stack.compareAndSet(top, waiter));
  }

  /// Answers everyone who still waits; from now on nobody waits for a background thread. Everything
  /// committed has been forced, or the writer has stopped.
  void end() {
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
  void sync() {
    StackRoom.require();
    if (!threads.virtual()) {
      forceNow();
    } else if (writer.stopped() != null) {
      throw failure();
    } else {
      awaitDurable(marks.writtenAcquire() - 1);
    }
  }

  /// Forces now, whether or not anybody waits.
  void forceNow() {
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
    }
    // Before the mark moves: one who saw the mark, and the bound still against him, would not wait
    // but try again and again, on a carrier that others may need to let this thread go on.
    writer.forceEnds();
    marks.durableRelease(end);
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
      if (failed || waiter.sequence < durable || waiter.completion.done()) {
        waiting.decrementAndGet();
        waiter.completion.complete();
        served++;
      } else {
        push(waiters, waiter);
      }
      waiter = below;
    }
    if (failed) {
      answerEarly();
    }
    lastServed = served;
  }

  private void answerEarly() {
    for (Waiter waiter = early.getAndSet(null); waiter != null; waiter = waiter.below) {
      waiter.completion.complete();
    }
  }

  /// Sorts those who came early: some of their events may have been written by now.
  private void sortEarly() {
    if (early.get() == null) {
      return;
    }
    marks.wantNothing();
    Waiter waiter = early.getAndSet(null);
    while (waiter != null) {
      Waiter below = waiter.below;
      if (marks.writtenAcquire() > waiter.sequence) {
        waiting.incrementAndGet();
        push(waiters, waiter);
      } else if (!waiter.completion.done()) {
        push(early, waiter);
        marks.want(waiter.sequence);
        if (marks.writtenAcquire() > waiter.sequence) {
          // Written before the wish was known.
          wake.run();
        }
      }
      waiter = below;
    }
  }

  /// One round of the background thread: forces if somebody waits or the bound is near, and ends a
  /// fence whose time is up.
  ///
  /// @return nanoseconds until the next round if nobody wakes it before
  long round() {
    sortEarly();
    boolean wanted = waiting.get() > 0 || queue.durables() > 0;
    if (wanted) {
      log.durableWanted();
      linger();
    }
    if (wanted || writer.fenceOverdue()) {
      commitQueued.run();
    }
    if (!wanted && writer.stopped() != null) {
      answerNow();
      return Long.MAX_VALUE;
    }
    if (!wanted && writer.forceDueNanos() > 0) {
      return dueNanos();
    }
    try {
      forceNow();
    } catch (StoreException e) {
      // The writer has stopped with this failure, and everyone who waited has been told; what is
      // queued is told by the next turn.
      return queue.empty() ? Long.MAX_VALUE : 0;
    }
    return waiting.get() > 0 || queue.durables() > 0 ? 0 : dueNanos();
  }

  private long dueNanos() {
    return Math.min(writer.forceDueNanos(), writer.fenceDueNanos());
  }

  private void linger() {
    if (lastServed < 2) {
      return;
    }
    long deadline = clock.nanos() + LINGER_NANOS_MAX;
    while (waiting.get() + queue.durables() < lastServed && clock.nanos() < deadline) {
      threads.giveWay();
    }
  }
}
