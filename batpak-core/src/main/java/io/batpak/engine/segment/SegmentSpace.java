package io.batpak.engine.segment;

import io.batpak.engine.platform.Access;
import io.batpak.engine.platform.Disk;
import io.batpak.engine.platform.DiskFile;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.StoreException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The written space of a segment file: zeros ahead of the writer, and the mapping over them, which
/// is for reading only.
///
/// Space is usable as soon as it is written, since that is when a full disk shows. Where callers
/// want to be durable it is forced soon after, since forcing into space that is already on disk is
/// the fast way. Growing and forcing are for any thread; the mapping is for all.
public final class SegmentSpace {

  private static final int ZERO_BYTES = 1 << 18;

  private final DiskFile file;
  private final Arena arena;
  private final int bytesMax;
  private final Object growth = new Object();
  private final Object naming = new Object();
  private volatile Extent extent;
  private volatile boolean unforced;

  private final Object forcing = new Object();

  /// Guarded by `forcing`.
  private @Nullable StoreException forceFailure;

  /// Written under `growth`.
  private volatile boolean ended;

  /// The space and its mapping, published together.
  private record Extent(int bytes, @Nullable MemorySegment memory) {}

  private SegmentSpace(DiskFile file, int bytes, int bytesMax, Arena arena) {
    this.file = file;
    this.arena = arena;
    this.bytesMax = bytesMax;
    this.extent = new Extent(bytes, bytes == 0 ? null : file.map(bytes, Access.READ, arena));
  }

  /// {@return the space of an empty file, which has none yet}
  ///
  /// @param file open for writing
  /// @param bytesMax how far it may grow
  /// @param arena ends its mappings
  static SegmentSpace empty(DiskFile file, int bytesMax, Arena arena) {
    return new SegmentSpace(file, 0, bytesMax, arena);
  }

  /// {@return the space of a file that has been written before}
  ///
  /// @param file open for writing
  /// @param framesEnd where its frames end
  /// @param bytesMax how far it may grow
  /// @param arena ends its mappings
  public static SegmentSpace existing(DiskFile file, int framesEnd, int bytesMax, Arena arena) {
    int most = Math.max(framesEnd, bytesMax);
    int bytes = (int) Math.min(file.length(), most);
    return new SegmentSpace(file, bytes, most, arena);
  }

  DiskFile file() {
    return file;
  }

  /// {@return how many bytes have been written}
  int bytes() {
    return extent.bytes;
  }

  int bytesMax() {
    return bytesMax;
  }

  boolean complete() {
    return extent.bytes == bytesMax;
  }

  /// {@return the mapping over all of it}
  MemorySegment memory() {
    MemorySegment memory = extent.memory;
    if (memory == null) {
      throw new AssertionError("no space has been written");
    }
    return memory;
  }

  /// Makes it at least so long: a first step, then by doubling. A file that was written anew ends
  /// where its frames do.
  ///
  /// @param bytesNeeded at most the limit
  /// @throws io.batpak.failure.DiskFull if there is no room; what was there is as before
  void growTo(int bytesNeeded) {
    synchronized (growth) {
      int bytes = extent.bytes;
      if (bytesNeeded <= bytes || ended) {
        return;
      }
      int target = Math.max(bytes, Math.min(bytesMax, SegmentLayout.STEP_BYTES_MIN));
      while (target < bytesNeeded) {
        target = (int) Math.min(bytesMax, 2L * target);
      }
      writeZeros(file, bytes, target);
      unforced = true;
      extent = new Extent(target, map(target));
    }
  }

  private MemorySegment map(int bytes) {
    synchronized (naming) {
      return file.map(bytes, Access.READ, arena);
    }
  }

  /// Gives the file another name, at a moment when it is not being mapped: mapping goes by name.
  ///
  /// @param disk the directory
  /// @param source the name it has
  /// @param target the name it gets
  void rename(Disk disk, String source, String target) {
    synchronized (naming) {
      disk.rename(source, target);
      file.renamed(disk.path(target));
    }
  }

  /// Ends growing, for good: what is behind the frames is now a footer's.
  void end() {
    synchronized (growth) {
      ended = true;
    }
  }

  /// Forces everything in the file, frames and space.
  ///
  /// A failed force stays failed, whoever comes next: the system tells of lost pages only once, and
  /// a second force would succeed without them.
  ///
  /// @throws DiskFailed if this or an earlier one failed
  void force() {
    synchronized (forcing) {
      StoreException failed = forceFailure;
      if (failed != null) {
        throw new DiskFailed(file.path(), "an earlier force", failed);
      }
      unforced = false;
      try {
        file.force();
      } catch (StoreException e) {
        forceFailure = e;
        throw e instanceof DiskFailed ? e : new DiskFailed(file.path(), "force", e);
      }
    }
  }

  /// Forces space written since the last call.
  ///
  /// @return whether there was any
  boolean forceNew() {
    synchronized (forcing) {
      if (!unforced || ended) {
        return false;
      }
      force();
      return true;
    }
  }

  /// Overwrites a part of a file with zeros.
  ///
  /// @param file open for writing
  /// @param start the first offset
  /// @param end the offset behind the last
  private static void writeZeros(DiskFile file, long start, long end) {
    ByteBuffer zeros = ByteBuffer.allocateDirect(ZERO_BYTES);
    for (long at = start; at < end; at += zeros.limit()) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), end - at));
      file.write(at, zeros);
    }
  }
}
