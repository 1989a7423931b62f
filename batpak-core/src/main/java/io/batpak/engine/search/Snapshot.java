package io.batpak.engine.search;

import io.batpak.engine.index.HiddenRanges;
import io.batpak.engine.index.KeyProbe;
import io.batpak.engine.index.SegmentIndex;
import io.batpak.engine.segment.Segment;
import io.batpak.event.EventId;
import java.util.Optional;

/// The log up to an end: what a read sees, taken once at its start.
public final class Snapshot {

  private final Segment[] segments;
  private final long end;
  private final HiddenRanges hidden;

  /// Creates a snapshot. The end must have been read before the segments, so that these reach at
  /// least to it.
  ///
  /// @param end the sequence behind the last visible event
  /// @param segments all segments in order; not copied, not to be changed
  /// @param hidden what no read shows of the events before the end
  public Snapshot(long end, Segment[] segments, HiddenRanges hidden) {
    this.segments = segments;
    this.end = end;
    this.hidden = hidden;
  }

  /// {@return the sequence behind the last visible event}
  public long end() {
    return end;
  }

  /// {@return what no read shows of the events before the end}
  public HiddenRanges hidden() {
    return hidden;
  }

  int segmentCount() {
    return segments.length;
  }

  Segment segment(int i) {
    return segments[i];
  }

  /// {@return the segment that holds a sequence}
  ///
  /// @param sequence below the end
  public Segment segmentOf(long sequence) {
    return segments[ordinalOf(sequence)];
  }

  /// {@return which segment holds a sequence; the last for one beyond}
  int ordinalOf(long sequence) {
    int low = 0;
    int high = segments.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (segments[middle].first() <= sequence) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /// {@return the sequence of an event that is not hidden, found by binary search, since ids ascend
  /// with sequences}
  ///
  /// @param id the event
  public Optional<Long> find(EventId id) {
    int low = 0;
    int high = segments.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      Segment segment = segments[middle];
      boolean empty = segment.first() >= end;
      if (!empty && compare(segment.index(), 0, id) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    if (low > high || segments[low].first() >= end) {
      return Optional.empty();
    }
    return find(segments[low], id).filter(sequence -> !hidden.contains(sequence));
  }

  private Optional<Long> find(Segment segment, EventId id) {
    SegmentIndex index = segment.index();
    int low = 0;
    int high = rows(segment, index) - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = compare(index, middle, id);
      if (order == 0) {
        return Optional.of(segment.first() + middle);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Optional.empty();
  }

  /// {@return the sequence of the last event with an idempotency key, hidden or not, or -1}
  ///
  /// @param key the key
  public long find(KeyProbe key) {
    for (int i = segments.length - 1; i >= 0; i--) {
      int row = segments[i].index().rowWithKey(key);
      if (row >= 0) {
        return segments[i].first() + row;
      }
    }
    return -1;
  }

  /// {@return how many rows of a segment are visible}
  int rows(Segment segment, SegmentIndex index) {
    return (int) Math.min(index.rows(), Math.max(0, end - segment.first()));
  }

  private static int compare(SegmentIndex index, int row, EventId id) {
    int order = Long.compareUnsigned(index.idHigh(row), id.high());
    return order != 0 ? order : Long.compareUnsigned(index.idLow(row), id.low());
  }
}
