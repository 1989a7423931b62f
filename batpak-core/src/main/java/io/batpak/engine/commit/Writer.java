package io.batpak.engine.commit;

import io.batpak.engine.commit.Heads.Head;
import io.batpak.engine.frame.FrameDraft;
import io.batpak.engine.frame.FrameEncoder;
import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.platform.Clock;
import io.batpak.engine.platform.Entropy;
import io.batpak.engine.segment.ActiveSegment;
import io.batpak.engine.segment.SegmentLog;
import io.batpak.event.Hash;
import io.batpak.failure.Closed;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.DiskFull;
import io.batpak.failure.LimitExceeded;
import io.batpak.failure.StoreException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The writer role and the commit steps. The role is the monitor of this object: whoever is inside
/// a synchronized method holds it.
///
/// What happens inside is small and straight: nothing calls user code, waits for a force or wakes a
/// thread. The steps are ordered so that everything that can fail for lack of room comes before the
/// first change: conditions, space in the file, room in the index. After that only the write can
/// fail, and a failed write stops the writer for good: nothing of the batch is visible. What may
/// have arrived in the file is taken back as far as the disk lets it; recovery cuts what is not
/// whole.
public final class Writer {

  /// What the state of the log is when a writer takes over.
  ///
  /// @param next the sequence of the next event
  /// @param lastHash event hash of the last event; zeros if there is none
  /// @param lastIdHigh upper half of its id; 0 if there is none
  /// @param lastIdLow lower half of its id
  /// @param lastCounter logical part of its clock
  public record Resume(
      long next, Hash lastHash, long lastIdHigh, long lastIdLow, int lastCounter) {}

  /// What may stay unforced.
  ///
  /// @param ageNanosMax the longest
  /// @param bytesMax the most
  public record Bound(long ageNanosMax, long bytesMax) {}

  /// Upkeep is woken by a new segment, and whenever the tail has come this far or an eighth of a
  /// segment: well within what is touched ahead.
  private static final int UPKEEP_STRIDE_BYTES_MAX = 1 << 17;

  private final Path directory;
  private final SegmentLog log;
  private final Watermarks marks;
  private final Clock clock;
  private final Bound bound;
  private final EventClock eventClock;
  private final FrameEncoder encoder;
  private final Heads heads;
  private final Backlog backlog = new Backlog();
  private final FrameEncoder.Stamp stamp = new FrameEncoder.Stamp();
  private ByteBuffer positional = ByteBuffer.allocateDirect(1 << 12);
  private Runnable wakeSyncer = () -> {};
  private Runnable wakeUpkeep = () -> {};

  private long next;
  private Hash lastHash;
  private final int upkeepStrideBytes;
  private @Nullable ActiveSegment upkeepFor;
  private int upkeepAt;

  /// Set from the first byte written to the last mark moved. Found set by the next commit, it tells
  /// that an error ended one in between, which nothing else could have noted: the caller's stack or
  /// heap may have had no room left even for that.
  private boolean committing;

  /// Made beforehand, for the same reason.
  private final DiskFailed cutOff;

  private volatile boolean closed;
  private volatile @Nullable StoreException stopped;

  /// Creates the writer of an open store.
  ///
  /// @param directory the store, for messages
  /// @param log where frames go
  /// @param marks how far things are
  /// @param clock time
  /// @param entropy randomness for ids
  /// @param bound what may stay unforced
  /// @param resume where the log stands
  public Writer(
      Path directory,
      SegmentLog log,
      Watermarks marks,
      Clock clock,
      Entropy entropy,
      Bound bound,
      Resume resume) {
    this.directory = directory;
    this.log = log;
    this.marks = marks;
    this.clock = clock;
    this.bound = bound;
    this.eventClock =
        new EventClock(entropy, resume.lastIdHigh, resume.lastIdLow, resume.lastCounter);
    this.encoder = new FrameEncoder(log.commitBytesMax());
    this.heads = new Heads(log);
    this.next = resume.next;
    this.lastHash = resume.lastHash;
    this.cutOff =
        new DiskFailed(directory, "a commit that ran out of its caller's stack or heap", null);
    this.upkeepStrideBytes = Math.min(UPKEEP_STRIDE_BYTES_MAX, log.commitBytesMax() / 4);
  }

  /// Sets what is run, outside the role, when there is something to force or to keep up with.
  ///
  /// @param wakeSyncer wakes the syncer
  /// @param wakeUpkeep wakes upkeep
  public void doorbells(Runnable wakeSyncer, Runnable wakeUpkeep) {
    this.wakeSyncer = wakeSyncer;
    this.wakeUpkeep = wakeUpkeep;
  }

  /// A commit that was tried. Without outcomes, the bound on unforced frames stands against it.
  private static final class Attempt {
    final Outcome[] outcomes;
    final boolean wakeSyncer;
    final boolean wakeUpkeep;

    Attempt(Outcome[] outcomes, boolean wakeSyncer, boolean wakeUpkeep) {
      this.outcomes = outcomes;
      this.wakeSyncer = wakeSyncer;
      this.wakeUpkeep = wakeUpkeep;
    }
  }

  private static final Outcome[] NOTHING = {};

  /// Commits intents together: all or none, visible at once.
  ///
  /// @param intents at least one
  /// @param byPosition whether the frames should go by position, because a force will follow
  /// @return one {@link Outcome.Committed} per intent, or one {@link Outcome.Conflicting}; empty if
  ///   the caller must first wait until what has been written is durable
  /// @throws Closed if the store is closed
  /// @throws DiskFull if there is no room; nothing has changed
  /// @throws DiskFailed if the write failed now or earlier
  /// @throws LimitExceeded if the frames do not fit half a segment
  public Outcome[] commit(Intent[] intents, boolean byPosition) {
    int frameBytes = frameBytesMax(intents);
    heads.ask(intents);
    if (byPosition) {
      StackRoom.require();
    }
    Attempt attempt = attempt(intents, frameBytes, byPosition);
    if (attempt.wakeSyncer) {
      wakeSyncer.run();
    }
    if (attempt.wakeUpkeep) {
      wakeUpkeep.run();
    }
    return attempt.outcomes;
  }

  private int frameBytesMax(Intent[] intents) {
    long sum = 0;
    for (Intent intent : intents) {
      sum += intent.draft().frameBytesMax();
    }
    if (sum > log.commitBytesMax()) {
      throw new LimitExceeded("bytes of one commit, half a segment", log.commitBytesMax(), sum);
    }
    return (int) sum;
  }

  private synchronized Attempt attempt(Intent[] intents, int frameBytes, boolean byPosition) {
    refuseIfStopped();
    long nowNanos = clock.nanos();
    if (boundStandsAgainst(nowNanos, frameBytes)) {
      return new Attempt(NOTHING, false, false);
    }
    heads.clear();
    Outcome.Conflicting conflict = firstConflict(intents);
    if (conflict != null) {
      return new Attempt(new Outcome[] {conflict}, false, false);
    }
    long nowMillis = clock.wallMillis(nowNanos);
    ActiveSegment active = segmentFor(frameBytes, nowMillis);
    ActiveIndex index = active.index();
    Pending[] pending = reserve(intents, index);
    Outcome[] outcomes = encode(intents, pending, nowMillis);
    if (byPosition) {
      copyOut();
    }
    committing = true;
    write(active, byPosition);
    publish(outcomes, pending, active);
    committing = false;
    int tail = active.tail();
    boolean upkeep = active != upkeepFor || tail - upkeepAt >= upkeepStrideBytes;
    if (upkeep) {
      upkeepFor = active;
      upkeepAt = tail;
    }
    return new Attempt(outcomes, backlog.add(nowNanos, encoder.end()), upkeep);
  }

  private void refuseIfStopped() {
    if (closed) {
      throw new Closed(directory);
    }
    if (committing && stopped == null) {
      stopped = cutOff;
    }
    StoreException cause = stopped;
    if (cause != null) {
      Path file = cause instanceof DiskFailed failed ? failed.file() : directory;
      throw new DiskFailed(file, "an earlier write or force", cause);
    }
  }

  /// A commit larger than the bound is let through alone; its caller forces at once.
  private boolean boundStandsAgainst(long nowNanos, int frameBytes) {
    long unforced = frameBytes > bound.bytesMax ? 0 : backlog.bytes();
    return unforced > 0
        && (unforced + frameBytes > bound.bytesMax
            || backlog.ageNanos(nowNanos) >= bound.ageNanosMax);
  }

  private Outcome.@Nullable Conflicting firstConflict(Intent[] intents) {
    for (int i = 0; i < intents.length; i++) {
      Intent intent = intents[i];
      if (intent.expectedClock() != Intent.ANY) {
        Head head = heads.of(intent.draft().coordinate().entity());
        long actual = head.clock() + earlierInBatch(intents, i);
        if (actual != intent.expectedClock()) {
          return new Outcome.Conflicting(
              i, intent.expectedClock(), actual, head.sequence(), head.idHigh(), head.idLow());
        }
      }
    }
    return null;
  }

  private static int earlierInBatch(Intent[] intents, int end) {
    String entity = intents[end].draft().coordinate().entity();
    int count = 0;
    for (int i = 0; i < end; i++) {
      if (intents[i].draft().coordinate().entity().equals(entity)) {
        count++;
      }
    }
    return count;
  }

  private ActiveSegment segmentFor(int frameBytes, long nowMillis) {
    ActiveSegment active = log.active();
    if (active != null && active.fits(frameBytes) && active.hasSpace(frameBytes)) {
      return active;
    }
    StackRoom.require();
    try {
      if (active == null || !active.fits(frameBytes)) {
        active = log.rotate(next, lastHash, nowMillis);
      }
      active.reserve(frameBytes);
      return active;
    } catch (DiskFailed e) {
      // A force may have failed, and what it has dropped no later force brings back.
      stop(e);
      throw e;
    }
  }

  /// Where an intent will stand in the index.
  private static final class Pending {
    final ActiveIndex.Name entity;
    final ActiveIndex.Name scope;
    final ActiveIndex.Name[] tags;
    final FrameDraft draft;
    int frameOffset;

    Pending(
        ActiveIndex.Name entity,
        ActiveIndex.Name scope,
        ActiveIndex.Name[] tags,
        FrameDraft draft) {
      this.entity = entity;
      this.scope = scope;
      this.tags = tags;
      this.draft = draft;
    }
  }

  private static Pending[] reserve(Intent[] intents, ActiveIndex index) {
    var pending = new Pending[intents.length];
    for (int i = 0; i < intents.length; i++) {
      FrameDraft draft = intents[i].draft();
      ActiveIndex.Name entity = index.entity(draft.coordinate().entity());
      ActiveIndex.Name scope = index.scope(draft.coordinate().scope());
      var tags = index.reserve(entity, scope, draft.kind(), draft.tags(), intents.length);
      pending[i] = new Pending(entity, scope, tags, draft);
    }
    return pending;
  }

  private Outcome[] encode(Intent[] intents, Pending[] pending, long nowMillis) {
    encoder.clear();
    long durable = marks.durableAcquire();
    var outcomes = new Outcome[intents.length];
    for (int i = 0; i < intents.length; i++) {
      FrameDraft draft = intents[i].draft();
      String entity = draft.coordinate().entity();
      Head head = heads.of(entity);
      long sequence = next + i;
      long entityClock = head.clock() + 1;
      eventClock.advance(nowMillis);
      stamp.place(sequence, entityClock, head.hash());
      stamp.time(eventClock.idHigh(), eventClock.idLow(), eventClock.counter());
      stamp.recovery(intents.length - 1 - i, sequence - durable);
      pending[i].frameOffset = encoder.end();
      Hash hash = encoder.encode(draft, stamp);
      outcomes[i] =
          new Outcome.Committed(
              sequence,
              eventClock.idHigh(),
              eventClock.idLow(),
              eventClock.counter(),
              entityClock,
              hash);
      if (intents.length > 1) {
        heads.put(
            entity, new Head(entityClock, hash, sequence, eventClock.idHigh(), eventClock.idLow()));
      }
    }
    return outcomes;
  }

  private void write(ActiveSegment active, boolean byPosition) {
    try {
      if (byPosition) {
        active.writePositional(positional, encoder.end());
      } else {
        active.writeMapped(encoder.array(), encoder.end());
      }
    } catch (StoreException e) {
      stop(e);
      throw e;
    }
  }

  private void copyOut() {
    int count = encoder.end();
    if (positional.capacity() < count) {
      positional = ByteBuffer.allocateDirect(Math.max(count, 2 * positional.capacity()));
    }
    positional.clear().put(encoder.array(), 0, count).flip();
  }

  /// Makes the frames findable, then visible. Cannot fail: room has been reserved. If it does, that
  /// is a bug, and the writer stops before anything is visible.
  private void publish(Outcome[] outcomes, Pending[] pending, ActiveSegment active) {
    int base = active.tail() - encoder.end();
    for (int i = 0; i < outcomes.length; i++) {
      var event = (Outcome.Committed) outcomes[i];
      Pending at = pending[i];
      active
          .index()
          .add(
              at.entity,
              at.scope,
              at.tags,
              new ActiveIndex.Row(
                  base + at.frameOffset,
                  event.idHigh(),
                  event.idLow(),
                  event.counter(),
                  at.draft.kind(),
                  event.clock(),
                  event.hash(),
                  at.draft.key()));
      lastHash = event.hash();
    }
    next += outcomes.length;
    marks.visibleRelease(next);
  }

  /// Ends all writing: a write or a force has failed.
  ///
  /// @param cause the failure
  public synchronized void stop(StoreException cause) {
    if (stopped == null) {
      stopped = cause;
    }
  }

  /// {@return why writing has ended, or null}
  public @Nullable StoreException stopped() {
    return stopped;
  }

  /// Ends all writing: the store is closing.
  ///
  /// @return whether this call did it
  public synchronized boolean close() {
    boolean first = !closed;
    closed = true;
    return first;
  }

  /// {@return the sequence behind the last event written; what comes later is not covered by the
  /// force that begins}
  synchronized long forceBegins() {
    backlog.forceBegins();
    return next;
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
