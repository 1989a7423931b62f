package io.batpak.engine.commit;

import io.batpak.engine.frame.FrameDraft;
import io.batpak.engine.frame.LifecycleDrafts;
import io.batpak.engine.index.EventRow;
import io.batpak.engine.index.HiddenRanges;
import io.batpak.engine.platform.Clock;
import io.batpak.event.EventKind;
import io.batpak.event.LifecycleKinds;
import io.batpak.failure.DiskFull;
import io.batpak.failure.FenceActive;
import io.batpak.failure.FenceEnded;
import io.batpak.failure.StoreException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The visibility fence, of which there is one at a time. For the holder of the writer role, but
/// for {@link #active}, {@link #overdue} and {@link #dueNanos}.
///
/// A fence is three sorts of events of the library's own: it has begun, it was committed, it was
/// cancelled. While it is active only its owner commits, and the visible end stands still. Each of
/// its events names the last cancellation before it, so that an opening finds what is hidden.
final class Fences {

  /// When to try again to write that a fence is over, on a disk that is full.
  private static final long RETRY_NANOS = 100_000_000L;

  private final Watermarks marks;
  private final Clock clock;
  private long lastCancelled;
  private volatile @Nullable FenceTicket active;
  private volatile long retryNanos;

  /// Stages events of the library's own.
  interface Records {

    /// Stages one behind what is staged.
    ///
    /// @param record what it says
    /// @param turn whose event it is
    /// @return where it stands
    EventRow stage(FrameDraft record, Turn turn);

    /// {@return the sequence that the next event gets}
    long next();
  }

  Fences(Watermarks marks, Clock clock, long lastCancelled) {
    this.marks = marks;
    this.clock = clock;
    this.lastCancelled = lastCancelled;
  }

  /// {@return the active fence, or null}
  @Nullable FenceTicket active() {
    return active;
  }

  /// Notes a cancellation that opening has found.
  void cancelledAt(long sequence) {
    lastCancelled = sequence;
  }

  /// {@return what the beginning of a fence would say}
  FrameDraft beginning() {
    return record(LifecycleKinds.FENCE_BEGUN, -1);
  }

  /// Refuses a commit that does not belong to the active fence, or belongs to one that has ended.
  void admit(CommitRequest request, Turn turn, Records records) {
    expire(turn, records);
    FenceTicket now = active;
    FenceTicket own = request.fence();
    if (own != null && own != now) {
      throw new FenceEnded(own.begun());
    }
    if (own == null) {
      refuseIfActive(turn);
    }
  }

  /// Refuses what does not go together with an active fence.
  void refuseIfActive(Turn turn) {
    FenceTicket now = active;
    if (now != null) {
      throw new FenceActive(Duration.ofNanos(now.deadlineNanos() - turn.nowNanos()));
    }
  }

  /// Begins a fence; none is active. Becomes active when {@link #activate} is called.
  FenceTicket begin(long nanos, Turn turn, Records records) {
    var begins = new FenceTicket(records.next(), turn.nowNanos() + nanos);
    var _ = records.stage(beginning(), turn);
    return begins;
  }

  /// Activates a fence whose beginning is visible.
  void activate(FenceTicket begun) {
    retryNanos = begun.deadlineNanos();
    active = begun;
  }

  /// Lets what the fence held be seen.
  ///
  /// @return the event that says so, or null if the fence has ended otherwise
  @Nullable EventRow commit(FenceTicket fence, Turn turn, Records records) {
    expire(turn, records);
    if (active != fence) {
      return null;
    }
    EventRow event = records.stage(record(LifecycleKinds.FENCE_COMMITTED, fence.begun()), turn);
    active = null;
    turn.endFence(fence);
    return event;
  }

  /// Hides what the fence held, permanently.
  void cancel(FenceTicket fence, Turn turn, Records records) {
    FrameDraft record = record(LifecycleKinds.FENCE_CANCELLED, fence.begun());
    long end = records.next();
    long from = fence.begun() + 1;
    HiddenRanges hidden = from < end ? marks.hidden().with(from, end) : marks.hidden();
    var _ = records.stage(record, turn);
    // Only assignments from here on: an error in between would leave an ended fence active.
    lastCancelled = end;
    marks.hide(hidden);
    active = null;
    turn.endFence(fence);
  }

  /// Cancels the fence if its time is up.
  ///
  /// @throws DiskFull if there is no room to say so; it is tried again
  void expire(Turn turn, Records records) {
    FenceTicket now = active;
    if (now != null && turn.nowNanos() - now.deadlineNanos() >= 0) {
      try {
        cancel(now, turn, records);
      } catch (DiskFull e) {
        retryNanos = turn.nowNanos() + RETRY_NANOS;
        throw e;
      }
    }
  }

  /// Cancels the fence if its time is up and that is possible.
  void expireIfPossible(Turn turn, Records records) {
    try {
      expire(turn, records);
    } catch (StoreException e) {
      // On a full disk it is tried again, and a caller that wants to write meanwhile gets this
      // failure; after any other failure the writer has stopped.
    }
  }

  private FrameDraft record(EventKind kind, long begun) {
    return LifecycleDrafts.fence(kind, new LifecycleDrafts.Fence(begun, lastCancelled));
  }

  /// {@return whether the time of the fence is up and it can be ended}
  boolean overdue() {
    return active != null && clock.nanos() - retryNanos >= 0;
  }

  /// {@return nanoseconds until the fence must end, or `Long.MAX_VALUE`}
  long dueNanos() {
    return active == null ? Long.MAX_VALUE : Math.max(0, retryNanos - clock.nanos());
  }
}
