package io.batpak.engine.commit;

import io.batpak.engine.frame.EventHasher;
import io.batpak.engine.frame.FrameDraft;
import io.batpak.engine.frame.FrameEncoder;
import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.index.EventRow;
import io.batpak.engine.segment.ActiveSegment;
import io.batpak.engine.segment.SegmentLog;
import io.batpak.event.Bytes;
import io.batpak.event.Hash;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.DiskFull;
import org.jspecify.annotations.Nullable;

/// The commits of a turn on their way to the log: ordered, encoded and known to the index, until
/// one write takes them all. For the holder of the writer role.
///
/// The index knows them before the log does, so that the next commit of the turn sees them. Readers
/// do not: they look no further than the visible end. If the write fails nothing more is ever
/// written, so nobody meets a row without a frame.
final class Staging {

  /// Upkeep is woken by a new segment, and whenever so much has been written or an eighth of a
  /// segment.
  private static final int UPKEEP_STRIDE_BYTES_MAX = SegmentLog.DRAIN_BYTES;

  /// The most frames of one turn before they are written.
  private static final int BYTES_MAX = 1 << 18;

  private final SegmentLog log;
  private final Watermarks marks;
  private final Heads heads;
  private final EventClock eventClock;
  private final FrameEncoder encoder;
  private final FrameEncoder.Stamp stamp = new FrameEncoder.Stamp();
  private final EventHasher hasher = new EventHasher();
  private final int bytesMax;
  private final int upkeepStrideBytes;

  /// Event hash of the last event before this process; the log knows later ones.
  private final Hash lastHash;

  private @Nullable ActiveSegment upkeepFor;
  private int upkeepAt;

  private long next;

  /// Where the staged frames will go; null when none are.
  private @Nullable ActiveSegment target;

  /// How many bytes of the encoder are whole frames that the index knows.
  private int stagedBytes;

  /// Set while the index and the log are being changed. Found set later, it tells that an error
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
        && active.hasRoom(together);
  }

  /// Makes room for frames; nothing is staged.
  ///
  /// @throws DiskFull if there is none; nothing has changed
  /// @throws DiskFailed if the disk has failed
  void makeRoom(int frameBytes, long nowMillis) {
    ActiveSegment active = log.active();
    if (active != null && active.fits(frameBytes) && active.hasRoom(frameBytes)) {
      return;
    }
    StackRoom.require();
    if (active == null || !active.fits(frameBytes)) {
      var _ = log.rotate(next, lastHash, nowMillis);
    }
    log.makeRoom(frameBytes);
  }

  private ActiveSegment active() {
    ActiveSegment active = log.active();
    if (active == null) {
      throw new AssertionError("no room was made");
    }
    return active;
  }

  /// Adds an event behind those that are staged; there is room for it.
  ///
  /// @return where it stands
  EventRow add(FrameDraft draft, long nowMillis) {
    ActiveSegment active = active();
    ActiveIndex index = active.index();
    ActiveIndex.Name entity = index.entity(draft.coordinate().entity());
    ActiveIndex.Name scope = index.scope(draft.coordinate().scope());
    ActiveIndex.Name[] tags = index.reserve(entity, scope, draft.kind(), draft.tags(), 1);
    encoder.rewind(stagedBytes);
    chain(draft, entity, active, next);
    stamp.recovery(0, next - marks.durableAcquire());
    EventRow row = encode(draft, active.end(), nowMillis);
    changing = true;
    index.add(entity, scope, tags, draft.key(), row);
    taken(active, 1);
    changing = false;
    return row;
  }

  /// Adds a batch behind the commits that are staged; there is room for it.
  ///
  /// @return where its events stand
  EventRow[] add(CommitRequest request, long nowMillis) {
    ActiveSegment active = active();
    Batch batch = reserve(request, active.index());
    encoder.rewind(stagedBytes);
    long durable = marks.durableAcquire();
    int count = request.count();
    for (int i = 0; i < count; i++) {
      FrameDraft draft = request.draft(i);
      int earlier = request.previousItem(i);
      if (earlier >= 0) {
        chain(batch.rows[earlier], active.end(), next + i);
      } else {
        chain(draft, batch.entities[i], active, next + i);
      }
      stamp.recovery(count - 1 - i, next + i - durable);
      if (draft.causeItem() >= 0) {
        link(draft, batch.rows);
      }
      batch.rows[i] = encode(draft, active.end(), nowMillis);
    }
    changing = true;
    for (int i = 0; i < count; i++) {
      @Nullable Bytes key = request.draft(i).key();
      active.index().add(batch.entities[i], batch.scopes[i], batch.tags[i], key, batch.rows[i]);
    }
    taken(active, count);
    changing = false;
    return batch.rows;
  }

  /// The names of a batch's events in the index, and their rows.
  private static final class Batch {
    final ActiveIndex.Name[] entities;
    final ActiveIndex.Name[] scopes;
    final ActiveIndex.Name[][] tags;
    final EventRow[] rows;

    Batch(int count) {
      entities = new ActiveIndex.Name[count];
      scopes = new ActiveIndex.Name[count];
      tags = new ActiveIndex.Name[count][];
      rows = new EventRow[count];
    }
  }

  private static Batch reserve(CommitRequest request, ActiveIndex index) {
    int count = request.count();
    var batch = new Batch(count);
    for (int i = 0; i < count; i++) {
      FrameDraft draft = request.draft(i);
      ActiveIndex.Name entity = index.entity(draft.coordinate().entity());
      ActiveIndex.Name scope = index.scope(draft.coordinate().scope());
      batch.entities[i] = entity;
      batch.scopes[i] = scope;
      batch.tags[i] = index.reserve(entity, scope, draft.kind(), draft.tags(), count);
    }
    return batch;
  }

  /// Sets clock and previous hash behind the entity's last event.
  private void chain(
      FrameDraft draft, ActiveIndex.Name entity, ActiveSegment active, long sequence) {
    ActiveIndex index = active.index();
    int last = entity.lastRow();
    if (last < 0) {
      Heads.Head head = heads.before(draft.coordinate().entity());
      stamp.place(sequence, head.clock() + 1);
      stamp.previous(head.hash());
      return;
    }
    stamp.place(sequence, index.clock(last) + 1);
    int staged = index.offset(last) - active.end();
    if (staged >= 0) {
      stamp.previous(hasher.hash(encoder.array(), staged, index.hashes().headerBytes(last)));
    } else if (last < index.hashes().ready()) {
      index.hashes().previous(last, stamp);
    } else {
      stamp.previous(index.hash(last));
    }
  }

  /// Sets clock and previous hash behind an earlier event of the same batch.
  private void chain(EventRow earlier, int base, long sequence) {
    stamp.place(sequence, earlier.clock() + 1);
    stamp.previous(hasher.hash(encoder.array(), earlier.offset() - base, earlier.headerBytes()));
  }

  private EventRow encode(FrameDraft draft, int base, long nowMillis) {
    eventClock.advance(nowMillis);
    stamp.time(eventClock.idHigh(), eventClock.idLow(), eventClock.counter());
    int offset = base + encoder.end();
    encoder.encode(draft, stamp);
    return new EventRow(stamp, draft.kind(), offset, encoder.headerBytes());
  }

  private void link(FrameDraft draft, EventRow[] rows) {
    EventRow cause = rows[draft.causeItem()];
    stamp.cause(cause.idHigh(), cause.idLow());
    if (draft.conversationItem() >= 0) {
      EventRow root = rows[draft.conversationItem()];
      stamp.conversation(root.idHigh(), root.idLow());
    }
  }

  private void taken(ActiveSegment active, int count) {
    next += count;
    target = active;
    stagedBytes = encoder.end();
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
    active.write(encoder.array(), stagedBytes);
    return stagedBytes;
  }

  /// Ends a write, when the marks have moved.
  void written() {
    target = null;
    stagedBytes = 0;
    encoder.clear();
    changing = false;
  }

  /// {@return whether so much has been written since the last time that upkeep is to look}
  boolean upkeepDue() {
    ActiveSegment active = log.active();
    int end = active == null ? 0 : active.end();
    if (active == upkeepFor && end - upkeepAt < upkeepStrideBytes) {
      return false;
    }
    upkeepFor = active;
    upkeepAt = end;
    return true;
  }
}
