package io.batpak.engine.search;

import io.batpak.engine.index.Postings;
import io.batpak.engine.index.SegmentIndex;
import io.batpak.engine.search.Matcher.Candidates;
import io.batpak.engine.search.Matcher.Condition;
import io.batpak.engine.segment.Segment;
import io.batpak.query.Region;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Walks the events of a region. Segments are visited in order, and only those that can hold an
/// answer; within one, the rows of the condition with the fewest are walked. Nothing is copied.
final class RegionSearch implements Search {

  private final Snapshot snapshot;
  private final Matcher matcher;
  private final Direction direction;
  private final long from;
  private final long until;

  private int segmentAt;
  private @Nullable Segment segment;
  private @Nullable SegmentIndex index;
  private Postings driver = Postings.NONE;
  private Candidates candidates = new Candidates(null, Condition.NONE, List.of());
  private int at;
  private int stop;
  private int row;

  /// Whether the segment has rows that are not to be shown, as far as that is known without asking
  /// each.
  private boolean withholds;

  private boolean leavesOwnOut;

  RegionSearch(Snapshot snapshot, Matcher matcher, Direction direction, long from, long until) {
    Region region = matcher.region();
    this.snapshot = snapshot;
    this.matcher = matcher;
    this.direction = direction;
    this.from = Math.max(from, region.fromSequence());
    this.until = Math.min(Math.min(until, region.untilSequence()), snapshot.end());
    this.segmentAt = firstSegment();
  }

  private int firstSegment() {
    if (from >= until || snapshot.segmentCount() == 0) {
      return -1;
    }
    return snapshot.ordinalOf(direction == Direction.FORWARD ? from : until - 1);
  }

  @Override
  public boolean advance() {
    while (true) {
      while (at != stop) {
        int next = driver.row(direction == Direction.FORWARD ? at++ : --at);
        if (matcher.matches(index(), next, candidates) && !(withholds && withheld(next))) {
          row = next;
          return true;
        }
      }
      if (!enterSegment()) {
        return false;
      }
    }
  }

  /// {@return whether a row is not to be shown}
  private boolean withheld(int row) {
    return snapshot.hidden().contains(index().first() + row)
        || leavesOwnOut && Matcher.own(index(), row);
  }

  @Override
  public Segment segment() {
    return Objects.requireNonNull(segment);
  }

  @Override
  public SegmentIndex index() {
    return Objects.requireNonNull(index);
  }

  @Override
  public int row() {
    return row;
  }

  private boolean enterSegment() {
    while (segmentAt >= 0 && segmentAt < snapshot.segmentCount()) {
      Segment now = snapshot.segment(segmentAt);
      if (direction == Direction.FORWARD
          ? now.first() >= until
          : now.first() + now.rows() <= from) {
        return false;
      }
      segmentAt += direction == Direction.FORWARD ? 1 : -1;
      if (enter(now)) {
        return true;
      }
    }
    return false;
  }

  private boolean enter(Segment now) {
    this.segment = now;
    SegmentIndex index = now.index();
    if (matcher.misses(index)) {
      return false;
    }
    int rows = snapshot.rows(now, index);
    int low = matcher.firstRow(index, rows, from - now.first());
    int high = matcher.endRow(index, rows, until - now.first());
    if (low >= high) {
      return false;
    }
    Candidates candidates = matcher.candidates(index);
    if (candidates == null) {
      return false;
    }
    Postings rowsToWalk = candidates.driver() == null ? new All(rows) : candidates.driver();
    int start = rowsToWalk.countBelow(low);
    int end = rowsToWalk.countBelow(high);
    this.index = index;
    this.driver = rowsToWalk;
    this.candidates = candidates;
    this.leavesOwnOut = matcher.leavesOwnOut(index);
    this.withholds =
        leavesOwnOut || snapshot.hidden().intersects(now.first() + low, now.first() + high);
    this.at = direction == Direction.FORWARD ? start : end;
    this.stop = direction == Direction.FORWARD ? end : start;
    return start < end;
  }

  /// Every row.
  private record All(int count) implements Postings {

    @Override
    public int row(int i) {
      return i;
    }

    @Override
    public int countBelow(int row) {
      return Math.min(count, Math.max(0, row));
    }
  }
}
