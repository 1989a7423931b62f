package io.batpak.engine.commit;

import io.batpak.engine.commit.Heads.Head;
import io.batpak.engine.frame.FrameDraft;
import io.batpak.engine.frame.FrameEncoder;
import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.segment.ActiveSegment;
import io.batpak.engine.segment.SegmentLog;
import io.batpak.event.Hash;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.DiskFull;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The commits of a turn on their way to the file: ordered, encoded, hashed and known to the index,
/// until one write takes them all. For the holder of the writer role.
///
/// The index knows them before the file does, so that the next commit of the turn sees them.
/// Readers do not: they look no further than the visible end. If the write fails nothing more is
/// ever written, so nobody meets a row without a frame.
final class Staging {

  /// Upkeep is woken by a new segment, and whenever the tail has come this far or an eighth of a
  /// segment: well within what is touched ahead.
  private static final int UPKEEP_STRIDE_BYTES_MAX = 1 << 17;

  /// The most frames of one turn before they are written.
  private static final int BYTES_MAX = 1 << 18;

  /// A buffer for a large batch is given back.
  private static final int POSITIONAL_BYTES_KEPT_MAX = 1 << 20;

  private final SegmentLog log;
  private final Watermarks marks;
  private final Heads heads;
  private final EventClock eventClock;
  private final FrameEncoder encoder;
  private final FrameEncoder.Stamp stamp = new FrameEncoder.Stamp();
  private final ByteBuffer smallPositional = ByteBuffer.allocateDirect(1 << 12);
  private ByteBuffer positional = smallPositional;
  private final int bytesMax;
  private final int upkeepStrideBytes;
  private @Nullable ActiveSegment upkeepFor;
  private int upkeepAt;

  private long next;
  private Hash lastHash;

  /// Where the staged frames will go; null when none are.
  private @Nullable ActiveSegment target;

  /// How many bytes of the encoder are whole frames that the index knows.
  private int stagedBytes;

  private boolean byPosition;

  /// Set while the index and the file are being changed. Found set later, it tells that an error
  /// ended a commit in between, which nothing else could have noted: the caller's stack or heap may
  /// have had no room left even for that.
  private boolean changing;

  Staging(
      SegmentLog log,
      Watermarks marks,
      Heads heads,
      EventClock eventClock,
      long next,
      Hash lastHash) {
    this.log = log;
    this.marks = marks;
    this.heads = heads;
    this.eventClock = eventClock;
    this.next = next;
    this.lastHash = lastHash;
    this.encoder = new FrameEncoder(log.commitBytesMax());
    this.bytesMax = Math.min(BYTES_MAX, log.commitBytesMax());
    this.upkeepStrideBytes = Math.min(UPKEEP_STRIDE_BYTES_MAX, log.commitBytesMax() / 4);
  }

  /// {@return the sequence that the next event gets}
  long next() {
    return next;
  }

  /// {@return how many bytes of frames are staged}
  int bytes() {
    return stagedBytes;
  }

  /// {@return whether an error has ended a change, so that nothing more may be written}
  boolean broken() {
    return changing;
  }

  /// {@return whether frames fit behind those that are staged}
  boolean hasRoom(int frameBytes) {
    ActiveSegment active = log.active();
    int together = stagedBytes + frameBytes;
    return active != null
        && together <= bytesMax
        && active.fits(together)
        && active.hasSpace(together);
  }

  /// Makes room for frames; nothing is staged.
  ///
  /// @throws DiskFull if there is none; nothing has changed
  /// @throws DiskFailed if the disk has failed
  void makeRoom(int frameBytes, long nowMillis) {
    ActiveSegment active = log.active();
    if (active != null && active.fits(frameBytes) && active.hasSpace(frameBytes)) {
      return;
    }
    StackRoom.require();
    if (active == null || !active.fits(frameBytes)) {
      active = log.rotate(next, lastHash, nowMillis);
    }
    active.reserve(frameBytes);
  }

  /// Adds a commit behind those that are staged; there is room for it.
  Outcome.Committed add(CommitRequest request, long nowMillis) {
    ActiveSegment active = log.active();
    if (active == null) {
      throw new AssertionError("no room was made");
    }
    Pending[] pending = reserve(request, active.index());
    Outcome.Committed committed = encode(request, pending, nowMillis);
    if (byPosition || request.durable()) {
      reservePositional(encoder.end());
    }
    changing = true;
    addToIndex(committed, pending, active);
    target = active;
    stagedBytes = encoder.end();
    byPosition |= request.durable();
    changing = false;
    return committed;
  }

  /// Where an event will stand in the index.
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

  private static Pending[] reserve(CommitRequest request, ActiveIndex index) {
    int count = request.count();
    var pending = new Pending[count];
    for (int i = 0; i < count; i++) {
      FrameDraft draft = request.draft(i);
      ActiveIndex.Name entity = index.entity(draft.coordinate().entity());
      ActiveIndex.Name scope = index.scope(draft.coordinate().scope());
      var tags = index.reserve(entity, scope, draft.kind(), draft.tags(), count);
      pending[i] = new Pending(entity, scope, tags, draft);
    }
    return pending;
  }

  private Outcome.Committed encode(CommitRequest request, Pending[] pending, long nowMillis) {
    encoder.rewind(stagedBytes);
    long durable = marks.durableAcquire();
    int count = request.count();
    var events = new Outcome.Event[count];
    for (int i = 0; i < count; i++) {
      FrameDraft draft = request.draft(i);
      int previous = request.previousItem(i);
      long entityClock;
      if (previous >= 0) {
        entityClock = events[previous].clock() + 1;
        stamp.place(next + i, entityClock, events[previous].hash());
      } else {
        Head head = heads.of(draft.coordinate().entity());
        entityClock = head.clock() + 1;
        stamp.place(next + i, entityClock, head.hash());
      }
      eventClock.advance(nowMillis);
      long idHigh = eventClock.idHigh();
      long idLow = eventClock.idLow();
      stamp.time(idHigh, idLow, eventClock.counter());
      stamp.recovery(count - 1 - i, next + i - durable);
      if (draft.causeItem() >= 0) {
        link(draft, events);
      }
      pending[i].frameOffset = encoder.end();
      Hash hash = encoder.encode(draft, stamp);
      events[i] =
          new Outcome.Event(next + i, idHigh, idLow, eventClock.counter(), entityClock, hash);
    }
    return new Outcome.Committed(List.of(events));
  }

  private void link(FrameDraft draft, Outcome.Event[] events) {
    Outcome.Event cause = events[draft.causeItem()];
    stamp.cause(cause.idHigh(), cause.idLow());
    if (draft.conversationItem() >= 0) {
      Outcome.Event root = events[draft.conversationItem()];
      stamp.conversation(root.idHigh(), root.idLow());
    }
  }

  /// Makes the frames findable for the commits behind them; readers see them once the end passes
  /// them. Cannot fail: room has been reserved. If it does, that is a bug, and the writer stops
  /// before anything is visible.
  private void addToIndex(Outcome.Committed committed, Pending[] pending, ActiveSegment active) {
    int base = active.tail();
    for (int i = 0; i < pending.length; i++) {
      Outcome.Event event = committed.events().get(i);
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
    next += pending.length;
  }

  /// Writes what is staged. After an error in the middle of a change nothing more is written.
  ///
  /// @return how many bytes; {@link #written} must follow if there are any
  int write() {
    ActiveSegment active = target;
    if (active == null || changing) {
      encoder.clear();
      return 0;
    }
    changing = true;
    if (byPosition) {
      copyOut(stagedBytes);
      active.writePositional(positional, stagedBytes);
    } else {
      active.writeMapped(encoder.array(), stagedBytes);
    }
    return stagedBytes;
  }

  /// Ends a write, when the marks have moved.
  void written() {
    target = null;
    stagedBytes = 0;
    byPosition = false;
    encoder.clear();
    if (positional.capacity() > POSITIONAL_BYTES_KEPT_MAX) {
      positional = smallPositional;
    }
    changing = false;
  }

  /// {@return whether so much has been written since the last time that upkeep is to look}
  boolean upkeepDue() {
    ActiveSegment active = log.active();
    int tail = active == null ? 0 : active.tail();
    if (active == upkeepFor && tail - upkeepAt < upkeepStrideBytes) {
      return false;
    }
    upkeepFor = active;
    upkeepAt = tail;
    return true;
  }

  private void reservePositional(int count) {
    if (positional.capacity() < count) {
      positional = ByteBuffer.allocateDirect(Math.max(count, 2 * positional.capacity()));
    }
  }

  private void copyOut(int count) {
    positional.clear().put(encoder.array(), 0, count).flip();
  }
}
