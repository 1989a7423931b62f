package io.batpak.engine.recovery;

import io.batpak.engine.frame.FrameDecoder;
import io.batpak.engine.frame.FrameLayout;
import io.batpak.event.EventHeader;
import io.batpak.failure.Corrupt;
import io.batpak.failure.InvalidName;
import io.batpak.failure.LimitExceeded;
import io.batpak.failure.MalformedPayload;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;

/// Looks for frames where the chain of frames is broken: tries every multiple of 8.
public final class FrameSearch {

  /// A hostile file could make every offset look like a long frame; checking more bytes than this
  /// many times its length is refused.
  private static final long CHECKED_FACTOR_MAX = 16;

  private FrameSearch() {}

  /// {@return the highest sequence that any frame which begins between two offsets says was
  /// durable, or -1}
  ///
  /// @param path the file, for messages
  /// @param file the mapped file
  /// @param start the first offset
  /// @param stop the offset behind the last
  /// @throws Corrupt if too many places look like frames
  public static long durable(Path path, MemorySegment file, long start, long stop) {
    var decoder = new FrameDecoder();
    long durable = -1;
    long checked = 0;
    long end = file.byteSize();
    for (long at = FrameLayout.align((int) start);
        at < stop && at + FrameLayout.BODY_OFFSET + 4 <= end;
        at += FrameLayout.ALIGNMENT) {
      if (FrameLayout.bodyMark(file, at) != FrameLayout.BODY_MARK) {
        continue;
      }
      int length = FrameLayout.lengthAcquire(file, at);
      if (!FrameDecoder.plausible(file, at, length, end)) {
        continue;
      }
      checked += length;
      if (checked > CHECKED_FACTOR_MAX * end) {
        throw new Corrupt(
            path,
            at,
            -1,
            "too many places that look like frames; this file was not made by a crash");
      }
      if (decoder.load(file, at, end) == FrameDecoder.Found.FRAME) {
        durable =
            Math.max(
                durable, header(decoder).map(h -> h.sequence() - h.unforced() - 1).orElse(-1L));
        at += decoder.frameBytes() - FrameLayout.ALIGNMENT;
      }
    }
    return durable;
  }

  private static Optional<EventHeader> header(FrameDecoder decoder) {
    try {
      return Optional.of(decoder.header());
    } catch (MalformedPayload | InvalidName | LimitExceeded | IllegalArgumentException e) {
      // Not a frame of this format, whatever its checksum says: it promises nothing.
      return Optional.empty();
    }
  }

  /// {@return the end of what is not zero, at or behind an offset; the offset itself if all is
  /// zero}
  ///
  /// @param file the mapped file
  /// @param start the offset
  public static long nonZeroEnd(MemorySegment file, long start) {
    for (long at = file.byteSize() - 1; at >= start; at--) {
      if (at % 8 == 7
          && at - 7 >= start
          && file.get(ValueLayout.JAVA_LONG_UNALIGNED, at - 7) == 0) {
        at -= 7;
      } else if (file.get(ValueLayout.JAVA_BYTE, at) != 0) {
        return at + 1;
      }
    }
    return start;
  }
}
