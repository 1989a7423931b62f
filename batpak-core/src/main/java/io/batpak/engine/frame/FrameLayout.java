package io.batpak.engine.frame;

import io.batpak.event.EventLimits;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Offsets and constants of a frame; see the package page. Accessors only.
public final class FrameLayout {

  /// Where the length stands.
  public static final int LENGTH_OFFSET = 0;

  /// Where the checksum stands.
  public static final int CRC_OFFSET = 4;

  /// Where the body begins.
  public static final int BODY_OFFSET = 8;

  /// Where the header begins, within the body.
  public static final int HEADER_OFFSET = 1;

  /// Elements of the header.
  public static final int HEADER_COUNT = 13;

  /// Elements of the options, where a header has any.
  public static final int OPTIONS_COUNT = 6;

  /// Frames begin at multiples of this.
  public static final int ALIGNMENT = 8;

  /// The first two bytes of every body, as a big-endian short: array of 2, then array of 13.
  public static final short BODY_MARK = (short) 0x929D;

  /// Room for everything in a header but the names: numbers at their widest, hashes, ids.
  public static final int HEADER_FIXED_BYTES_MAX = 256;

  /// The most that a commit adds to a draft: sequence, id, counter, clock, more, unforced, previous
  /// hash, and the two array headers.
  static final int COMMIT_BYTES_MAX = 96;

  /// The longest body: payload and extensions at their limit, with all names at theirs.
  public static final int BODY_BYTES_MAX =
      EventLimits.PAYLOAD_BYTES_MAX
          + HEADER_FIXED_BYTES_MAX
          + 2 * (EventLimits.NAME_BYTES_MAX + 5)
          + EventLimits.TAG_COUNT_MAX * (EventLimits.TAG_BYTES_MAX + 5)
          + EventLimits.KEY_BYTES_MAX;

  /// The shortest body that can hold a header.
  public static final int BODY_BYTES_MIN = 68;

  private static final VarHandle INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN).varHandle();
  private static final VarHandle ARRAY_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT_UNALIGNED =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfShort SHORT_UNALIGNED =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private FrameLayout() {}

  /// {@return the whole frame's length in the file, with its padding}
  ///
  /// @param bodyBytes the length of the body
  public static int frameBytes(int bodyBytes) {
    return align(BODY_OFFSET + bodyBytes);
  }

  /// {@return the next multiple of the alignment}
  ///
  /// @param offset any offset
  public static int align(int offset) {
    return offset + ALIGNMENT - 1 & -ALIGNMENT;
  }

  /// {@return whether a frame can begin there; a footer that says otherwise was not made by a
  /// writer}
  ///
  /// @param offset what an index says
  public static boolean plausibleOffset(int offset) {
    return offset >= 0 && offset % ALIGNMENT == 0;
  }

  /// {@return the length word of the frame at the start of an array}
  ///
  /// @param frames holds it
  public static int length(byte[] frames) {
    return length(frames, 0);
  }

  /// {@return the length word of a frame in an array}
  ///
  /// @param frames holds it
  /// @param start where the frame begins
  public static int length(byte[] frames, int start) {
    return (int) ARRAY_INT.get(frames, start + LENGTH_OFFSET);
  }

  /// {@return the length word of the frame at an offset, with acquire semantics: the body behind it
  /// is complete}
  ///
  /// @param file the mapped file
  /// @param offset where the frame begins
  public static int lengthAcquire(MemorySegment file, long offset) {
    return (int) INT.getAcquire(file, offset + LENGTH_OFFSET);
  }

  /// Publishes a frame to whoever scans the mapped file: the length is written after all else.
  ///
  /// @param file the mapped file
  /// @param offset where the frame begins
  /// @param bodyBytes the length of the body
  public static void lengthRelease(MemorySegment file, long offset, int bodyBytes) {
    INT.setRelease(file, offset + LENGTH_OFFSET, bodyBytes);
  }

  /// {@return the checksum of the frame at an offset}
  ///
  /// @param file the mapped file
  /// @param offset where the frame begins
  public static int crc(MemorySegment file, long offset) {
    return file.get(INT_UNALIGNED, offset + CRC_OFFSET);
  }

  /// {@return the first two bytes of the body of the frame at an offset}
  ///
  /// @param file the mapped file
  /// @param offset where the frame begins
  public static short bodyMark(MemorySegment file, long offset) {
    return file.get(SHORT_UNALIGNED, offset + BODY_OFFSET);
  }
}
