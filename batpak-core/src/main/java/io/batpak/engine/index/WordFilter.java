package io.batpak.engine.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A Bloom filter in which all bits of a name lie in one word (Putze, Sanders and Singler, "Cache-,
/// hash- and space-efficient Bloom filters", 2007), so that a segment without the name costs one
/// load.
///
/// 16 bits and five probes a name: about 0.4 % false answers. The upper half of the fingerprint
/// chooses the word, and each six bits of the lower half, from the lowest on, a bit of it. Part of
/// the file format.
final class WordFilter {

  private static final int BITS_PER_NAME = 16;
  private static final int PROBE_COUNT = 5;
  private static final int PROBE_BITS = 6;
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private WordFilter() {}

  /// {@return the words of an empty filter}
  static long[] create(int nameCount) {
    return new long[(int) (((long) nameCount * BITS_PER_NAME + Long.SIZE - 1) / Long.SIZE)];
  }

  static void add(long[] filter, long fingerprint) {
    filter[(int) word(fingerprint, filter.length)] |= bits(fingerprint);
  }

  // NewestBench.missTag
  static boolean mayContain(MemorySegment file, long offset, int wordCount, long fingerprint) {
    long bits = bits(fingerprint);
    long at = offset + (word(fingerprint, wordCount) << 3);
    return (file.get(WORD, at) & bits) == bits;
  }

  /// Scaled rather than masked, so that the count of words need not be a power of two.
  private static long word(long fingerprint, int wordCount) {
    return (fingerprint >>> 32) * wordCount >>> 32;
  }

  private static long bits(long fingerprint) {
    long bits = 0;
    for (int i = 0; i < PROBE_COUNT; i++) {
      bits |= 1L << (fingerprint >>> i * PROBE_BITS);
    }
    return bits;
  }
}
