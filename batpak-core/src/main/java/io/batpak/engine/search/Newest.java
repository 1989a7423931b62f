package io.batpak.engine.search;

import io.batpak.engine.index.HiddenRanges;
import io.batpak.engine.index.Postings;
import io.batpak.engine.index.SegmentIndex;
import io.batpak.engine.segment.Segment;
import io.batpak.query.Region;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The newest event of a region, looked for from the end: what a condition on a query asks within
/// the commit.
///
/// In each segment the rows of the condition with the fewest are asked newest first, until one
/// matches or lies in front of the range; usually the first of them decides. A namespace and a
/// category are asked name by name, unless there are few rows to be asked.
// NewestBench.tag
final class Newest {

  private final Snapshot snapshot;
  private final Matcher matcher;

  private Newest(Snapshot snapshot, Matcher matcher) {
    this.snapshot = snapshot;
    this.matcher = matcher;
  }

  /// {@return the sequence of the newest event of a region in a range, or -1}
  static long of(Snapshot snapshot, Matcher matcher, long from, long until) {
    Region region = matcher.region();
    long low = Math.max(from, region.fromSequence());
    long high = Math.min(Math.min(until, region.untilSequence()), snapshot.end());
    return low < high ? new Newest(snapshot, matcher).in(low, high) : -1;
  }

  private long in(long from, long until) {
    for (int i = snapshot.ordinalOf(until - 1); i >= 0; i--) {
      Segment segment = snapshot.segment(i);
      SegmentIndex index = segment.index();
      if (!matcher.misses(index)) {
        long found = in(segment, index, from, until);
        if (found >= 0) {
          return found;
        }
      }
      if (segment.first() <= from) {
        return -1;
      }
    }
    return -1;
  }

  private long in(Segment segment, SegmentIndex index, long from, long until) {
    long first = segment.first();
    int rows = snapshot.rows(segment, index);
    int low = matcher.firstRow(index, rows, from - first);
    int high = matcher.endRow(index, rows, until - first);
    int row = low < high ? newest(index, low, high) : -1;
    return row < 0 ? -1 : first + row;
  }

  private int newest(SegmentIndex index, int low, int high) {
    Postings fewest = null;
    int answered = -1;
    List<Lookup> lookups = matcher.lookups();
    for (int i = 0; i < lookups.size(); i++) {
      Postings rows = lookups.get(i).in(index);
      if (rows.count() == 0) {
        return -1;
      }
      if (fewest == null || rows.count() < fewest.count()) {
        fewest = rows;
        answered = i;
      }
    }
    if (matcher.severalNames()
        && high - low > Matcher.FEW_ROWS
        && (fewest == null || fewest.count() > Matcher.FEW_ROWS)) {
      return newestOfSeveral(index, low, high, fewest, answered);
    }
    return fewest == null
        ? newestOfAll(index, low, high)
        : newest(index, fewest, answered, low, high);
  }

  private int newestOfSeveral(
      SegmentIndex index, int low, int high, @Nullable Postings fewest, int answered) {
    Matcher.Several several = matcher.several(index);
    if (fewest != null && fewest.count() <= several.count()) {
      return newest(index, fewest, answered, low, high);
    }
    int newest = -1;
    for (Postings rows : several.lists()) {
      int row = newest(index, rows, -1, Math.max(low, newest + 1), high);
      newest = Math.max(newest, row);
    }
    return newest;
  }

  private int newestOfAll(SegmentIndex index, int low, int high) {
    for (int row = high - 1; row >= low; row--) {
      if (shown(index, row) && matcher.matchesBesides(-1, index, row)) {
        return row;
      }
    }
    return -1;
  }

  private int newest(SegmentIndex index, Postings rows, int answered, int low, int high) {
    int count = rows.count();
    int end = count == 0 || rows.row(count - 1) < high ? count : rows.countBelow(high);
    for (int i = end - 1; i >= 0; i--) {
      int row = rows.row(i);
      if (row < low) {
        return -1;
      }
      if (matcher.matchesBesides(answered, index, row) && shown(index, row)) {
        return row;
      }
    }
    return -1;
  }

  private boolean shown(SegmentIndex index, int row) {
    HiddenRanges hidden = snapshot.hidden();
    return !hidden.contains(index.first() + row)
        && !(matcher.leavesOwnOut(index) && Matcher.own(index, row));
  }
}
