package io.batpak.benches.store;

/// The numbers of a fixed count of bits in another order: every number once, neighbours far apart.
///
/// Multiplying by an odd number and folding the upper half onto the lower one can both be undone
/// within the bits, so no two indices meet.
///
/// @param bits 2 to 32
record Permutation(int bits) {

  // odd; from the finalizer of MurmurHash3
  private static final int FIRST_FACTOR = 0x85EBCA6B;
  private static final int SECOND_FACTOR = 0xC2B2AE35;

  Permutation {
    if (bits < 2 || bits > Integer.SIZE) {
      throw new IllegalArgumentException(bits + " bits are outside 2..32");
    }
  }

  /// {@return the number at a place, unsigned}
  ///
  /// @param index the place; its lower bits count
  int at(int index) {
    int mask = -1 >>> Integer.SIZE - bits;
    int fold = bits / 2;
    int mixed = index & mask;
    mixed ^= mixed >>> fold;
    mixed = mixed * FIRST_FACTOR & mask;
    mixed ^= mixed >>> fold;
    mixed = mixed * SECOND_FACTOR & mask;
    return mixed ^ mixed >>> fold;
  }
}
