package io.batpak.engine.search;

import io.batpak.engine.index.SegmentIndex;
import io.batpak.engine.segment.Segment;
import java.util.List;

/// Walks the events of a query in a snapshot, one at a time and each once, in either direction. Not
/// fit for several threads.
///
/// Hidden events are passed over, and so are the library's own, unless the region asks for them.
public sealed interface Search permits RegionSearch, MergedSearch {

  /// Which way a search goes.
  enum Direction {
    /// By ascending sequence.
    FORWARD,
    /// By descending sequence.
    BACKWARD
  }

  /// Prepares a search; nothing is read yet.
  ///
  /// @param snapshot where
  /// @param query what
  /// @param direction which way
  /// @param from the first sequence, besides those of the regions
  /// @param until the sequence behind the last, besides those of the regions
  /// @return in front of the first event
  static Search of(
      Snapshot snapshot, PreparedQuery query, Direction direction, long from, long until) {
    List<Matcher> matchers = query.matchers();
    if (matchers.size() == 1) {
      return new RegionSearch(snapshot, matchers.getFirst(), direction, from, until);
    }
    return new MergedSearch(
        matchers.stream()
            .map(matcher -> new RegionSearch(snapshot, matcher, direction, from, until))
            .toList(),
        direction);
  }

  /// Looks for the newest event of a query. Fit for the holder of the writer role: with one tag,
  /// one entity or one kind it allocates nothing in the active segment, and events that do not
  /// match cost nothing.
  ///
  /// @param snapshot where
  /// @param query what
  /// @param from the first sequence, besides those of the regions
  /// @param until the sequence behind the last, besides those of the regions
  /// @return its sequence, or -1
  // NewestBench.tag
  static long newest(Snapshot snapshot, PreparedQuery query, long from, long until) {
    List<Matcher> matchers = query.matchers();
    long newest = -1;
    for (int i = 0; i < matchers.size(); i++) {
      long found = Newest.of(snapshot, matchers.get(i), Math.max(from, newest + 1), until);
      newest = Math.max(newest, found);
    }
    return newest;
  }

  /// Goes to the next event.
  ///
  /// @return whether there is one
  boolean advance();

  /// {@return the segment of the event; where {@link #advance} failed, the one it was in}
  Segment segment();

  /// {@return the index of that segment}
  SegmentIndex index();

  /// {@return the event's row in it}
  int row();
}
