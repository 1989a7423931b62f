package io.batpak.engine.ring;

import io.batpak.engine.frame.FrameLayout;
import io.batpak.engine.platform.Access;
import io.batpak.engine.platform.Disk;
import io.batpak.engine.platform.DiskFile;
import io.batpak.event.EventId;
import io.batpak.failure.FormatTooNew;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/// What a ring held when it was read: for an opening, a verifier, a reader beside the writer. A
/// copy, so that a live writer does not change it.
public final class RingImage {

  private final Path path;
  private final EventId store;
  private final MemorySegment slots;

  private RingImage(Path path, EventId store, MemorySegment slots) {
    this.path = path;
    this.store = store;
    this.slots = slots;
  }

  /// What a ring file is.
  public sealed interface Read {

    /// A ring.
    ///
    /// @param image what it held
    record Good(RingImage image) implements Read {}

    /// No frame was ever answered from it: empty, or all zeros.
    record Unused() implements Read {}

    /// A header that does not hold.
    ///
    /// @param reason what was found
    /// @param byteCount the length of the file
    record Bad(String reason, long byteCount) implements Read {}
  }

  /// Reads the ring of a directory.
  ///
  /// @param disk the directory
  /// @return what it is
  /// @throws FormatTooNew if a newer library made it
  public static Read read(Disk disk) {
    Path path = disk.path(RingLayout.NAME);
    try (DiskFile file = disk.open(RingLayout.NAME, Access.READ)) {
      ByteBuffer header = ByteBuffer.allocate(RingLayout.HEADER_BYTES);
      header.order(ByteOrder.LITTLE_ENDIAN);
      file.read(0, header);
      if (zero(header)) {
        return new Read.Unused();
      }
      int format = header.getInt(RingLayout.FORMAT_OFFSET);
      if (header.getInt(RingLayout.MAGIC_OFFSET) == RingLayout.MAGIC
          && format > RingLayout.FORMAT) {
        throw new FormatTooNew(path, format, RingLayout.FORMAT);
      }
      int crc = header.getInt(RingLayout.CRC_OFFSET);
      int capacity = header.getInt(RingLayout.CAPACITY_OFFSET);
      if (crc != RingLayout.crc(header) || !RingLayout.plausible(capacity)) {
        return new Read.Bad(
            String.format(
                "a header with checksum %08X, expected %08X", RingLayout.crc(header), crc),
            file.length());
      }
      MemorySegment slots = MemorySegment.ofArray(new long[capacity / Long.BYTES]);
      copy(file, slots);
      return new Read.Good(new RingImage(path, RingLayout.store(header), slots));
    }
  }

  private static boolean zero(ByteBuffer header) {
    for (int at = 0; at < header.capacity(); at += Long.BYTES) {
      if (header.getLong(at) != 0) {
        return false;
      }
    }
    return true;
  }

  /// A shorter file leaves zeros.
  private static void copy(DiskFile file, MemorySegment slots) {
    ByteBuffer piece = ByteBuffer.allocate(1 << 16);
    for (long at = 0; at < slots.byteSize(); at += piece.capacity()) {
      piece.clear();
      file.read(RingLayout.HEADER_BYTES + at, piece);
      MemorySegment.copy(
          MemorySegment.ofArray(piece.array()),
          0,
          slots,
          at,
          Math.min(piece.position(), slots.byteSize() - at));
    }
  }

  /// {@return the file, for messages}
  public Path path() {
    return path;
  }

  /// {@return the store that it belongs to}
  public EventId store() {
    return store;
  }

  /// {@return what may continue a segment from an offset on: all slots, beginning with that of the
  /// offset; empty if that one is zero}
  ///
  /// @param offset an offset in the segment
  public MemorySegment behind(int offset) {
    int slot = offset & (int) slots.byteSize() - 1;
    return FrameLayout.lengthAcquire(slots, slot) == 0
        ? MemorySegment.NULL
        : unwrapped(slots, slot, (int) slots.byteSize());
  }

  /// A copy of slots, from one on across the end.
  static MemorySegment unwrapped(MemorySegment slots, int slot, int byteCount) {
    MemorySegment copy = MemorySegment.ofArray(new long[(byteCount + Long.BYTES - 1) / Long.BYTES]);
    int first = Math.min(byteCount, (int) slots.byteSize() - slot);
    MemorySegment.copy(slots, ValueLayout.JAVA_BYTE, slot, copy, ValueLayout.JAVA_BYTE, 0, first);
    MemorySegment.copy(
        slots, ValueLayout.JAVA_BYTE, 0, copy, ValueLayout.JAVA_BYTE, first, byteCount - first);
    return copy;
  }
}
