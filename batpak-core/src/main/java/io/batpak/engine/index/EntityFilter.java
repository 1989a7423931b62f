package io.batpak.engine.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The filter over entities of footers of format 1: a Bloom filter (Bloom, 1970).
///
/// 16 bits a name and four probes by double hashing (Kirsch and Mitzenmacher, 2006): about 0.24 %
/// false answers. Since format 2 it is a {@link WordFilter}, whose probes share a cache line.
final class EntityFilter {

  private static final int BITS_PER_NAME = 16;
  private static final int PROBE_COUNT = 4;
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private EntityFilter() {}

  /// {@return the words of an empty filter, a power of two of them}
  static long[] create(int nameCount) {
    long bits = Math.max(64, (long) nameCount * BITS_PER_NAME);
    return new long[(int) (Long.highestOneBit(bits * 2 - 1) >>> 6)];
  }

  static void add(long[] filter, long fingerprint) {
    long mask = ((long) filter.length << 6) - 1;
    long step = fingerprint >>> 32 | 1;
    for (int i = 0; i < PROBE_COUNT; i++) {
      long bit = fingerprint + i * step & mask;
      filter[(int) (bit >>> 6)] |= 1L << bit;
    }
  }

  static boolean mayContain(MemorySegment file, long offset, long byteCount, long fingerprint) {
    long mask = (byteCount << 3) - 1;
    long step = fingerprint >>> 32 | 1;
    for (int i = 0; i < PROBE_COUNT; i++) {
      long bit = fingerprint + i * step & mask;
      if ((file.get(WORD, offset + (bit >>> 6 << 3)) & 1L << bit) == 0) {
        return false;
      }
    }
    return true;
  }
}
