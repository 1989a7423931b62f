package io.batpak.engine.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A Bloom filter over entity names (Bloom, 1970), so that a segment without the entity costs a few
/// loads.
///
/// 16 bits a name and four probes by double hashing (Kirsch and Mitzenmacher, 2006): about 0.24 %
/// false answers. The fingerprint is FNV-1a with the finalizer of MurmurHash3; it is part of the
/// file format.
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

  static long fingerprint(byte[] name) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : name) {
      hash = (hash ^ b & 0xFF) * 0x100000001B3L;
    }
    hash ^= hash >>> 33;
    hash *= 0xFF51AFD7ED558CCDL;
    hash ^= hash >>> 33;
    hash *= 0xC4CEB9FE1A85EC53L;
    return hash ^ hash >>> 33;
  }
}
