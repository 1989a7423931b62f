package io.batpak.engine.segment;

import io.batpak.engine.frame.FrameLayout;
import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.index.SealedIndex;
import io.batpak.engine.index.SidxWriter;
import io.batpak.engine.platform.Access;
import io.batpak.engine.platform.DiskFile;
import io.batpak.failure.DiskFailed;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The segment being written. Frames go in by the holder of the writer role; space ahead of them is
/// written, forced and touched by upkeep.
///
/// Two ways for bytes into the file, coherent with each other: through the mapping, which costs
/// nanoseconds but makes the next force slow, and by position, which costs a system call and keeps
/// it fast.
public final class ActiveSegment {

  private static final int ZERO_BYTES = 1 << 18;
  private static final int PAGE_BYTES = 4_096;

  /// How far ahead of the writer pages are touched.
  private static final int TOUCH_BYTES = 1 << 19;

  private static final VarHandle PAGE_WORD =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.nativeOrder()).varHandle();

  private final Segment segment;
  private final DiskFile file;
  private final ActiveIndex index;
  private final Arena arena;
  private final int bytesMax;

  /// Bytes of the file that are written space; grows under the monitor of `growth`.
  private volatile int spaceBytes;

  private final Object growth = new Object();

  /// Where the next frame goes. Written by the holder of the role only.
  private volatile int tail;

  private volatile boolean mappedWrites;
  private int touchedEnd;
  private boolean framesForced;

  /// Creates the segment over a file whose space has been written.
  ///
  /// @param segment what readers see
  /// @param file open for writing
  /// @param index the index of the segment
  /// @param tail where the next frame goes
  /// @param spaceBytes bytes of the file that are written space
  /// @param bytesMax how far the file may grow
  /// @param arena ends its mappings
  public ActiveSegment(
      Segment segment,
      DiskFile file,
      ActiveIndex index,
      int tail,
      int spaceBytes,
      int bytesMax,
      Arena arena) {
    this.segment = segment;
    this.file = file;
    this.index = index;
    this.tail = tail;
    this.spaceBytes = spaceBytes;
    this.bytesMax = bytesMax;
    this.arena = arena;
  }

  /// {@return what readers see}
  public Segment segment() {
    return segment;
  }

  /// {@return the index that the holder of the role adds to}
  public ActiveIndex index() {
    return index;
  }

  /// {@return where the next frame goes}
  public int tail() {
    return tail;
  }

  /// {@return whether frames still fit; if not, the log must rotate}
  ///
  /// @param byteCount their length together
  public boolean fits(int byteCount) {
    return byteCount <= bytesMax - tail;
  }

  /// {@return whether space for frames has been written}
  ///
  /// @param byteCount their length together
  public boolean hasSpace(int byteCount) {
    return byteCount <= spaceBytes - tail;
  }

  /// Makes sure that space for frames has been written.
  ///
  /// @param byteCount their length together; they fit
  /// @throws io.batpak.failure.DiskFull if there is no room
  public void reserve(int byteCount) {
    if (!hasSpace(byteCount)) {
      growTo(tail + byteCount);
    }
  }

  /// Writes frames through the mapping; they are reserved. The first frame's length comes last, so
  /// that one who scans the file sees all of it or nothing.
  ///
  /// @param frames holds them from index 0 on
  /// @param byteCount their length together
  public void writeMapped(byte[] frames, int byteCount) {
    int at = tail;
    MemorySegment memory = segment.memory();
    try {
      int body = FrameLayout.CRC_OFFSET;
      MemorySegment.copy(
          frames, body, memory, ValueLayout.JAVA_BYTE, (long) at + body, byteCount - body);
      FrameLayout.lengthRelease(memory, at, firstLength(frames));
    } catch (InternalError e) {
      throw new DiskFailed(
          segment.path(), "write through the mapping at " + at, new IOException(e));
    }
    mappedWrites = true;
    tail = at + byteCount;
  }

  private static int firstLength(byte[] frames) {
    return (frames[0] & 0xFF) << 24
        | (frames[1] & 0xFF) << 16
        | (frames[2] & 0xFF) << 8
        | frames[3] & 0xFF;
  }

  /// Writes frames by position; they are reserved.
  ///
  /// @param frames holds them
  /// @param byteCount their length together
  public void writePositional(ByteBuffer frames, int byteCount) {
    int at = tail;
    file.write(at, frames);
    mappedWrites = false;
    tail = at + byteCount;
  }

  /// Makes everything written so far durable. Does nothing once the full segment has been forced:
  /// its file may be closed by then.
  synchronized void force() {
    if (!framesForced) {
      file.force();
    }
  }

  /// Forces a segment that gets no more frames; once is enough.
  synchronized void forceFull() {
    if (!framesForced) {
      file.force();
      framesForced = true;
    }
  }

  /// Writes space ahead: doubles the file when less than half of it is left, up to its limit.
  ///
  /// @return whether it grew
  boolean growAhead() {
    int space = spaceBytes;
    if (space == bytesMax || tail < space / 2) {
      return false;
    }
    growTo(space + 1);
    return true;
  }

  /// {@return whether the file is at its limit and half full, so that a successor will be needed}
  boolean successorDue() {
    return spaceBytes == bytesMax && tail >= bytesMax / 2;
  }

  private void growTo(int neededBytes) {
    synchronized (growth) {
      int space = spaceBytes;
      if (neededBytes <= space) {
        return;
      }
      int target = space;
      while (target < neededBytes) {
        target = (int) Math.min(bytesMax, 2L * target);
      }
      writeZeros(file, space, target);
      file.force();
      segment.grown(file.map(target, Access.WRITE, arena));
      spaceBytes = target;
    }
  }

  /// Overwrites a part of a file with zeros.
  ///
  /// @param file open for writing
  /// @param start the first offset
  /// @param end the offset behind the last
  public static void writeZeros(DiskFile file, long start, long end) {
    ByteBuffer zeros =
        ByteBuffer.allocateDirect((int) Math.min(ZERO_BYTES, Math.max(0, end - start)));
    for (long at = start; at < end; at += zeros.limit()) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), end - at));
      file.write(at, zeros);
    }
  }

  /// Touches the pages ahead of a writer that goes through the mapping, so that it meets no page
  /// fault. An atomic addition of nothing is a write to the page and changes no byte, whatever the
  /// writer does meanwhile.
  void touchAhead() {
    if (!mappedWrites) {
      return;
    }
    int start = Math.max(touchedEnd, tail + PAGE_BYTES - 1 & -PAGE_BYTES);
    int end = Math.min(spaceBytes, tail + TOUCH_BYTES);
    MemorySegment memory = segment.memory();
    for (int at = start; at < end; at += PAGE_BYTES) {
      var _ = (int) PAGE_WORD.getAndAdd(memory, (long) at, 0);
    }
    touchedEnd = Math.max(start, end);
  }

  /// Writes the footer of a segment that gets no more frames, and lets it answer from then on.
  void seal() {
    forceFull();
    long footerStart = tail;
    ByteBuffer footer = SidxWriter.write(index, footerStart);
    long end = footerStart + footer.remaining();
    file.write(footerStart, footer);
    file.force();
    file.truncate(end);
    file.force();
    MemorySegment memory = file.map(end, Access.READ, arena);
    if (!(SealedIndex.open(memory) instanceof SealedIndex.Footer.Present present)) {
      throw new DiskFailed(segment.path(), "read back the footer", null);
    }
    segment.sealed(memory, present.index());
    file.close();
  }

  void close() {
    file.close();
  }
}
