package io.batpak.engine.segment;

import io.batpak.engine.frame.EventHasher;
import io.batpak.engine.frame.FrameLayout;
import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.index.HashColumn;
import io.batpak.event.Hash;

/// Works out the event hashes of a segment being written: many side by side in the background, or
/// when one of them is needed.
///
/// A thread that needs a hash works out all up to it, unless another thread is at that already:
/// then it does its own alone, so that it does not wait for a thread that may not be running. For
/// any thread; the frame has been written. An error of the caller's stack or heap leaves nothing
/// half done: what was not published is worked out again.
final class DeferredHashes implements HashColumn.Source {

  /// What is copied out of the ring and hashed at a time.
  private static final int COPY_BYTES = 1 << 16;

  private final ActiveFrames frames;
  private final ActiveIndex index;
  private final HashColumn column;
  private final Desk desk;

  /// The first row without a hash, and where its frame begins: in one number, so that they change
  /// together. For the holder of the desk.
  private long next;

  /// What is needed to hash many frames, one for all segments of a log. Its monitor admits one
  /// thread: a lock object could stay locked when a stack overflows in its methods.
  static final class Desk {

    private final EventHasher hasher = new EventHasher();
    private byte[] copy = new byte[COPY_BYTES];
    private volatile boolean taken;
  }

  DeferredHashes(ActiveFrames frames, ActiveIndex index, Desk desk) {
    this.frames = frames;
    this.index = index;
    this.column = index.hashes();
    this.desk = desk;
    int row = column.ready();
    this.next = next(row, row < index.rows() ? index.offset(row) : frames.end());
    column.source(this);
  }

  private static long next(int row, int start) {
    return (long) row << Integer.SIZE | start;
  }

  /// Works out the hashes of all frames that have been written.
  void settle() {
    settle(frames.end());
  }

  private void settle(int end) {
    synchronized (desk) {
      desk.taken = true;
      try {
        settleAtDesk(end);
      } finally {
        desk.taken = false;
      }
    }
  }

  private void settleAtDesk(int end) {
    int row = (int) (next >>> Integer.SIZE);
    int start = (int) next;
    // An earlier call may have ended in between.
    column.publish(row);
    while (start < end) {
      int byteCount = copyFrames(start, end);
      row = desk.hasher.hashAll(desk.copy, byteCount, row, column);
      start += byteCount;
      next = next(row, start);
      column.publish(row);
    }
    if (desk.copy.length > COPY_BYTES) {
      desk.copy = new byte[COPY_BYTES];
    }
  }

  /// Copies whole frames to the desk and returns their length together.
  private int copyFrames(int start, int end) {
    int byteCount = Math.min(end - start, desk.copy.length);
    frames.read(start, desk.copy, byteCount);
    int whole = 0;
    while (whole + FrameLayout.BODY_OFFSET <= byteCount) {
      int frameBytes = FrameLayout.frameBytes(FrameLayout.length(desk.copy, whole));
      if (frameBytes > byteCount - whole) {
        break;
      }
      whole += frameBytes;
    }
    if (whole == 0) {
      desk.copy = new byte[FrameLayout.frameBytes(FrameLayout.length(desk.copy, 0))];
      return copyFrames(start, end);
    }
    return whole;
  }

  @Override
  public Hash hash(int row) {
    int offset = index.offset(row);
    int end = endOf(offset);
    if (!desk.taken) {
      settle(end);
      return column.hash(row);
    }
    byte[] frame = new byte[end - offset];
    frames.read(offset, frame, frame.length);
    return EventHasher.hashOf(frame, 0, column.headerBytes(row));
  }

  private int endOf(int offset) {
    byte[] word = new byte[FrameLayout.BODY_OFFSET];
    frames.read(offset, word, word.length);
    return offset + FrameLayout.frameBytes(FrameLayout.length(word));
  }
}
