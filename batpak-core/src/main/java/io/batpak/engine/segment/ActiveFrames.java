package io.batpak.engine.segment;

import io.batpak.engine.frame.FrameDecoder;
import io.batpak.engine.frame.FrameLayout;
import io.batpak.engine.platform.DiskFile;
import io.batpak.engine.ring.Ring;
import io.batpak.failure.StoreException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The bytes of the segment being written: the older ones in its file, the newest in the ring.
///
/// {@link #write} and {@link #makeRoom} are for the holder of the writer role; any thread may
/// drain, one at a time; any number may read.
public final class ActiveFrames implements Frames {

  // Three offsets ascend, each behind the one before: cleared, drained, end.  Frames below
  // `drained`
  // stand in the file, those from there up to `end` in the ring, and slots are free again once
  // `cleared` has passed the frames that held them.
  //
  // A reader takes `drained` first.  If its frame is at or above that, it reads the ring, and then
  // looks at `drained` again: if the frame has been drained meanwhile, its slots may have been
  // cleared or used again while they were read, and it stands in the file.  So the order of the
  // drain is: file, `drained`, slots, `cleared`; and a fence keeps the reader's two looks around
  // its
  // reading.  (Boehm, "Can seqlocks get along with programming language memory models?", 2012.)

  /// Frames that do not fit the ring go to the file in pieces of this.
  private static final int PIECE_BYTES = 1 << 18;

  private static final VarHandle DRAINED;

  static {
    try {
      DRAINED = MethodHandles.lookup().findVarHandle(ActiveFrames.class, "drained", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final SegmentSpace space;
  private final Object draining = new Object();

  /// Where the next frame goes. Written by the holder of the role only.
  private volatile int end;

  @SuppressWarnings("unused") // through DRAINED
  private int drained;

  private volatile int cleared;

  /// Set before the first frame is written; the visible end publishes it.
  private @Nullable Ring ring;

  /// Creates the frames of a segment, all of which stand in its file.
  ///
  /// @param space where frames go
  /// @param end where they end
  public ActiveFrames(SegmentSpace space, int end) {
    this.space = space;
    this.end = end;
    this.drained = end;
    this.cleared = end;
  }

  /// {@return where the next frame goes}
  public int end() {
    return end;
  }

  /// {@return how many bytes stand in the ring only}
  public int undrainedBytes() {
    return end - drainedAcquire();
  }

  private int drainedAcquire() {
    return (int) DRAINED.getAcquire(this);
  }

  /// Lets frames go through a ring, which holds none.
  void attach(Ring ring) {
    this.ring = ring;
  }

  /// {@return whether frames can be written at once}
  ///
  /// @param byteCount their length together
  boolean hasRoom(int byteCount) {
    Ring ring = this.ring;
    return ring != null && end + byteCount - cleared <= ring.capacity();
  }

  /// Makes room for frames, as far as the ring has any.
  ///
  /// @throws io.batpak.failure.DiskFull if the disk has no room for what is drained
  void makeRoom(int byteCount) {
    if (!hasRoom(byteCount)) {
      drain();
    }
  }

  /// Writes frames; space for them has been reserved.
  ///
  /// @param frames holds them from index 0 on
  /// @param byteCount their length together
  public void write(byte[] frames, int byteCount) {
    Ring ring = this.ring;
    if (ring == null || !hasRoom(byteCount)) {
      writeThrough(frames, byteCount);
      return;
    }
    int at = end;
    ring.put(at, frames, byteCount);
    end = at + byteCount;
  }

  /// Writes frames that are longer than the ring into the file. After a failure it tries to take
  /// back what may have arrived, so that no later scan finds it.
  private void writeThrough(byte[] frames, int byteCount) {
    synchronized (draining) {
      drain();
      int at = end;
      try {
        for (int done = 0; done < byteCount; done += PIECE_BYTES) {
          int count = Math.min(PIECE_BYTES, byteCount - done);
          space.file().write(at + done, ByteBuffer.wrap(frames, done, count));
        }
      } catch (StoreException e) {
        takeBack(at, e);
        throw e;
      }
      end = at + byteCount;
      DRAINED.setRelease(this, end);
      cleared = end;
    }
  }

  private void takeBack(int at, StoreException cause) {
    try {
      space.file().write(at, ByteBuffer.allocate(FrameLayout.BODY_OFFSET));
    } catch (StoreException e) {
      cause.addSuppressed(e);
    }
  }

  /// Writes into the file what stands in the ring only. After a failure it still stands there.
  ///
  /// @throws io.batpak.failure.DiskFull if the disk has no room for it
  /// @throws io.batpak.failure.DiskFailed if the disk has failed
  public void drain() {
    synchronized (draining) {
      int from = drainedAcquire();
      int to = end;
      Ring ring = this.ring;
      if (ring == null || from == to) {
        return;
      }
      DiskFile file = space.file();
      ring.writeTo(file, from, to);
      DRAINED.setRelease(this, to);
      VarHandle.storeStoreFence();
      ring.clear(cleared, to);
      cleared = to;
    }
  }

  @Override
  public FrameDecoder.Found load(FrameDecoder decoder, int offset) {
    Ring ring = this.ring;
    if (ring != null && offset >= drainedAcquire()) {
      FrameDecoder.Found found = ring.load(decoder, offset);
      VarHandle.loadLoadFence();
      if (offset >= drainedAcquire()) {
        return found;
      }
    }
    MemorySegment file = space.memory();
    return decoder.load(file, offset, file.byteSize());
  }

  /// Copies bytes of frames that have been written.
  ///
  /// @param offset the first
  /// @param target gets them from index 0 on
  /// @param byteCount how many; if some stand in the ring, at most its capacity
  void read(int offset, byte[] target, int byteCount) {
    int from = offset;
    int last = offset + byteCount;
    int start = Math.clamp(drainedAcquire(), from, last);
    Ring ring = this.ring;
    if (ring != null && start < last) {
      ring.read(start, target, start - from, last - start);
      VarHandle.loadLoadFence();
      start = Math.clamp(drainedAcquire(), from, last);
    }
    MemorySegment file = space.memory();
    // A crash may have left a file that ends within the padding of its last frame.
    int count = (int) Math.min(start - from, file.byteSize() - from);
    MemorySegment.copy(file, ValueLayout.JAVA_BYTE, from, target, 0, count);
  }
}
