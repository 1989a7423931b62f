package io.batpak.engine.commit;

import io.batpak.engine.commit.Heads.Head;
import io.batpak.engine.frame.Blake3;
import io.batpak.engine.frame.FrameDecoder;
import io.batpak.engine.frame.FrameDraft;
import io.batpak.engine.index.EventRow;
import io.batpak.engine.index.HiddenRanges;
import io.batpak.engine.index.KeyProbe;
import io.batpak.engine.index.SegmentIndex;
import io.batpak.engine.search.PreparedQuery;
import io.batpak.engine.search.Search;
import io.batpak.engine.search.Snapshot;
import io.batpak.engine.segment.Segment;
import io.batpak.engine.segment.SegmentLog;
import io.batpak.event.EventHeader;
import io.batpak.failure.Corrupt;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides whether a commit may be made: keys first, so that a repeat gets its first answer
/// whatever the conditions say now; then conditions.
///
/// Each is looked up twice. {@link #prepare}, on the caller's thread, looks through everything that
/// is visible, which may touch every segment; {@link #decide}, in the writer role, looks only at
/// what has come since. So what a decision costs within the role does not depend on the length of
/// the log.
final class Decider {

  private static final long UNKNOWN = -1;

  private final SegmentLog log;
  private final Watermarks marks;
  private final Heads heads;
  private final FrameDecoder decoder = new FrameDecoder();
  private final Blake3 blake3 = new Blake3();

  Decider(SegmentLog log, Watermarks marks, Heads heads) {
    this.log = log;
    this.marks = marks;
    this.heads = heads;
  }

  /// Looks through what is visible. For the caller's thread.
  void prepare(CommitRequest request) {
    heads.prepare(request);
    if (request.plain()) {
      return;
    }
    try {
      look(request);
    } catch (IllegalStateException e) {
      // The mappings have ended, so the store is closed: the role says so.
      request.askedEnd = 0;
    }
  }

  private void look(CommitRequest request) {
    // The owner of a fence sees what it holds, which nobody else can change.
    long end = request.fence() == null ? marks.visibleAcquire() : marks.writtenAcquire();
    HiddenRanges hidden = marks.hidden();
    Segment[] segments = log.segments();
    var snapshot = new Snapshot(end, segments, hidden);
    List<Check> checks = request.checks();
    long[] newest = new long[checks.size()];
    for (int i = 0; i < newest.length; i++) {
      newest[i] = newest(snapshot, checks.get(i), 0);
    }
    long[] known = new long[request.keyed() ? request.count() : 0];
    for (int i = 0; i < known.length; i++) {
      known[i] = sequenceWithKey(segments, 0, request.keys[i], hidden);
    }
    request.newest = newest;
    request.known = known;
    request.askedEnd = end;
    request.askedSegments = segments.length;
  }

  private static long newest(Snapshot snapshot, Check check, long asked) {
    return switch (check) {
      case Check.Revision _, Check.At _ -> UNKNOWN;
      case Check.NoneMatches none -> newest(snapshot, none.query(), Math.max(none.from(), asked));
      case Check.InState state -> newestState(snapshot, state, asked);
    };
  }

  private static long newestState(Snapshot snapshot, Check.InState state, long from) {
    if (from >= snapshot.end()) {
      return UNKNOWN;
    }
    Search search =
        Search.of(snapshot, state.events(), Search.Direction.BACKWARD, from, snapshot.end());
    while (search.advance()) {
      if (state.machine().contains(search.index().kind(search.row()))) {
        return search.index().first() + search.row();
      }
    }
    return UNKNOWN;
  }

  private static long newest(Snapshot snapshot, PreparedQuery query, long from) {
    return from < snapshot.end() ? Search.newest(snapshot, query, from, snapshot.end()) : UNKNOWN;
  }

  private static long sequenceWithKey(
      Segment[] segments, int fromSegment, @Nullable KeyProbe key, HiddenRanges hidden) {
    if (key == null) {
      return UNKNOWN;
    }
    for (int i = segments.length - 1; i >= fromSegment; i--) {
      SegmentIndex index = segments[i].index();
      int row = index.rowWithKey(key);
      if (row >= 0 && !hidden.contains(index.first() + row)) {
        return index.first() + row;
      }
    }
    return UNKNOWN;
  }

  /// Completes what {@link #prepare} found about keys. In the writer role. What was found in a
  /// fence that has been cancelled since does not count.
  ///
  /// @return whether a key is known, so that {@link #decide} will read the log
  boolean knows(CommitRequest request) {
    if (!request.keyed()) {
      return false;
    }
    Segment[] segments = log.segments();
    HiddenRanges hidden = marks.hidden();
    boolean found = false;
    for (int i = 0; i < request.known.length; i++) {
      // What was found may have been in a fence that has been cancelled since.
      if (request.known[i] == UNKNOWN || hidden.contains(request.known[i])) {
        int from = Math.max(0, request.askedSegments - 1);
        request.known[i] = sequenceWithKey(segments, from, request.keys[i], hidden);
      }
      found |= request.known[i] != UNKNOWN;
    }
    return found;
  }

  /// Decides, in the writer role, after {@link #knows}.
  ///
  /// @param request asked before
  /// @param next the sequence behind the last event committed
  /// @param known what {@link #knows} said; everything committed then stands in the file
  /// @return what became of it, or null if it is to be written
  @Nullable Outcome decide(CommitRequest request, long next, boolean known) {
    if (known) {
      return repeated(request);
    }
    List<Check> checks = request.checks();
    if (checks.isEmpty()) {
      return null;
    }
    var snapshot = new Snapshot(next, log.segments(), marks.hidden());
    for (int i = 0; i < checks.size(); i++) {
      Outcome conflict =
          switch (checks.get(i)) {
            case Check.Revision revision -> conflict(request, i, revision, snapshot);
            case Check.At at -> conflict(request, i, at, snapshot);
            case Check.NoneMatches none -> conflict(request, i, none, snapshot);
            case Check.InState state -> conflict(request, i, state, snapshot);
          };
      if (conflict != null) {
        return conflict;
      }
    }
    return null;
  }

  private @Nullable Outcome conflict(
      CommitRequest request, int check, Check.Revision revision, Snapshot snapshot) {
    int earlier = request.earlierCount(check);
    if (earlier > 0) {
      // Behind what is hidden too: that is where the earlier ones will stand.
      long actual = heads.of(revision.entity()).clock() + earlier;
      return actual == revision.expectedClock()
          ? null
          : new Outcome.Conflicting(revision, actual, UNKNOWN, 0, 0);
    }
    Head head = heads.shown(revision.entity(), snapshot.hidden());
    return head.clock() == revision.expectedClock()
        ? null
        : new Outcome.Conflicting(
            revision, head.clock(), head.sequence(), head.idHigh(), head.idLow());
  }

  private @Nullable Outcome conflict(
      CommitRequest request, int check, Check.At at, Snapshot snapshot) {
    int earlier = request.earlierCount(check);
    if (earlier > 0) {
      long clock = heads.of(at.entity()).clock() + earlier;
      return new Outcome.Conflicting(at, clock, UNKNOWN, 0, 0);
    }
    Head head = heads.shown(at.entity(), snapshot.hidden());
    return head.sequence() == at.position()
        ? null
        : new Outcome.Conflicting(
            at, head.sequence(), head.sequence(), head.idHigh(), head.idLow());
  }

  private @Nullable Outcome conflict(
      CommitRequest request, int check, Check.NoneMatches none, Snapshot snapshot) {
    long since = newest(snapshot, none, request.askedEnd);
    long found = since != UNKNOWN ? since : request.newest[check];
    return found == UNKNOWN ? null : conflicting(none, 0, snapshot, found);
  }

  private @Nullable Outcome conflict(
      CommitRequest request, int check, Check.InState state, Snapshot snapshot) {
    int item = request.earlierItem(check);
    while (item >= 0 && !state.machine().contains(request.draft(item).kind())) {
      item = request.previousItem(item);
    }
    if (item >= 0) {
      int kind = request.draft(item).kind();
      return state.allowed().contains(kind)
          ? null
          : new Outcome.Conflicting(state, kind, UNKNOWN, 0, 0);
    }
    long since = newest(snapshot, state, request.askedEnd);
    long found = since != UNKNOWN ? since : request.newest[check];
    if (found == UNKNOWN) {
      return state.allowed().contains(Check.InState.NO_STATE)
          ? null
          : new Outcome.Conflicting(state, Check.InState.NO_STATE, UNKNOWN, 0, 0);
    }
    SegmentIndex index = snapshot.segmentOf(found).index();
    int kind = index.kind((int) (found - index.first()));
    return state.allowed().contains(kind) ? null : conflicting(state, kind, snapshot, found);
  }

  private static Outcome conflicting(Check check, long actual, Snapshot snapshot, long sequence) {
    SegmentIndex index = snapshot.segmentOf(sequence).index();
    int row = (int) (sequence - index.first());
    return new Outcome.Conflicting(check, actual, sequence, index.idHigh(row), index.idLow(row));
  }

  /// What a commit with a known key is answered: its first receipts if it is the same commit again.
  private Outcome repeated(CommitRequest request) {
    var snapshot = new Snapshot(Long.MAX_VALUE, log.segments(), HiddenRanges.NONE);
    long[] known = request.known;
    int keyed = 0;
    while (known[keyed] == UNKNOWN) {
      keyed++;
    }
    long first = known[keyed] - keyed;
    boolean same = first >= 0 && whole(request, snapshot, first);
    for (int i = 0; same && i < known.length; i++) {
      boolean inPlace = request.keys[i] == null || known[i] == first + i;
      same = inPlace && same(request.draft(i), header(snapshot, first + i));
    }
    if (!same) {
      EventRow event = event(snapshot, known[keyed]);
      return new Outcome.KeyReused(keyed, event.sequence(), event.idHigh(), event.idLow());
    }
    var events = new ArrayList<EventRow>(request.count());
    for (int i = 0; i < request.count(); i++) {
      events.add(event(snapshot, first + i));
    }
    return new Outcome.Committed(events);
  }

  /// Whether a batch stands there that is as long as the request; a single event may be any item.
  private boolean whole(CommitRequest request, Snapshot snapshot, long first) {
    return request.count() == 1
        || (header(snapshot, first).more() == request.count() - 1
            && (first == 0 || header(snapshot, first - 1).more() == 0));
  }

  /// The decoder holds the header's frame.
  private boolean same(FrameDraft draft, EventHeader header) {
    return draft.coordinate().equals(header.coordinate())
        && draft.kind() == header.kind().bits()
        && draft.contentHash().equals(decoder.contentHash(blake3));
  }

  private EventHeader header(Snapshot snapshot, long sequence) {
    Segment segment = snapshot.segmentOf(sequence);
    SegmentIndex index = segment.index();
    int offset = index.offset((int) (sequence - index.first()));
    if (segment.load(decoder, offset) != FrameDecoder.Found.FRAME) {
      throw new Corrupt(
          segment.path(), offset, sequence, "no whole frame where a key is known to stand");
    }
    return decoder.header();
  }

  private static EventRow event(Snapshot snapshot, long sequence) {
    SegmentIndex index = snapshot.segmentOf(sequence).index();
    return EventRow.of(index, (int) (sequence - index.first()));
  }
}
