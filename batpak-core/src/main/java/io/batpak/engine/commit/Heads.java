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
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The last event of an entity, wherever it is. For the holder of the writer role, except for
/// {@link #prepare}.
///
/// The active index knows the entities of its segment. Others are looked for in the segments before
/// it, newest first: one load from the filter of each segment that does not have the entity, then
/// one look-up. So memory does not grow with history, and an entity pays for the search once per
/// segment. A bounded table remembers in which segment an entity was last, which saves the filters
/// of the segments behind it.
///
/// # Why the table is right
///
/// It maps the hash of an entity's name to the segment in which a name of that hash was last new.
/// Every name that is new to an active segment is taken over before the next look-up that uses the
/// table, in the order of the segments; if a segment was missed, the table is emptied. So no
/// segment behind the one that the table gives has the entity. If the entity is not in that one
/// either, because another name has the same hash, or because the commit that named it was not
/// made, the search is as without a table.
final class Heads {

  private static final Segment[] NONE = {};

  private final SegmentLog log;
  private final Recent recent;

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

  /// Looks heads up.
  ///
  /// @param log the segments
  /// @param cachedCount how many entities are remembered, 0 or a power of two
  Heads(SegmentLog log, int cachedCount) {
    this.log = log;
    this.recent = new Recent(cachedCount);
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
      recent.follow(segments, active);
      return older(segments, new NameKey(entity), recent.firstOf(entity));
    }
    return older(segments, new NameKey(entity), Recent.UNKNOWN);
  }

  /// {@return the last event of an entity that the active segment does not have}
  Head before(String entity) {
    Segment[] segments = log.segments();
    NameKey name = new NameKey(entity);
    if (segments.length > 0
        && segments[segments.length - 1].index() instanceof ActiveIndex active) {
      recent.follow(segments, active);
      return older(segments, name, recent.firstOf(entity));
    }
    return older(segments, name, Recent.UNKNOWN);
  }

  /// {@return the last event that is not hidden for good: what a condition is about}
  Head shown(String entity, HiddenRanges hidden) {
    Head head = of(entity);
    return hidden.contains(head.sequence())
        ? newest(log.segments(), new NameKey(entity), hidden)
        : head;
  }

  /// Looks the entities of a commit up before the role is taken, and forgets the answers: what is
  /// costly the first time, such as checking a footer or a page that is not in memory, is then
  /// done.
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
          var _ = older(segments, new NameKey(entity), recent.firstOf(entity));
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

  /// @param first of the segment that is the last to have it if it has it, or unknown
  private static Head older(Segment[] segments, NameKey name, long first) {
    Segment likely = first == Recent.UNKNOWN ? null : segmentOf(segments, first);
    Head head = likely == null ? Head.NONE : in(likely, name, HiddenRanges.NONE);
    return head.sequence() < 0 ? newest(segments, name, HiddenRanges.NONE) : head;
  }

  private static @Nullable Segment segmentOf(Segment[] segments, long first) {
    int low = 0;
    int high = segments.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (segments[middle].first() <= first) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return segments[low].first() == first ? segments[low] : null;
  }

  private static Head newest(Segment[] segments, NameKey name, HiddenRanges hidden) {
    for (int i = segments.length - 1; i >= 0; i--) {
      Head head = in(segments[i], name, hidden);
      if (head.sequence() >= 0) {
        return head;
      }
    }
    return Head.NONE;
  }

  private static Head in(Segment segment, NameKey name, HiddenRanges hidden) {
    SegmentIndex index = segment.index();
    try {
      Postings rows = index.ofEntity(name);
      for (int i = rows.count() - 1; i >= 0; i--) {
        int row = Objects.checkIndex(rows.row(i), index.rows());
        if (!hidden.contains(index.first() + row)) {
          return new Head(index, row);
        }
      }
    } catch (IndexOutOfBoundsException e) {
      throw new Corrupt(
          segment.path(), segment.framesEnd(), -1, "its footer does not hold: " + e.getMessage());
    }
    return Head.NONE;
  }

  /// In which segment a name was last new, by the name's hash.
  ///
  /// One number an entry: the first sequence of the segment plus 1 in the upper 40 bits, bits of
  /// the hash in the lower 24; 0 is none. An entry takes the place of any other that was there.
  /// Only the holder of the role writes; others may read, and may miss what came last.
  private static final class Recent {

    static final long UNKNOWN = -1;
    private static final int CHECK_BITS = 24;
    private static final int CHECK_MASK = (1 << CHECK_BITS) - 1;
    private static final long FIRST_MAX = (1L << Long.SIZE - CHECK_BITS) - 2;

    /// 2 to the power of 32, divided by the golden ratio; odd.
    private static final int SPREAD = 0x9E3779B9;

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] slots;
    private final int shift;
    private @Nullable ActiveIndex followed;

    /// How many of its names have been taken over.
    private int taken;

    Recent(int count) {
      this.slots = new long[count];
      this.shift = Integer.SIZE - Integer.numberOfTrailingZeros(count);
    }

    /// Takes over the names that are new.
    void follow(Segment[] segments, ActiveIndex active) {
      if (slots.length == 0) {
        return;
      }
      ActiveIndex before = followed;
      if (before != active) {
        if (before != null && follows(segments, before)) {
          take(before, before.entityCount());
          taken = 0;
        } else {
          Arrays.fill(slots, 0);
          taken = active.entityCount();
        }
        followed = active;
      }
      // The names of the commit that is being made have no rows yet, and their segment of before is
      // what is asked for next.
      int end = taken;
      int count = active.entityCount();
      while (end < count && active.entityNumbered(end).lastRow() >= 0) {
        end++;
      }
      take(active, end);
    }

    /// {@return whether no segment came between one and the active one}
    private static boolean follows(Segment[] segments, ActiveIndex before) {
      return segments.length > 1 && segments[segments.length - 2].first() == before.first();
    }

    private void take(ActiveIndex index, int end) {
      for (; taken < end; taken++) {
        put(index.entityNumbered(taken).text(), index.first());
      }
    }

    private void put(String entity, long first) {
      int hash = hash(entity);
      long entry = first > FIRST_MAX ? 0 : first + 1 << CHECK_BITS | hash & CHECK_MASK;
      SLOT.setOpaque(slots, slot(hash), entry);
    }

    /// {@return the first sequence of the segment in which an entity was last new, or unknown}
    long firstOf(String entity) {
      if (slots.length == 0) {
        return UNKNOWN;
      }
      int hash = hash(entity);
      long entry = (long) SLOT.getOpaque(slots, slot(hash));
      return entry != 0 && ((int) entry & CHECK_MASK) == (hash & CHECK_MASK)
          ? (entry >>> CHECK_BITS) - 1
          : UNKNOWN;
    }

    /// The upper bits choose the slot, the lower ones are compared.
    private int slot(int hash) {
      return hash >>> shift & slots.length - 1;
    }

    private static int hash(String entity) {
      int spread = entity.hashCode() * SPREAD;
      return spread ^ spread >>> 15;
    }
  }
}
