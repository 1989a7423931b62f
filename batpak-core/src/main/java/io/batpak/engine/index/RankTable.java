package io.batpak.engine.index;

import java.util.Arrays;

/// The hash table of a dictionary: from a name's fingerprint to its rank, the ordinal of the name
/// in the order of the names' bytes. Part of the file format; see the package page.
///
/// Names stand in the order of their homes, each at its home or at the first slot behind the name
/// before it (linear probing in the order that Celis, Larson and Munro, "Robin Hood hashing", 1985,
/// arrive at). Thus no name that a fair hash places is far from its home, and the slots between a
/// name's home and the name are all taken. A name that would stand {@link #PROBE_MAX} slots or more
/// from its home is left out: only names that were chosen to collide are. A reader that finds as
/// many slots taken searches the dictionary by bisection instead.
final class RankTable {

  /// The most slots that a look-up reads. With three of four slots taken the longest way of a
  /// million names is shorter; see the M/D/1 queue, whose waiting time the distance is.
  static final int PROBE_MAX = 32;

  /// 2 to the power of 64, divided by the golden ratio; odd. Makes home and check bits independent
  /// of what {@link WordFilter} takes from the fingerprint.
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private RankTable() {}

  /// {@return what home and check bits are taken from}
  static long mix(long fingerprint) {
    return fingerprint * MULTIPLIER;
  }

  /// {@return how many slots are homes; behind them stand names that were moved}
  static long homeCount(int nameCount) {
    return nameCount + nameCount / 3L + 1;
  }

  /// {@return the slot where the search for a name begins}
  static long home(long mixed, long homeCount) {
    return (mixed >>> Integer.SIZE) * homeCount >>> Integer.SIZE;
  }

  /// {@return how many of a slot's lower bits are 1 + the rank; those above are check bits}
  static int rankBits(int nameCount) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(nameCount);
  }

  /// {@return the check bits of a name}
  static int check(long mixed, int rankBits) {
    return (int) mixed >>> rankBits;
  }

  /// {@return the slots, up to the last one taken; 0 is a free one}
  ///
  /// @param fingerprints of the names, by rank
  static int[] slots(long[] fingerprints) {
    int nameCount = fingerprints.length;
    long homeCount = homeCount(nameCount);
    long[] order = new long[nameCount];
    for (int rank = 0; rank < nameCount; rank++) {
      order[rank] = home(mix(fingerprints[rank]), homeCount) << Integer.SIZE | rank;
    }
    Arrays.sort(order);
    int[] slots = new int[Math.toIntExact(homeCount + PROBE_MAX)];
    int rankBits = rankBits(nameCount);
    int end = 0;
    for (long homeAndRank : order) {
      int home = (int) (homeAndRank >>> Integer.SIZE);
      int at = Math.max(home, end);
      if (at - home < PROBE_MAX) {
        int rank = (int) homeAndRank;
        slots[at] = check(mix(fingerprints[rank]), rankBits) << rankBits | rank + 1;
        end = at + 1;
      }
    }
    return Arrays.copyOf(slots, end);
  }
}
