package io.batpak.engine.search;

import io.batpak.engine.index.SegmentIndex;
import io.batpak.engine.segment.Segment;
import java.util.Arrays;
import java.util.List;

/// The searches of several regions, merged by sequence; an event of more than one comes once.
final class MergedSearch implements Search {

  private final List<RegionSearch> searches;
  private final Direction direction;

  /// Where each search stands; -1 at its end.
  private final long[] sequences;

  /// Which searches have to go on.
  private final boolean[] due;

  private RegionSearch current;

  MergedSearch(List<RegionSearch> searches, Direction direction) {
    this.searches = searches;
    this.direction = direction;
    this.sequences = new long[searches.size()];
    this.due = new boolean[searches.size()];
    Arrays.fill(due, true);
    this.current = searches.getFirst();
  }

  @Override
  public boolean advance() {
    long next = -1;
    for (int i = 0; i < sequences.length; i++) {
      if (due[i]) {
        step(i);
      }
      if (sequences[i] >= 0 && (next < 0 || comesBefore(sequences[i], next))) {
        next = sequences[i];
      }
    }
    for (int i = 0; i < sequences.length; i++) {
      due[i] = next >= 0 && sequences[i] == next;
      if (due[i]) {
        current = searches.get(i);
      }
    }
    return next >= 0;
  }

  private boolean comesBefore(long a, long b) {
    return direction == Direction.FORWARD ? a < b : a > b;
  }

  /// Current from here on: if it fails, its segment is the one that is asked for.
  private void step(int i) {
    current = searches.get(i);
    sequences[i] = current.advance() ? current.index().first() + current.row() : -1;
  }

  @Override
  public Segment segment() {
    return current.segment();
  }

  @Override
  public SegmentIndex index() {
    return current.index();
  }

  @Override
  public int row() {
    return current.row();
  }
}
