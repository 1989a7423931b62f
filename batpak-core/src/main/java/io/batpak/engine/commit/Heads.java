package io.batpak.engine.commit;

import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.index.HiddenRanges;
import io.batpak.engine.index.NameKey;
import io.batpak.engine.index.Postings;
import io.batpak.engine.index.SegmentIndex;
import io.batpak.engine.segment.Segment;
import io.batpak.engine.segment.SegmentLog;
import io.batpak.event.Hash;
import io.batpak.failure.Corrupt;
import org.jspecify.annotations.Nullable;

/// The last event of an entity, wherever it is. For the holder of the writer role.
///
/// Nothing is kept per entity: the active index knows the entities of its segment, and the footers
/// of older segments are asked newest first, each by its filter. So memory does not grow with
/// history, and an entity pays for the search once per segment.
final class Heads {

  private static final Segment[] NONE = {};

  private final SegmentLog log;

  /// Segments whose footers are known to hold.
  private volatile Segment[] checked = NONE;

  /// The last event of an entity.
  ///
  /// @param index the index that has it, or null if there is none
  /// @param row which row
  record Head(@Nullable SegmentIndex index, int row) {
    static final Head NONE = new Head(null, -1);

    long clock() {
      return index == null ? Check.Revision.NO_STREAM : index.clock(row);
    }

    long sequence() {
      return index == null ? -1 : index.first() + row;
    }

    long idHigh() {
      return index == null ? 0 : index.idHigh(row);
    }

    long idLow() {
      return index == null ? 0 : index.idLow(row);
    }

    Hash hash() {
      return index == null ? Hash.ZERO : index.hash(row);
    }
  }

  Heads(SegmentLog log) {
    this.log = log;
  }

  /// {@return the last event, hidden or not: what the next one is chained to}
  Head of(String entity) {
    Segment[] segments = log.segments();
    if (segments.length == 0) {
      return Head.NONE;
    }
    SegmentIndex newest = segments[segments.length - 1].index();
    if (newest instanceof ActiveIndex active) {
      int row = active.lastRow(entity);
      if (row >= 0) {
        return new Head(active, row);
      }
    }
    return older(segments, entity, HiddenRanges.NONE);
  }

  /// {@return the last event of an entity that the active segment does not have}
  Head before(String entity) {
    return older(log.segments(), entity, HiddenRanges.NONE);
  }

  /// {@return the last event that is not hidden for good: what a condition is about}
  Head shown(String entity, HiddenRanges hidden) {
    Head head = of(entity);
    return hidden.contains(head.sequence()) ? older(log.segments(), entity, hidden) : head;
  }

  /// Looks the entities of a commit up before the role is taken, and forgets the answers: what is
  /// costly the first time, such as checking a footer, is then done.
  void prepare(CommitRequest request) {
    Segment[] segments = log.segments();
    if (segments.length < 2) {
      return;
    }
    SegmentIndex newest = segments[segments.length - 1].index();
    for (int i = 0; i < request.count(); i++) {
      String entity = request.draft(i).coordinate().entity();
      if (request.previousItem(i) < 0
          && (!(newest instanceof ActiveIndex active) || active.lastRow(entity) < 0)) {
        try {
          var _ = older(segments, entity, HiddenRanges.NONE);
        } catch (IllegalStateException e) {
          // The mappings have ended, so the store is closed: the role says so.
          return;
        }
      }
    }
  }

  /// {@return whether every footer has been checked, so that a look-up within the role costs no
  /// more than a look-up}
  @SuppressWarnings("ReferenceEquality") // the log replaces the array when it changes
  boolean ready() {
    Segment[] segments = log.segments();
    if (segments == checked) {
      return true;
    }
    for (Segment segment : segments) {
      if (!segment.checked()) {
        return false;
      }
    }
    checked = segments;
    return true;
  }

  private static Head older(Segment[] segments, String entity, HiddenRanges hidden) {
    NameKey name = new NameKey(entity);
    for (int i = segments.length - 1; i >= 0; i--) {
      SegmentIndex index = segments[i].index();
      try {
        Postings rows = index.ofEntity(name);
        for (int at = rows.count() - 1; at >= 0; at--) {
          if (!hidden.contains(index.first() + rows.row(at))) {
            return new Head(index, rows.row(at));
          }
        }
      } catch (IndexOutOfBoundsException e) {
        throw new Corrupt(
            segments[i].path(),
            segments[i].framesEnd(),
            -1,
            "its footer does not hold: " + e.getMessage());
      }
    }
    return Head.NONE;
  }
}
