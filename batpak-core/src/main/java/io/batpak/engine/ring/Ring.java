package io.batpak.engine.ring;

import io.batpak.engine.frame.FrameDecoder;
import io.batpak.engine.frame.FrameLayout;
import io.batpak.engine.platform.Access;
import io.batpak.engine.platform.Disk;
import io.batpak.engine.platform.DiskFile;
import io.batpak.event.EventId;
import io.batpak.failure.StoreException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/// The ring of an open store: a mapped file that takes frames at memory speed.
///
/// It knows offsets of the active segment and nothing of who may use them: {@link #put} is for the
/// holder of the writer role, {@link #writeTo} and {@link #clear} for the one thread that drains,
/// the others for everyone. Who reads slots that are cleared meanwhile gets zeros or part of a
/// newer frame, and must look again where the frame stands now.
public final class Ring {

  private static final int ZERO_BYTES = 1 << 16;

  private final DiskFile file;
  private final MemorySegment slots;
  private final int mask;

  private Ring(DiskFile file, MemorySegment slots) {
    this.file = file;
    this.slots = slots;
    this.mask = (int) slots.byteSize() - 1;
  }

  /// Makes the file, in place of one that was left behind.
  ///
  /// @param disk the store directory
  /// @param store the store's id
  /// @param capacity bytes of slots, a power of two
  /// @param arena ends the mapping
  /// @return an empty ring
  /// @throws io.batpak.failure.DiskFull if there is no room
  public static Ring create(Disk disk, EventId store, int capacity, Arena arena) {
    disk.delete(RingLayout.NAME);
    DiskFile file = disk.create(RingLayout.NAME);
    try {
      long length = (long) RingLayout.HEADER_BYTES + capacity;
      // Written, so that a full disk shows here and not as a fault in the middle of an append.
      ByteBuffer zeros = ByteBuffer.allocateDirect(ZERO_BYTES);
      for (long at = RingLayout.HEADER_BYTES; at < length; at += zeros.limit()) {
        zeros.clear().limit((int) Math.min(ZERO_BYTES, length - at));
        file.write(at, zeros);
      }
      file.write(0, RingLayout.header(store, capacity));
      MemorySegment memory = file.map(length, Access.WRITE, arena);
      MemorySegment slots = memory.asSlice(RingLayout.HEADER_BYTES, capacity);
      for (long at = 0; at < capacity; at += RingLayout.PAGE_BYTES) {
        slots.set(ValueLayout.JAVA_BYTE, at, (byte) 0);
      }
      return new Ring(file, slots);
    } catch (StoreException e) {
      discard(disk, file, e);
      throw e;
    }
  }

  private static void discard(Disk disk, DiskFile file, StoreException cause) {
    try {
      file.close();
      disk.delete(RingLayout.NAME);
    } catch (StoreException e) {
      cause.addSuppressed(e);
    }
  }

  /// {@return how many bytes of frames it holds at most}
  public int capacity() {
    return mask + 1;
  }

  /// Takes frames. The slots are free. The first frame's length comes last, so that a process that
  /// ends in between leaves all of them or none.
  ///
  /// @param offset where they belong in the segment
  /// @param frames holds them from index 0 on
  /// @param byteCount their length together, a multiple of 8
  public void put(int offset, byte[] frames, int byteCount) {
    int slot = offset & mask;
    int body = FrameLayout.CRC_OFFSET;
    int first = Math.min(byteCount, capacity() - slot);
    if (first < byteCount) {
      MemorySegment.copy(frames, first, slots, ValueLayout.JAVA_BYTE, 0, byteCount - first);
    }
    MemorySegment.copy(frames, body, slots, ValueLayout.JAVA_BYTE, slot + body, first - body);
    FrameLayout.lengthRelease(slots, slot, FrameLayout.length(frames));
  }

  /// Writes frames into their segment.
  ///
  /// @param target the segment's file
  /// @param start their first offset
  /// @param end the offset behind the last
  public void writeTo(DiskFile target, int start, int end) {
    for (int at = start; at < end; ) {
      int slot = at & mask;
      int count = Math.min(end - at, capacity() - slot);
      target.write(at, slots.asSlice(slot, count).asByteBuffer());
      at += count;
    }
  }

  /// Zeroes the slots of frames that stand in their segment.
  ///
  /// @param start their first offset
  /// @param end the offset behind the last
  public void clear(int start, int end) {
    for (int at = start; at < end; ) {
      int slot = at & mask;
      int count = Math.min(end - at, capacity() - slot);
      slots.asSlice(slot, count).fill((byte) 0);
      at += count;
    }
  }

  /// Reads bytes of frames.
  ///
  /// @param offset where they belong in the segment
  /// @param target gets them
  /// @param start the index of the first in the target
  /// @param byteCount how many, at most the capacity
  public void read(int offset, byte[] target, int start, int byteCount) {
    int slot = offset & mask;
    int first = Math.min(byteCount, capacity() - slot);
    MemorySegment.copy(slots, ValueLayout.JAVA_BYTE, slot, target, start, first);
    if (first < byteCount) {
      MemorySegment.copy(slots, ValueLayout.JAVA_BYTE, 0, target, start + first, byteCount - first);
    }
  }

  /// Loads a frame.
  ///
  /// @param decoder takes it
  /// @param offset where it belongs in the segment
  /// @return what was found
  public FrameDecoder.Found load(FrameDecoder decoder, int offset) {
    int slot = offset & mask;
    int bodyBytes = FrameLayout.lengthAcquire(slots, slot);
    if (bodyBytes < 0 || bodyBytes > capacity() - FrameLayout.BODY_OFFSET) {
      return FrameDecoder.Found.DAMAGE;
    }
    int frameBytes = FrameLayout.frameBytes(bodyBytes);
    if (frameBytes <= capacity() - slot) {
      return decoder.load(slots, slot, capacity());
    }
    return decoder.load(RingImage.unwrapped(slots, slot, frameBytes), 0, frameBytes);
  }

  /// Closes the file; the mapping stays.
  public void close() {
    file.close();
  }
}
