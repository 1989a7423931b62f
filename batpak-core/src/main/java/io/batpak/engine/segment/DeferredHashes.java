package io.batpak.engine.segment;

import io.batpak.engine.frame.EventHasher;
import io.batpak.engine.frame.FrameLayout;
import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.index.HashColumn;
import io.batpak.event.Hash;
import java.util.concurrent.locks.ReentrantLock;

/// Works out the event hashes of a segment being written: many side by side in the background, or
/// when one of them is needed.
///
/// Whoever needs a hash works out all up to it, unless another thread is at that already: then it
/// does its own alone, so that nobody waits for a thread that may not be running. For any thread;
/// the frame has been written.
final class DeferredHashes implements HashColumn.Source {

  /// What is copied out of the ring and hashed at a time.
  private static final int COPY_BYTES = 1 << 16;

  private final ActiveFrames frames;
  private final ActiveIndex index;
  private final HashColumn column;
  private final Desk desk;

  /// Where the first frame without a hash begins; for the holder of the desk.
  private int start;

  /// What is needed to hash many frames, one for all segments of a log; its lock admits one thread.
  static final class Desk extends ReentrantLock {

    private static final long serialVersionUID = 1L;

    private final transient EventHasher hasher = new EventHasher();
    private transient byte[] copy = new byte[COPY_BYTES];
  }

  DeferredHashes(ActiveFrames frames, ActiveIndex index, Desk desk) {
    this.frames = frames;
    this.index = index;
    this.column = index.hashes();
    this.desk = desk;
    this.start = column.ready() < index.rows() ? index.offset(column.ready()) : frames.end();
    column.source(this);
  }

  /// Works out the hashes of all frames that have been written.
  void settle() {
    desk.lock();
    try {
      settle(frames.end());
    } finally {
      desk.unlock();
    }
  }

  /// For the holder of the desk.
  private void settle(int end) {
    while (start < end) {
      int byteCount = wholeFrames(end);
      int row = desk.hasher.hashAll(desk.copy, byteCount, column.ready(), column);
      start += byteCount;
      column.publish(row);
    }
    if (desk.copy.length > COPY_BYTES) {
      desk.copy = new byte[COPY_BYTES];
    }
  }

  /// Copies whole frames to the desk and returns their length together.
  private int wholeFrames(int end) {
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
      return wholeFrames(end);
    }
    return whole;
  }

  @Override
  public Hash hash(int row) {
    int offset = index.offset(row);
    if (desk.tryLock()) {
      try {
        settle(endOf(offset));
      } finally {
        desk.unlock();
      }
      return column.hash(row);
    }
    byte[] frame = new byte[endOf(offset) - offset];
    frames.read(offset, frame, frame.length);
    return EventHasher.hashOf(frame, 0, column.headerBytes(row));
  }

  private int endOf(int offset) {
    byte[] word = new byte[FrameLayout.BODY_OFFSET];
    frames.read(offset, word, word.length);
    return offset + FrameLayout.frameBytes(FrameLayout.length(word));
  }
}
