package io.batpak.engine.segment;

import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.index.SealedIndex;
import io.batpak.engine.index.SidxWriter;
import io.batpak.engine.platform.Access;
import io.batpak.engine.platform.DiskFile;
import io.batpak.failure.DiskFailed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The segment being written. Frames go in by the holder of the writer role; the space ahead of
/// them is written and forced by upkeep.
public final class ActiveSegment {

  private final Segment segment;
  private final SegmentSpace space;
  private final ActiveFrames frames;
  private final ActiveIndex index;
  private @Nullable DeferredHashes hashes;
  private boolean framesForced;

  /// Creates the segment.
  ///
  /// @param segment what readers see
  /// @param space where frames go
  /// @param frames those that it has
  /// @param index the index of the segment
  public ActiveSegment(
      Segment segment, SegmentSpace space, ActiveFrames frames, ActiveIndex index) {
    this.segment = segment;
    this.space = space;
    this.frames = frames;
    this.index = index;
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
  public int end() {
    return frames.end();
  }

  ActiveFrames frames() {
    return frames;
  }

  /// Lets event hashes be worked out later.
  ///
  /// @param desk where that is done
  void deferHashes(DeferredHashes.Desk desk) {
    hashes = new DeferredHashes(frames, index, desk);
  }

  /// Works out all event hashes.
  void settleHashes() {
    DeferredHashes deferred = hashes;
    if (deferred != null) {
      deferred.settle();
    }
  }

  /// {@return whether frames still fit; if not, the log must rotate}
  ///
  /// @param byteCount their length together
  public boolean fits(int byteCount) {
    return byteCount <= space.bytesMax() - frames.end();
  }

  /// {@return whether frames can be written at once: space for them has been written, and the ring
  /// has room}
  ///
  /// @param byteCount their length together
  public boolean hasRoom(int byteCount) {
    return hasSpace(byteCount) && frames.hasRoom(byteCount);
  }

  private boolean hasSpace(int byteCount) {
    return byteCount <= space.bytes() - frames.end();
  }

  /// Makes sure that frames can be written.
  ///
  /// @param byteCount their length together; they fit
  /// @throws io.batpak.failure.DiskFull if there is no room
  public void makeRoom(int byteCount) {
    if (!hasSpace(byteCount)) {
      space.growTo(frames.end() + byteCount);
    }
    frames.makeRoom(byteCount);
  }

  /// Writes frames; there is room for them.
  ///
  /// @param source holds them from index 0 on
  /// @param byteCount their length together
  public void write(byte[] source, int byteCount) {
    frames.write(source, byteCount);
  }

  /// Makes everything written so far durable. Does nothing once the full segment has been forced:
  /// its file may be closed by then.
  synchronized void force() {
    if (!framesForced) {
      frames.drain();
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
    if (space.complete() || frames.end() < bytes / 4) {
      return false;
    }
    space.growTo(bytes + 1);
    return true;
  }

  /// {@return whether an eighth of all space is used, so that a successor will be needed}
  boolean successorDue() {
    return space.complete() && frames.end() >= space.bytesMax() / 8;
  }

  /// Writes the footer of a segment that gets no more frames, and lets it answer from then on.
  ///
  /// @param arena ends the mapping of the sealed file
  void seal(Arena arena) {
    space.end();
    settleHashes();
    forceFull();
    DiskFile file = space.file();
    long footerStart = frames.end();
    ByteBuffer footer = SidxWriter.write(index, footerStart);
    long end = footerStart + footer.remaining();
    file.write(footerStart, footer);
    space.force();
    file.truncate(end);
    space.force();
    MemorySegment memory =
        end <= space.bytes() ? space.memory().asSlice(0, end) : file.map(end, Access.READ, arena);
    if (!(SealedIndex.open(memory) instanceof SealedIndex.Footer.Present present)) {
      throw new DiskFailed(segment.path(), "read back the footer", null);
    }
    index.hashes().end();
    segment.seal(memory, present.index());
    file.close();
  }

  /// Closes the file; mappings stay.
  public void close() {
    settleHashes();
    index.hashes().end();
    space.file().close();
  }
}
