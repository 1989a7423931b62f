package io.batpak.engine.recovery;

import io.batpak.engine.frame.FrameDecoder;
import io.batpak.engine.index.SegmentIndex;
import io.batpak.engine.platform.Access;
import io.batpak.engine.platform.Disk;
import io.batpak.engine.platform.DiskFile;
import io.batpak.engine.ring.RingLayout;
import io.batpak.engine.segment.Segment;
import io.batpak.engine.segment.SegmentHeader;
import io.batpak.event.EventId;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.StoreException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Changes a directory as recovery found necessary, before the store takes an append. Each step may
/// be the last one of a process, or fail: the next recovery then finds the same or less to do.
///
/// From now on what was found counts as durable, so it is made durable: frames, then names. The
/// package page explains why a force of the files as they are does not do that.
public final class Repair {

  /// Copied at a time.
  private static final int COPY_BYTES = 1 << 18;

  private Repair() {}

  /// Makes the directory what {@link Recovery} says it is, and makes that durable.
  ///
  /// @param disk the directory, locked
  /// @param found what recovery found
  /// @param store the store's id
  /// @throws io.batpak.failure.DiskFull if there is no room to write a segment anew
  public static void apply(Disk disk, Recovery.Found found, EventId store) {
    long known = Math.max(found.durable(), DurableEnd.take(disk, found.report().events()) - 1);
    for (String name : found.leftovers()) {
      disk.delete(name);
    }
    for (String name : found.dropped().reversed()) {
      disk.delete(name);
      disk.force();
    }
    if (!disk.list().contains(StoreId.NAME)) {
      StoreId.write(disk, store);
    }
    int unsealedFrom = found.segments().size() - found.unsealed();
    for (Segment unsealed : found.segments().subList(unsealedFrom, found.segments().size())) {
      boolean changed =
          (found.cut() || found.undrained()) && unsealed == found.segments().getLast();
      if (changed || unsealed.rows() == 0 || unsealed.first() + unsealed.rows() - 1 > known) {
        writeAnew(disk, unsealed);
      } else {
        force(disk, unsealed);
      }
    }
    disk.force();
    // What it held stands in the segment now.
    disk.delete(RingLayout.NAME);
    disk.force();
  }

  private static void force(Disk disk, Segment segment) {
    try (DiskFile file = disk.open(name(segment), Access.WRITE)) {
      file.force();
    }
  }

  /// Copies the header and the frames of a segment into a new file, which takes its name. What was
  /// behind them is gone with the old file.
  private static void writeAnew(Disk disk, Segment segment) {
    String fresh = name(segment) + SmallFile.TEMPORARY_SUFFIX;
    try (DiskFile file = disk.create(fresh)) {
      // The padding of the last frame may be missing.
      long length = Math.min(segment.memory().byteSize(), segment.framesEnd());
      write(file, 0, segment.memory().asSlice(0, length));
      refuseChanged(segment, file);
      file.force();
    } catch (StoreException e) {
      discard(disk, fresh, e);
      throw e;
    }
    disk.rename(fresh, name(segment));
  }

  private static void discard(Disk disk, String fresh, StoreException cause) {
    try {
      disk.delete(fresh);
    } catch (StoreException e) {
      cause.addSuppressed(e);
    }
  }

  /// Writes bytes at an offset of a file, by position, a piece at a time.
  private static void write(DiskFile file, long offset, MemorySegment bytes) {
    ByteBuffer copy = ByteBuffer.allocateDirect((int) Math.min(COPY_BYTES, bytes.byteSize()));
    for (long at = 0; at < bytes.byteSize(); at += copy.limit()) {
      copy.clear().limit((int) Math.min(copy.capacity(), bytes.byteSize() - at));
      MemorySegment.ofBuffer(copy).copyFrom(bytes.asSlice(at, copy.limit()));
      file.write(offset + at, copy);
    }
  }

  /// What a failed force has dropped may go from the page cache at any moment, also after it was
  /// read: then the copy has what the disk had, and recovery must judge that.
  private static void refuseChanged(Segment segment, DiskFile copy) {
    SegmentIndex index = segment.index();
    var decoder = new FrameDecoder();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment frames = copy.map(copy.length(), Access.READ, arena);
      if (!(SegmentHeader.read(frames) instanceof SegmentHeader.Read.Good good)
          || !good.header().equals(segment.header())) {
        throw changed(segment, 0);
      }
      for (int row = 0; row < index.rows(); row++) {
        int offset = index.offset(row);
        if (decoder.load(frames, offset, frames.byteSize()) != FrameDecoder.Found.FRAME) {
          throw changed(segment, offset);
        }
      }
    }
  }

  private static DiskFailed changed(Segment segment, int offset) {
    var cause = new IOException("the disk lacks what was read before, at offset " + offset);
    return new DiskFailed(segment.path(), "write anew", cause);
  }

  private static String name(Segment segment) {
    return String.valueOf(segment.path().getFileName());
  }
}
