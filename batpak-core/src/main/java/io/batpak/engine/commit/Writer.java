package io.batpak.engine.commit;

import io.batpak.engine.frame.FrameDraft;
import io.batpak.engine.index.EventRow;
import io.batpak.engine.platform.Clock;
import io.batpak.engine.platform.Entropy;
import io.batpak.engine.segment.SegmentLog;
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

  /// A bell: something is to be forced, or somebody waits for what has been written.
  static final int SYNCER = 1;

  /// A bell: frames are to be drained, space to be made, a segment to be sealed.
  static final int UPKEEP = 1 << 1;

  private final Path directory;
  private final SegmentLog log;
  private final Watermarks marks;
  private final SubmissionQueue queue;
  private final Clock clock;
  private final Bound bound;
  private final EventClock eventClock;
  private final Heads heads;
  private final Staging staging;
  private final Decider decider;
  private final Fences fences;
  private final Backlog backlog = new Backlog();
  private List<FrameDraft> records;
  private boolean closing;

  /// What has become due in the role since it was last asked.
  private volatile int bells;

  /// What is said of a commit that an error has ended. Made beforehand: the caller's stack or heap
  /// may have no room left.
  private final DiskFailed cutOff;

  private volatile boolean closed;
  private volatile @Nullable StoreException stopped;

  private final Fences.Records ownEvents =
      new Fences.Records() {

        @Override
        public EventRow stage(FrameDraft record, Turn turn) {
          return stageRecord(record, turn);
        }

        @Override
        public long next() {
          return staging.next();
        }
      };

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
    this.heads = heads;
    this.staging = new Staging(log, marks, heads, eventClock, resume.next, resume.lastHash);
    this.decider = new Decider(log, marks, heads);
    this.fences = new Fences(marks, clock, resume.lastCancelled);
    this.records = resume.records;
    this.cutOff =
        new DiskFailed(directory, "a commit that ran out of its caller's stack or heap", null);
  }

  /// Refuses what can never be committed, and looks through the log as far as that can be done
  /// before the role is taken.
  ///
  /// @throws LimitExceeded if the frames do not fit half a segment
  void prepare(CommitRequest request) {
    if (request.frameBytesMax() > log.commitBytesMax()) {
      throw new LimitExceeded(
          "bytes of one commit, half a segment", log.commitBytesMax(), request.frameBytesMax());
    }
    decider.prepare(request);
  }

  /// Appends one event without key and condition, if nothing is in its way: the short way through
  /// the role, without a turn.
  ///
  /// @param draft the event
  /// @param queuedEnd how much of the queue comes before it
  /// @return where it stands, or null if the event must be committed in a turn; nothing has changed
  @Nullable EventRow append(FrameDraft draft, long queuedEnd) {
    int frameBytes = draft.frameBytesMax();
    return frameBytes <= log.commitBytesMax() && heads.ready()
        ? appendReady(draft, frameBytes, queuedEnd)
        : null;
  }

  private synchronized @Nullable EventRow appendReady(
      FrameDraft draft, int frameBytes, long queuedEnd) {
    long nowNanos = clock.nanos();
    boolean free =
        !closed
            && stopped == null
            && !staging.broken()
            && staging.bytes() == 0
            && fences.active() == null
            && records.isEmpty()
            && queue.takenEnd() >= queuedEnd
            && staging.hasRoom(frameBytes)
            && !boundExceeded(nowNanos, frameBytes);
    if (!free) {
      return null;
    }
    EventRow row = staging.add(draft, clock.wallMillis(nowNanos));
    try {
      publish(staging.write(), nowNanos);
    } catch (StoreException e) {
      stop(e);
      throw e;
    }
    return row;
  }

  /// Takes a turn for a request: what was queued before it, then the request.
  ///
  /// @param request prepared
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
    turn.begin(clock.nanos());
    try {
      if (queue.takenEnd() < queuedEnd) {
        takeQueued(turn, queuedEnd);
        refuseIfStopped();
      }
      turn.own(
          turn.deferred() || boundExceeded(turn.nowNanos(), request.frameBytesMax())
              ? Outcome.Deferred.INSTANCE
              : commitNow(request, turn));
    } finally {
      flush(turn);
    }
  }

  /// Takes a turn for what is queued, and for a fence whose time is up.
  ///
  /// @param turn gets the submissions taken
  /// @param countMax how many at most
  synchronized void commitQueued(Turn turn, int countMax) {
    stopIfBroken();
    turn.begin(clock.nanos());
    try {
      if (stopped == null && !closed) {
        fences.expireIfPossible(turn, ownEvents);
      }
      takeQueued(turn, Math.min(queue.acceptedEnd(), queue.takenEnd() + countMax));
    } finally {
      flush(turn);
    }
  }

  private void takeQueued(Turn turn, long end) {
    while (queue.takenEnd() < end) {
      Submission submission = queue.peek();
      if (submission == null) {
        return;
      }
      boolean open = stopped == null && !closed;
      if (open && boundExceeded(turn.nowNanos(), submission.request().frameBytesMax())) {
        turn.defer();
        return;
      }
      turn.makeRoomForOneMore();
      var _ = queue.poll();
      turn.roomIsMade();
      if (submission.take()) {
        turn.take(submission);
        commit(submission, turn);
      }
    }
  }

  private void commit(Submission submission, Turn turn) {
    try {
      refuseIfStopped();
      submission.outcome(commitNow(submission.request(), turn));
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

  /// Whether a commit would break the bound on what is unforced. One that is larger than the bound
  /// is let through alone; its caller forces at once.
  private boolean boundExceeded(long nowNanos, long frameBytes) {
    long unforced = frameBytes > bound.bytesMax ? 0 : backlog.bytes() + staging.bytes();
    return unforced > 0
        && !closing
        && (unforced + frameBytes > bound.bytesMax
            || backlog.ageNanos(nowNanos) >= bound.ageNanosMax);
  }

  /// Decides a request and, if it may be made, stages it.
  private Outcome commitNow(CommitRequest request, Turn turn) {
    if (fences.active() != null || request.fence() != null) {
      fences.admit(request, turn, ownEvents);
    }
    if (!request.plain()) {
      boolean known = decider.knows(request);
      if (known) {
        flush(turn);
      }
      Outcome decided = decider.decide(request, staging.next(), known);
      if (decided != null) {
        return decided;
      }
    }
    stageRecords(turn);
    return stage(request, turn);
  }

  /// What opening has to record comes before the first event.
  private void stageRecords(Turn turn) {
    while (!records.isEmpty()) {
      FrameDraft record = records.getFirst();
      EventRow event = stageRecord(record, turn);
      if (record.kind() == LifecycleKinds.FENCE_CANCELLED.bits()) {
        fences.cancelledAt(event.sequence());
      }
      records = records.subList(1, records.size());
    }
  }

  private EventRow stageRecord(FrameDraft record, Turn turn) {
    makeReady(record.frameBytesMax(), turn);
    EventRow event = staging.add(record, clock.wallMillis(turn.nowNanos()));
    turn.recorded(event.sequence());
    return event;
  }

  private Outcome.Committed stage(CommitRequest request, Turn turn) {
    makeReady((int) request.frameBytesMax(), turn);
    long nowMillis = clock.wallMillis(turn.nowNanos());
    return new Outcome.Committed(
        request.count() == 1
            ? List.of(staging.add(request.draft(0), nowMillis))
            : List.of(staging.add(request, nowMillis)));
  }

  /// Makes sure that frames can be staged.
  private void makeReady(int frameBytes, Turn turn) {
    if (staging.broken()) {
      throw new DiskFailed(directory, "an earlier write", stopped);
    }
    if (!staging.hasRoom(frameBytes)) {
      flush(turn);
      makeRoom(frameBytes, clock.wallMillis(turn.nowNanos()));
    }
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

  /// Writes what is staged and publishes it.
  private void flush(Turn turn) {
    int byteCount;
    try {
      byteCount = staging.write();
    } catch (StoreException e) {
      stop(e);
      fail(turn, e);
      throw e;
    }
    if (byteCount > 0) {
      publish(byteCount, turn.nowNanos());
    }
  }

  /// Moves the marks over what has been written, and notes what is due.
  private void publish(int byteCount, long nowNanos) {
    long next = staging.next();
    marks.writtenRelease(next);
    if (fences.active() == null) {
      marks.visibleRelease(next);
    }
    staging.written();
    // Between the written end and the look for waiters: a waiter sees the end, or is seen here.
    VarHandle.fullFence();
    boolean first = backlog.add(nowNanos, byteCount);
    int due = (first || marks.wanted(next) ? SYNCER : 0) | (staging.upkeepDue() ? UPKEEP : 0);
    if (due != 0) {
      bells |= due;
    }
  }

  /// {@return the bells to be rung, once the role has been given back}
  int takeBells() {
    int due = bells;
    if (due != 0) {
      // Two threads may ring one bell; none is forgotten, since the role sets them.
      synchronized (this) {
        due = bells;
        bells = 0;
      }
    }
    return due;
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

  /// Begins a fence.
  ///
  /// @param nanos how long it may last
  /// @param queuedEnd how much of the queue comes before it
  /// @param turn gets what is left to do
  /// @return the fence, or null if the caller must first wait until what has been written is
  ///   durable
  /// @throws FenceActive if there is one
  synchronized @Nullable FenceTicket beginFence(long nanos, long queuedEnd, Turn turn) {
    refuseIfStopped();
    turn.begin(clock.nanos());
    try {
      takeQueued(turn, queuedEnd);
      if (turn.deferred()) {
        return null;
      }
      refuseIfStopped();
      fences.expire(turn, ownEvents);
      fences.refuseIfActive(turn);
      if (boundExceeded(turn.nowNanos(), fences.beginning().frameBytesMax())) {
        return null;
      }
      stageRecords(turn);
      FenceTicket begun = fences.begin(nanos, turn, ownEvents);
      flush(turn);
      fences.activate(begun);
      return begun;
    } finally {
      flush(turn);
    }
  }

  /// Lets what a fence held be seen.
  ///
  /// @param ticket the fence
  /// @param turn gets what is left to do
  /// @return the event that says so, or null if the fence has ended otherwise
  synchronized @Nullable EventRow commitFence(FenceTicket ticket, Turn turn) {
    refuseIfStopped();
    turn.begin(clock.nanos());
    try {
      return fences.commit(ticket, turn, ownEvents);
    } finally {
      flush(turn);
    }
  }

  /// Hides what a fence held, permanently. Nothing happens if it has ended.
  ///
  /// @param ticket the fence
  /// @param turn gets what is left to do
  synchronized void cancelFence(FenceTicket ticket, Turn turn) {
    if (fences.active() != ticket || stopped != null) {
      // After a failure nothing of it is ever seen: the next opening finds a fence without an end.
      return;
    }
    refuseIfStopped();
    turn.begin(clock.nanos());
    try {
      fences.cancel(ticket, turn, ownEvents);
    } finally {
      flush(turn);
    }
  }

  /// {@return the active fence; no turn is under way, so that without one all that is written can
  /// be seen}
  synchronized @Nullable FenceTicket fence() {
    return fences.active();
  }

  /// {@return whether the time of a fence is up and it can be ended}
  boolean fenceOverdue() {
    return stopped == null && fences.overdue();
  }

  /// {@return nanoseconds until a fence must end, or `Long.MAX_VALUE`}
  long fenceDueNanos() {
    return stopped != null ? Long.MAX_VALUE : fences.dueNanos();
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
    turn.begin(clock.nanos());
    closing = true;
    try {
      takeQueued(turn, queue.acceptedEnd());
      FenceTicket active = fences.active();
      if (active != null && stopped == null) {
        fences.cancel(active, turn, ownEvents);
      }
    } catch (DiskFull e) {
      // The next opening finds a fence without an end, which is as good as a cancelled one.
    } finally {
      try {
        flush(turn);
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
