package io.batpak.engine.index;

import java.util.Arrays;
import java.util.List;

/// The sequences that no read shows: what cancelled visibility fences have left in the log.
/// Immutable.
public final class HiddenRanges {

  /// Nothing is hidden.
  public static final HiddenRanges NONE = new HiddenRanges(new long[0], new long[0]);

  /// Ascending and disjoint: each range is from one to before the other.
  private final long[] froms;

  private final long[] untils;

  private HiddenRanges(long[] froms, long[] untils) {
    this.froms = froms;
    this.untils = untils;
  }

  /// {@return ranges}
  ///
  /// @param froms the first sequence of each, ascending
  /// @param untils the sequence behind the last of each, not above the next first one
  public static HiddenRanges of(List<Long> froms, List<Long> untils) {
    long[] first = froms.stream().mapToLong(Long::longValue).toArray();
    long[] behind = untils.stream().mapToLong(Long::longValue).toArray();
    for (int i = 0; i < first.length; i++) {
      if (first[i] < (i == 0 ? 0 : behind[i - 1]) || behind[i] <= first[i]) {
        throw new IllegalArgumentException("ranges from " + froms + " until " + untils);
      }
    }
    return first.length == 0 ? NONE : new HiddenRanges(first, behind);
  }

  /// {@return these ranges and one behind them}
  ///
  /// @param from its first sequence, not below the end of the last range
  /// @param until the sequence behind its last
  public HiddenRanges with(long from, long until) {
    int count = froms.length;
    if (from < 0 || until <= from || count > 0 && from < untils[count - 1]) {
      throw new IllegalArgumentException(
          "range " + from + " until " + until + " is empty or not behind " + this);
    }
    long[] moreFroms = Arrays.copyOf(froms, count + 1);
    long[] moreUntils = Arrays.copyOf(untils, count + 1);
    moreFroms[count] = from;
    moreUntils[count] = until;
    return new HiddenRanges(moreFroms, moreUntils);
  }

  /// {@return how many ranges}
  public int count() {
    return froms.length;
  }

  /// {@return the first sequence of a range}
  ///
  /// @param i 0 to count - 1
  public long from(int i) {
    return froms[i];
  }

  /// {@return the sequence behind the last of a range}
  ///
  /// @param i 0 to count - 1
  public long until(int i) {
    return untils[i];
  }

  /// {@return whether a sequence is hidden}
  ///
  /// @param sequence any
  public boolean contains(long sequence) {
    return froms.length != 0 && rangeOf(sequence) >= 0;
  }

  /// {@return which range has a sequence, or -1}
  ///
  /// @param sequence any
  public int rangeOf(long sequence) {
    int i = rangesEndingBefore(sequence);
    return i < froms.length && froms[i] <= sequence ? i : -1;
  }

  /// {@return whether any sequence of a stretch is hidden}
  ///
  /// @param from its first
  /// @param until the sequence behind its last
  public boolean intersects(long from, long until) {
    if (froms.length == 0 || until <= from) {
      return false;
    }
    int i = rangesEndingBefore(from);
    return i < froms.length && froms[i] < until;
  }

  /// {@return how many ranges end at or before a sequence, by binary search}
  private int rangesEndingBefore(long sequence) {
    int low = 0;
    int high = untils.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (untils[middle] <= sequence) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// {@return the ranges, in the form `[5..9, 12..12]`}
  @Override
  public String toString() {
    var ranges = new String[froms.length];
    for (int i = 0; i < ranges.length; i++) {
      ranges[i] = froms[i] + ".." + (untils[i] - 1);
    }
    return Arrays.toString(ranges);
  }
}
