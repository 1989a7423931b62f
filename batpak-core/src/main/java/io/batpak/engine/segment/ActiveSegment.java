package io.batpak.engine.segment;

import io.batpak.engine.frame.FrameLayout;
import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.index.SealedIndex;
import io.batpak.engine.index.SidxWriter;
import io.batpak.engine.platform.Access;
import io.batpak.engine.platform.DiskFile;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.StoreException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/// The segment being written. Frames go in by the holder of the writer role; the space ahead of
/// them is written, forced and touched by upkeep.
///
/// Two ways for bytes into the file, coherent with each other: through the mapping, which costs
/// nanoseconds but makes the next force slow, and by position, which costs a system call and keeps
/// it fast.
public final class ActiveSegment {

  /// How far ahead of the writer pages are touched.
  private static final int TOUCH_BYTES = 1 << 19;

  private final Segment segment;
  private final SegmentSpace space;
  private final ActiveIndex index;

  /// Where the next frame goes. Written by the holder of the role only.
  private volatile int tail;

  private volatile boolean mappedWrites;
  private int touchedEnd;
  private boolean framesForced;

  /// Creates the segment.
  ///
  /// @param segment what readers see
  /// @param space where frames go
  /// @param index the index of the segment
  /// @param tail where the next frame goes
  public ActiveSegment(Segment segment, SegmentSpace space, ActiveIndex index, int tail) {
    this.segment = segment;
    this.space = space;
    this.index = index;
    this.tail = tail;
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

  SegmentSpace space() {
    return space;
  }

  /// {@return whether frames still fit; if not, the log must rotate}
  ///
  /// @param byteCount their length together
  public boolean fits(int byteCount) {
    return byteCount <= space.bytesMax() - tail;
  }

  /// {@return whether space for frames has been written}
  ///
  /// @param byteCount their length together
  public boolean hasSpace(int byteCount) {
    return byteCount <= space.bytes() - tail;
  }

  /// Makes sure that space for frames has been written.
  ///
  /// @param byteCount their length together; they fit
  /// @throws io.batpak.failure.DiskFull if there is no room
  public void reserve(int byteCount) {
    if (!hasSpace(byteCount)) {
      space.growTo(tail + byteCount);
    }
  }

  /// Writes frames through the mapping; they are reserved. The first frame's length comes last, so
  /// that one who scans the file sees all of it or nothing.
  ///
  /// @param frames holds them from index 0 on
  /// @param byteCount their length together
  public void writeMapped(byte[] frames, int byteCount) {
    int at = tail;
    int body = FrameLayout.CRC_OFFSET;
    MemorySegment memory = space.memory();
    try {
      MemorySegment.copy(
          frames, body, memory, ValueLayout.JAVA_BYTE, (long) at + body, byteCount - body);
      FrameLayout.lengthRelease(memory, at, FrameLayout.length(frames));
    } catch (InternalError e) {
      String operation = "write through the mapping at " + at;
      throw new DiskFailed(segment.path(), operation, new IOException(e));
    }
    mappedWrites = true;
    tail = at + byteCount;
  }

  /// Writes frames by position; they are reserved. After a failure it tries to take back what may
  /// have arrived, so that no later scan finds it.
  ///
  /// @param frames holds them
  /// @param byteCount their length together
  public void writePositional(ByteBuffer frames, int byteCount) {
    int at = tail;
    try {
      space.file().write(at, frames);
    } catch (StoreException e) {
      takeBack(at, e);
      throw e;
    }
    mappedWrites = false;
    tail = at + byteCount;
  }

  private void takeBack(int at, StoreException cause) {
    try {
      space.file().write(at, ByteBuffer.allocate(FrameLayout.BODY_OFFSET));
    } catch (StoreException e) {
      cause.addSuppressed(e);
    }
  }

  /// Makes everything written so far durable. Does nothing once the full segment has been forced:
  /// its file may be closed by then.
  synchronized void force() {
    if (!framesForced) {
      space.force();
    }
  }

  /// Forces space written since the last force.
  ///
  /// @return whether there was any
  synchronized boolean forceSpace() {
    return !framesForced && space.forceNew();
  }

  /// Forces a segment that gets no more frames; once is enough.
  synchronized void forceFull() {
    force();
    framesForced = true;
  }

  /// Writes space ahead: doubles it once a quarter is used.
  ///
  /// @return whether it grew
  boolean growAhead() {
    int bytes = space.bytes();
    if (space.complete() || tail < bytes / 4) {
      return false;
    }
    space.growTo(bytes + 1);
    return true;
  }

  /// {@return whether an eighth of all space is used, so that a successor will be needed}
  boolean successorDue() {
    return space.complete() && tail >= space.bytesMax() / 8;
  }

  /// Touches the pages ahead of a writer that goes through the mapping.
  void touchAhead() {
    if (!mappedWrites) {
      return;
    }
    int page = SegmentSpace.PAGE_BYTES;
    int start = Math.max(touchedEnd, tail + page - 1 & -page);
    int end = Math.min(space.bytes(), tail + TOUCH_BYTES);
    space.touch(start, end);
    touchedEnd = Math.max(start, end & -page);
  }

  /// Writes the footer of a segment that gets no more frames, and lets it answer from then on.
  ///
  /// @param arena ends the mapping of the sealed file
  void seal(Arena arena) {
    space.end();
    forceFull();
    DiskFile file = space.file();
    long footerStart = tail;
    ByteBuffer footer = SidxWriter.write(index, footerStart);
    long end = footerStart + footer.remaining();
    file.write(footerStart, footer);
    space.force();
    file.truncate(end);
    space.force();
    MemorySegment memory =
        end <= space.bytes()
            ? space.memory().asSlice(0, end).asReadOnly()
            : file.map(end, Access.READ, arena);
    if (!(SealedIndex.open(memory) instanceof SealedIndex.Footer.Present present)) {
      throw new DiskFailed(segment.path(), "read back the footer", null);
    }
    segment.seal(memory, present.index());
    file.close();
  }

  /// Closes the file; mappings stay.
  public void close() {
    space.file().close();
  }
}
