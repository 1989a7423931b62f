package io.batpak.engine.commit;

import io.batpak.engine.frame.FrameDraft;
import io.batpak.engine.frame.LifecycleDrafts;
import io.batpak.engine.index.HiddenRanges;
import io.batpak.engine.platform.Clock;
import io.batpak.engine.platform.Entropy;
import io.batpak.engine.segment.SegmentLog;
import io.batpak.event.EventKind;
import io.batpak.event.Hash;
import io.batpak.event.Hlc;
import io.batpak.event.LifecycleKinds;
import io.batpak.failure.Closed;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.DiskFull;
import io.batpak.failure.FenceActive;
import io.batpak.failure.FenceEnded;
import io.batpak.failure.LimitExceeded;
import io.batpak.failure.StoreException;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The writer role and the commit steps. The role is the monitor of this object: whoever is inside
/// a synchronized method holds it.
///
/// What happens inside is small and straight: nothing calls user code, waits for a force or wakes a
/// thread. One holding of the role is a turn: first what was queued before it, then the caller's
/// own. Each request is decided, encoded and indexed at once, so that the next one sees it; the
/// frames of the whole turn then go to the file in one write, and become visible together.
///
/// For one request the steps are ordered so that everything that can fail for lack of room comes
/// before the first change: conditions, space in the file, room in the index. After that only the
/// write can fail, and a failed write stops the writer for good: nothing of the turn is visible.
/// What may have arrived in the file is taken back as far as the disk lets it; recovery cuts what
/// is not whole.
public final class Writer {

  /// What the state of the log is when a writer takes over.
  ///
  /// @param next the sequence of the next event
  /// @param lastHash event hash of the last event; zeros if there is none
  /// @param lastIdHigh upper half of its id; 0 if there is none
  /// @param lastIdLow lower half of its id
  /// @param lastCounter logical part of its clock
  /// @param lastCancelled sequence of the last event that cancelled a fence, or -1
  /// @param records what the library has to tell of before the first event of this process
  public record Resume(
      long next,
      Hash lastHash,
      long lastIdHigh,
      long lastIdLow,
      int lastCounter,
      long lastCancelled,
      List<FrameDraft> records) {}

  /// What may stay unforced.
  ///
  /// @param ageNanosMax the longest
  /// @param bytesMax the most
  public record Bound(long ageNanosMax, long bytesMax) {}

  /// The most that one turn takes from the queue on behalf of others: a fraction of a millisecond.
  static final int TURN_REQUESTS_MAX = 512;

  /// When to try again to write that a fence is over, on a disk that is full.
  private static final long FENCE_RETRY_NANOS = 100_000_000L;

  private final Path directory;
  private final SegmentLog log;
  private final Watermarks marks;
  private final SubmissionQueue queue;
  private final Clock clock;
  private final Bound bound;
  private final EventClock eventClock;
  private final Staging staging;
  private final Decider decider;
  private final Backlog backlog = new Backlog();
  private long lastCancelled;
  private List<FrameDraft> records;
  private volatile @Nullable FenceTicket fence;
  private volatile long fenceRetryNanos;
  private boolean closing;

  /// What is said of a commit that an error has ended. Made beforehand: the caller's stack or heap
  /// may have no room left.
  private final DiskFailed cutOff;

  private volatile boolean closed;
  private volatile @Nullable StoreException stopped;

  /// Creates the writer of an open store.
  ///
  /// @param directory the store, for messages
  /// @param log where frames go
  /// @param heads where entities are
  /// @param marks how far things are
  /// @param queue what others have submitted
  /// @param clock time
  /// @param entropy randomness for ids
  /// @param bound what may stay unforced
  /// @param resume where the log stands
  Writer(
      Path directory,
      SegmentLog log,
      Heads heads,
      Watermarks marks,
      SubmissionQueue queue,
      Clock clock,
      Entropy entropy,
      Bound bound,
      Resume resume) {
    this.directory = directory;
    this.log = log;
    this.marks = marks;
    this.queue = queue;
    this.clock = clock;
    this.bound = bound;
    this.eventClock =
        new EventClock(entropy, resume.lastIdHigh, resume.lastIdLow, resume.lastCounter);
    this.staging = new Staging(log, marks, heads, eventClock, resume.next, resume.lastHash);
    this.decider = new Decider(log, marks, heads);
    this.lastCancelled = resume.lastCancelled;
    this.records = resume.records;
    this.cutOff =
        new DiskFailed(directory, "a commit that ran out of its caller's stack or heap", null);
  }

  /// Refuses what can never be committed, and looks through the log as far as that can be done
  /// before the role is taken.
  ///
  /// @throws LimitExceeded if the frames do not fit half a segment
  void ask(CommitRequest request) {
    if (request.frameBytesMax() > log.commitBytesMax()) {
      throw new LimitExceeded(
          "bytes of one commit, half a segment", log.commitBytesMax(), request.frameBytesMax());
    }
    decider.ask(request);
  }

  /// Takes a turn for a request: what was queued before it, then the request.
  ///
  /// @param request asked before
  /// @param queuedEnd how much of the queue comes before it
  /// @param turn gets the outcome; {@link Outcome.Deferred} if the caller must first wait until
  ///   what has been written is durable
  /// @throws Closed if the store is closed
  /// @throws DiskFull if there is no room; nothing of the request has changed
  /// @throws DiskFailed if the write failed now or earlier
  /// @throws FenceActive if somebody else's fence is active
  /// @throws FenceEnded if the request's fence is not
  synchronized void commit(CommitRequest request, long queuedEnd, Turn turn) {
    refuseIfStopped();
    long nowNanos = clock.nanos();
    try {
      if (queue.takenEnd() < queuedEnd) {
        takeQueued(turn, nowNanos, queuedEnd);
        refuseIfStopped();
      }
      turn.own(
          turn.deferred() || boundStandsAgainst(nowNanos, request)
              ? Outcome.Deferred.INSTANCE
              : commitNow(request, turn, nowNanos));
    } finally {
      flush(turn, nowNanos);
    }
  }

  /// Takes a turn for what is queued, and for a fence whose time is up.
  ///
  /// @param turn gets the submissions taken
  /// @param countMax how many at most
  synchronized void commitQueued(Turn turn, int countMax) {
    stopIfBroken();
    long nowNanos = clock.nanos();
    try {
      if (stopped == null && !closed) {
        expireFenceIfPossible(turn, nowNanos);
      }
      takeQueued(turn, nowNanos, Math.min(queue.acceptedEnd(), queue.takenEnd() + countMax));
    } finally {
      flush(turn, nowNanos);
    }
  }

  private void takeQueued(Turn turn, long nowNanos, long end) {
    while (queue.takenEnd() < end) {
      Submission submission = queue.peek();
      if (submission == null) {
        return;
      }
      boolean open = stopped == null && !closed;
      if (open && boundStandsAgainst(nowNanos, submission.request())) {
        turn.defer();
        return;
      }
      turn.makeRoomForOneMore();
      var _ = queue.poll();
      turn.roomIsMade();
      if (submission.take()) {
        turn.take(submission);
        commit(submission, turn, nowNanos);
      }
    }
  }

  private void commit(Submission submission, Turn turn, long nowNanos) {
    try {
      refuseIfStopped();
      submission.outcome(commitNow(submission.request(), turn, nowNanos));
    } catch (StoreException e) {
      submission.failure(e);
    } catch (RuntimeException | Error e) {
      submission.failure(cutOff);
      throw e;
    }
  }

  private void refuseIfStopped() {
    if (closed) {
      throw new Closed(directory);
    }
    stopIfBroken();
    StoreException cause = stopped;
    if (cause != null) {
      Path file = cause instanceof DiskFailed failed ? failed.file() : directory;
      throw new DiskFailed(file, "an earlier write or force", cause);
    }
  }

  private void stopIfBroken() {
    if (staging.broken() && stopped == null) {
      stopped = cutOff;
    }
  }

  /// A commit larger than the bound is let through alone; its caller forces at once.
  private boolean boundStandsAgainst(long nowNanos, CommitRequest request) {
    return boundStandsAgainst(nowNanos, request.frameBytesMax());
  }

  private boolean boundStandsAgainst(long nowNanos, long frameBytes) {
    long unforced = frameBytes > bound.bytesMax ? 0 : backlog.bytes() + staging.bytes();
    return unforced > 0
        && !closing
        && (unforced + frameBytes > bound.bytesMax
            || backlog.ageNanos(nowNanos) >= bound.ageNanosMax);
  }

  /// Decides a request and, if it may be made, stages it.
  private Outcome commitNow(CommitRequest request, Turn turn, long nowNanos) {
    if (fence != null || request.fence() != null) {
      admit(request, turn, nowNanos);
    }
    if (!request.plain()) {
      boolean known = decider.knows(request);
      if (known) {
        flush(turn, nowNanos);
      }
      Outcome decided = decider.decide(request, staging.next(), known);
      if (decided != null) {
        return decided;
      }
    }
    if (!records.isEmpty()) {
      stageRecords(turn, nowNanos);
    }
    return stage(request, turn, nowNanos);
  }

  /// What opening has to tell comes before the first event.
  private void stageRecords(Turn turn, long nowNanos) {
    while (!records.isEmpty()) {
      FrameDraft record = records.getFirst();
      Outcome.Event event = tell(record, turn, nowNanos);
      if (record.kind() == LifecycleKinds.FENCE_CANCELLED.bits()) {
        lastCancelled = event.sequence();
      }
      records = records.subList(1, records.size());
    }
  }

  private Outcome.Event tell(FrameDraft record, Turn turn, long nowNanos) {
    var request = new CommitRequest(List.of(record), List.of(), false, null);
    Outcome.Event event = stage(request, turn, nowNanos).events().getFirst();
    turn.recorded(event.sequence());
    return event;
  }

  private Outcome.Committed stage(CommitRequest request, Turn turn, long nowNanos) {
    if (staging.broken()) {
      throw new DiskFailed(directory, "an earlier write", stopped);
    }
    long nowMillis = clock.wallMillis(nowNanos);
    int frameBytes = (int) request.frameBytesMax();
    if (!staging.hasRoom(frameBytes)) {
      flush(turn, nowNanos);
      makeRoom(frameBytes, nowMillis);
    }
    return staging.add(request, nowMillis);
  }

  private void makeRoom(int frameBytes, long nowMillis) {
    try {
      staging.makeRoom(frameBytes, nowMillis);
    } catch (DiskFailed e) {
      // A force may have failed, and what it has dropped no later force brings back.
      stop(e);
      throw e;
    }
  }

  /// Writes what is staged and lets it be seen.
  private void flush(Turn turn, long nowNanos) {
    int count;
    try {
      count = staging.write();
    } catch (StoreException e) {
      stop(e);
      fail(turn, e);
      throw e;
    }
    if (count == 0) {
      return;
    }
    long next = staging.next();
    marks.writtenRelease(next);
    if (fence == null) {
      marks.visibleRelease(next);
    }
    staging.written();
    // Between the written end and the look at who wants to know of it: either he sees the end, or
    // he is seen.
    VarHandle.fullFence();
    boolean first = backlog.add(nowNanos, count);
    if (first || marks.wanted(next)) {
      turn.syncerIsDue();
    }
    if (staging.upkeepDue()) {
      turn.upkeepIsDue();
    }
  }

  /// Tells those whose frames have not been written that they will not be, and those who were
  /// refused for the sake of such frames.
  void fail(Turn turn, StoreException cause) {
    long written = marks.writtenAcquire();
    for (Submission submission : turn.taken()) {
      Outcome outcome = submission.outcome();
      if (outcome != null && outcome.rests() >= written && !submission.failed()) {
        submission.failure(cause);
      }
    }
  }

  /// {@return what is said of a commit that an error ended}
  DiskFailed cutOff() {
    return cutOff;
  }

  private void admit(CommitRequest request, Turn turn, long nowNanos) {
    expireFence(turn, nowNanos);
    FenceTicket active = fence;
    FenceTicket own = request.fence();
    if (own != null && own != active) {
      throw new FenceEnded(own.begun());
    }
    if (own != null || active == null) {
      return;
    }
    throw new FenceActive(Duration.ofNanos(active.deadlineNanos() - nowNanos));
  }

  private void expireFenceIfPossible(Turn turn, long nowNanos) {
    try {
      expireFence(turn, nowNanos);
    } catch (StoreException e) {
      // On a full disk it is tried again, and whoever wants to write meanwhile gets this failure
      // himself; after any other the writer has stopped.
    }
  }

  private void expireFence(Turn turn, long nowNanos) {
    FenceTicket active = fence;
    if (active != null && nowNanos - active.deadlineNanos() >= 0) {
      try {
        cancel(active, turn, nowNanos);
      } catch (DiskFull e) {
        fenceRetryNanos = nowNanos + FENCE_RETRY_NANOS;
        throw e;
      }
    }
  }

  /// Begins a fence.
  ///
  /// @param nanos how long it may last
  /// @param queuedEnd how much of the queue comes before it
  /// @param turn gets what is left to do
  /// @return the fence, or null if the bound stands against it or against what is queued before it
  /// @throws FenceActive if there is one
  synchronized @Nullable FenceTicket beginFence(long nanos, long queuedEnd, Turn turn) {
    refuseIfStopped();
    long nowNanos = clock.nanos();
    try {
      takeQueued(turn, nowNanos, queuedEnd);
      if (turn.deferred()) {
        return null;
      }
      refuseIfStopped();
      expireFence(turn, nowNanos);
      FenceTicket active = fence;
      if (active != null) {
        throw new FenceActive(Duration.ofNanos(active.deadlineNanos() - nowNanos));
      }
      long frameBytes = fenceRecord(LifecycleKinds.FENCE_BEGUN, -1).frameBytesMax();
      if (boundStandsAgainst(nowNanos, frameBytes)) {
        return null;
      }
      stageRecords(turn, nowNanos);
      var begins = new FenceTicket(staging.next(), nowNanos + nanos);
      var _ = tell(fenceRecord(LifecycleKinds.FENCE_BEGUN, -1), turn, nowNanos);
      flush(turn, nowNanos);
      fenceRetryNanos = begins.deadlineNanos();
      fence = begins;
      return begins;
    } finally {
      flush(turn, nowNanos);
    }
  }

  /// Lets what a fence held be seen.
  ///
  /// @param ticket the fence
  /// @param turn gets what is left to do
  /// @return the event that says so, or null if the fence has ended otherwise
  synchronized Outcome.@Nullable Event commitFence(FenceTicket ticket, Turn turn) {
    refuseIfStopped();
    long nowNanos = clock.nanos();
    try {
      expireFence(turn, nowNanos);
      if (fence != ticket) {
        return null;
      }
      FrameDraft record = fenceRecord(LifecycleKinds.FENCE_COMMITTED, ticket.begun());
      Outcome.Event event = tell(record, turn, nowNanos);
      fence = null;
      turn.endFence(ticket);
      return event;
    } finally {
      flush(turn, nowNanos);
    }
  }

  /// Hides what a fence held, for good. Nothing happens if it has ended.
  ///
  /// @param ticket the fence
  /// @param turn gets what is left to do
  synchronized void cancelFence(FenceTicket ticket, Turn turn) {
    if (fence != ticket || stopped != null) {
      // After a failure nothing of it is ever seen: the next opening finds a fence without an end.
      return;
    }
    refuseIfStopped();
    long nowNanos = clock.nanos();
    try {
      cancel(ticket, turn, nowNanos);
    } finally {
      flush(turn, nowNanos);
    }
  }

  private void cancel(FenceTicket active, Turn turn, long nowNanos) {
    FrameDraft record = fenceRecord(LifecycleKinds.FENCE_CANCELLED, active.begun());
    long end = staging.next();
    long from = active.begun() + 1;
    HiddenRanges hidden = from < end ? marks.hidden().with(from, end) : marks.hidden();
    var _ = tell(record, turn, nowNanos);
    // Only assignments from here on: a fence that is told of and goes on would be two fences.
    lastCancelled = end;
    marks.hide(hidden);
    fence = null;
    turn.endFence(active);
  }

  private FrameDraft fenceRecord(EventKind kind, long begun) {
    return LifecycleDrafts.fence(kind, new LifecycleDrafts.Fence(begun, lastCancelled));
  }

  /// {@return the active fence; no turn is under way, so that without one all that is written can
  /// be seen}
  synchronized @Nullable FenceTicket fence() {
    return fence;
  }

  /// {@return whether the time of a fence is up and it can be ended}
  boolean fenceOverdue() {
    return fence != null && stopped == null && clock.nanos() - fenceRetryNanos >= 0;
  }

  /// {@return nanoseconds until a fence must end, or `Long.MAX_VALUE`}
  long fenceDueNanos() {
    return fence == null || stopped != null
        ? Long.MAX_VALUE
        : Math.max(0, fenceRetryNanos - clock.nanos());
  }

  /// Takes a remote time in: what is committed from now on is later.
  ///
  /// @param remote the time
  /// @return the time that has been reached
  synchronized Hlc observe(Hlc remote) {
    refuseIfStopped();
    return eventClock.observe(remote);
  }

  /// Ends all writing: a write or a force has failed.
  ///
  /// @param cause the failure
  public synchronized void stop(StoreException cause) {
    if (stopped == null) {
      stopped = cause;
    }
  }

  /// {@return whether the store is closed for writing}
  boolean closed() {
    return closed;
  }

  /// {@return why writing has ended, or null}
  public @Nullable StoreException stopped() {
    return stopped;
  }

  /// Ends all writing: commits what is queued, ends a fence, and refuses what comes later.
  ///
  /// @param turn gets the submissions taken
  /// @return whether this call did it
  synchronized boolean close(Turn turn) {
    if (closed) {
      return false;
    }
    stopIfBroken();
    long nowNanos = clock.nanos();
    closing = true;
    try {
      takeQueued(turn, nowNanos, queue.acceptedEnd());
      FenceTicket active = fence;
      if (active != null && stopped == null) {
        cancel(active, turn, nowNanos);
      }
    } catch (DiskFull e) {
      // The next opening finds a fence without an end, which is as good as a cancelled one.
    } finally {
      try {
        flush(turn, nowNanos);
      } finally {
        closed = true;
      }
    }
    return true;
  }

  /// {@return the sequence behind the last event written; what comes later is not covered by the
  /// force that begins}
  synchronized long forceBegins() {
    stopIfBroken();
    backlog.forceBegins();
    return marks.writtenAcquire();
  }

  synchronized void forceEnds() {
    backlog.forceEnds();
  }

  /// {@return nanoseconds until frames should be forced so that the bound holds with time to spare;
  /// 0 for now, and `Long.MAX_VALUE` if there are none}
  synchronized long forceDueNanos() {
    long age = backlog.newAgeNanos(clock.nanos());
    if (age < 0 || bound.ageNanosMax == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    return backlog.newBytes() >= bound.bytesMax / 2 ? 0 : Math.max(0, bound.ageNanosMax / 2 - age);
  }
}
