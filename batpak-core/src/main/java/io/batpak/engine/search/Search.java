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

/// Walks the events of a region in a snapshot, one at a time, in either direction. Not fit for
/// several threads.
///
/// Segments are visited in order, and only those that can hold an answer; within one, the rows of
/// the condition with the fewest are walked. Nothing is copied.
public final class Search {

  /// Which way a search goes.
  public enum Direction {
    /// By ascending sequence.
    FORWARD,
    /// By descending sequence.
    BACKWARD
  }

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

  /// Prepares a search; nothing is read yet.
  ///
  /// @param snapshot where
  /// @param region what
  /// @param direction which way
  /// @param from the first sequence, besides that of the region
  /// @param until the sequence behind the last, besides that of the region
  public Search(Snapshot snapshot, Region region, Direction direction, long from, long until) {
    this.snapshot = snapshot;
    this.matcher = new Matcher(region);
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

  /// Goes to the next event.
  ///
  /// @return whether there is one
  public boolean advance() {
    while (true) {
      while (at != stop) {
        int next = driver.row(direction == Direction.FORWARD ? at++ : --at);
        if (matcher.matches(index(), next, candidates)) {
          row = next;
          return true;
        }
      }
      if (!enterSegment()) {
        return false;
      }
    }
  }

  /// {@return the segment of the event; where {@link #advance} failed, the one it was in}
  public Segment segment() {
    return Objects.requireNonNull(segment);
  }

  /// {@return the index of that segment}
  public SegmentIndex index() {
    return Objects.requireNonNull(index);
  }

  /// {@return the event's row in it}
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
    int rows = snapshot.rows(now, index);
    Region region = matcher.region();
    int low = (int) Math.min(rows, Math.max(0, from - now.first()));
    int high = (int) Math.min(rows, Math.max(0, until - now.first()));
    if (region.fromMillis() > 0) {
      low = Math.max(low, firstRowAt(index, rows, region.fromMillis()));
    }
    if (region.untilMillis() < Long.MAX_VALUE) {
      high = Math.min(high, firstRowAt(index, rows, region.untilMillis()));
    }
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
    this.at = direction == Direction.FORWARD ? start : end;
    this.stop = direction == Direction.FORWARD ? end : start;
    return start < end;
  }

  /// {@return the first row at or behind a wall time}
  private static int firstRowAt(SegmentIndex index, int rows, long wallMillis) {
    int low = 0;
    int high = rows;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (index.wallMillis(middle) < wallMillis) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
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
