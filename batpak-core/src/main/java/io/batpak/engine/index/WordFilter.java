package io.batpak.engine.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A Bloom filter in which all bits of a name lie in one word (Putze, Sanders and Singler, "Cache-,
/// hash- and space-efficient Bloom filters", 2007), so that a segment without the name costs one
/// load.
///
/// Twelve bits and four probes a name: less than 2 % false answers, each of which costs a look into
/// the dictionary's {@link RankTable}. The upper half of the fingerprint chooses the word, and each
/// six bits of the lower half, from the lowest on, a bit of it. Part of the file format.
final class WordFilter {

  private static final int BITS_PER_NAME = 12;
  private static final int PROBE_COUNT = 4;
  private static final int PROBE_BITS = 6;

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private WordFilter() {}

  /// {@return the words of an empty filter}
  static long[] create(int nameCount) {
    return new long[(int) (((long) nameCount * BITS_PER_NAME + Long.SIZE - 1) / Long.SIZE)];
  }

  static void add(long[] filter, long fingerprint) {
    filter[word(fingerprint, filter.length)] |= bits(fingerprint);
  }

  // NewestBench.missTag
  static boolean mayContain(MemorySegment file, long offset, int wordCount, long fingerprint) {
    long bits = bits(fingerprint);
    return (file.get(WORD, offset + ((long) word(fingerprint, wordCount) << 3)) & bits) == bits;
  }

  /// Scaled rather than masked, so that the count of words need not be a power of two.
  private static int word(long fingerprint, int wordCount) {
    return (int) ((fingerprint >>> 32) * wordCount >>> 32);
  }

  private static long bits(long fingerprint) {
    long bits = 0;
    for (int i = 0; i < PROBE_COUNT; i++) {
      bits |= 1L << (fingerprint >>> i * PROBE_BITS);
    }
    return bits;
  }
}
