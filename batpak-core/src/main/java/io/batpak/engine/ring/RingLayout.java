package io.batpak.engine.ring;

import io.batpak.event.EventId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/// Offsets and constants of the ring; see the package page.
public final class RingLayout {

  /// The file's name.
  public static final String NAME = "store.ring";

  /// The format version that is written.
  public static final int FORMAT = 1;

  /// The smallest capacity, in bytes: several pages.
  public static final int CAPACITY_MIN = 1 << 14;

  /// The largest capacity, in bytes: what a fast writer fills while the disk is slow for a moment.
  public static final int CAPACITY_MAX = 1 << 22;

  static final int HEADER_BYTES = 4_096;
  static final int PAGE_BYTES = 4_096;

  /// The bytes `RING`, as a little-endian int.
  static final int MAGIC = 'R' | 'I' << 8 | 'N' << 16 | 'G' << 24;

  static final int MAGIC_OFFSET = 0;
  static final int FORMAT_OFFSET = 4;
  static final int STORE_OFFSET = 8;
  static final int CAPACITY_OFFSET = 24;
  static final int CRC_OFFSET = 28;

  private RingLayout() {}

  /// {@return the capacity for segments of a length}
  ///
  /// @param segmentBytes the length of a segment without its footer
  public static int capacity(int segmentBytes) {
    return Math.clamp(Integer.highestOneBit(segmentBytes / 16), CAPACITY_MIN, CAPACITY_MAX);
  }

  static boolean plausible(int capacity) {
    return Integer.bitCount(capacity) == 1 && capacity >= CAPACITY_MIN && capacity <= CAPACITY_MAX;
  }

  static ByteBuffer header(EventId store, int capacity) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(MAGIC_OFFSET, MAGIC);
    header.putInt(FORMAT_OFFSET, FORMAT);
    header.order(ByteOrder.BIG_ENDIAN);
    header.putLong(STORE_OFFSET, store.high());
    header.putLong(STORE_OFFSET + Long.BYTES, store.low());
    header.order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(CAPACITY_OFFSET, capacity);
    header.putInt(CRC_OFFSET, crc(header));
    return header;
  }

  static EventId store(ByteBuffer header) {
    ByteBuffer id = header.duplicate().order(ByteOrder.BIG_ENDIAN);
    return new EventId(id.getLong(STORE_OFFSET), id.getLong(STORE_OFFSET + Long.BYTES));
  }

  static int crc(ByteBuffer header) {
    CRC32 crc32 = new CRC32();
    crc32.update(header.duplicate().clear().limit(CRC_OFFSET));
    return (int) crc32.getValue();
  }
}
