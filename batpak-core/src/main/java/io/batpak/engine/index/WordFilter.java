package io.batpak.engine.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Two Bloom filters, one behind the other, in each of which all bits of a name lie in one word
/// (Putze, Sanders and Singler, "Cache-, hash- and space-efficient Bloom filters", 2007), so that a
/// segment without the name costs one load. The second is asked only where the first says yes, and
/// keeps the search of a dictionary, which costs far more, for names that are there.
///
/// Each has ten bits and four probes a name and about 2 % false answers, both together less than
/// 0.1 %. The upper half of the fingerprint chooses the word, and each six bits of the lower half,
/// from the lowest on, a bit of it. For the second filter the fingerprint is multiplied by {@link
/// #SECOND}, and the lower half of the product is what both halves are by exclusive or. Part of the
/// file format.
final class WordFilter {

  private static final int BITS_PER_NAME = 10;
  private static final int PROBE_COUNT = 4;
  private static final int PROBE_BITS = 6;

  /// 2 to the power of 64, divided by the golden ratio; odd.
  private static final long SECOND = 0x9E3779B97F4A7C15L;

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private WordFilter() {}

  /// {@return the words of an empty filter: an even count}
  static long[] create(int nameCount) {
    return new long[(int) (((long) nameCount * BITS_PER_NAME + Long.SIZE - 1) / Long.SIZE) * 2];
  }

  static void add(long[] filter, long fingerprint) {
    int half = filter.length / 2;
    filter[word(fingerprint, half)] |= bits(fingerprint);
    long second = second(fingerprint);
    filter[half + word(second, half)] |= bits(second);
  }

  // NewestBench.missTag
  static boolean mayContain(MemorySegment file, long offset, int wordCount, long fingerprint) {
    int half = wordCount >>> 1;
    long bits = bits(fingerprint);
    long word = file.get(WORD, offset + ((long) word(fingerprint, half) << 3));
    return (word & bits) == bits
        && mayContainSecond(file, offset + ((long) half << 3), half, second(fingerprint));
  }

  private static boolean mayContainSecond(
      MemorySegment file, long offset, int wordCount, long fingerprint) {
    long bits = bits(fingerprint);
    return (file.get(WORD, offset + ((long) word(fingerprint, wordCount) << 3)) & bits) == bits;
  }

  /// Scaled rather than masked, so that the count of words need not be a power of two.
  private static int word(long fingerprint, int wordCount) {
    return (int) ((fingerprint >>> 32) * wordCount >>> 32);
  }

  private static long second(long fingerprint) {
    long product = fingerprint * SECOND;
    return product ^ product >>> 32;
  }

  private static long bits(long fingerprint) {
    long bits = 0;
    for (int i = 0; i < PROBE_COUNT; i++) {
      bits |= 1L << (fingerprint >>> i * PROBE_BITS);
    }
    return bits;
  }
}
