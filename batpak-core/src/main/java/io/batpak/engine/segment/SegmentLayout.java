package io.batpak.engine.segment;

import io.batpak.engine.frame.FrameLayout;

/// Offsets and constants of a segment file; see the package page.
public final class SegmentLayout {

  /// The format version that is written, and the only one that is read.
  public static final int FORMAT = 3;

  /// The largest segment without its footer, in bytes: offsets within it are ints.
  public static final int BYTES_MAX = 1 << 30;

  /// The smallest segment, in bytes.
  public static final int BYTES_MIN = 1 << 16;

  /// The first preallocation step, in bytes; further steps double.
  public static final int STEP_BYTES_MIN = 1 << 20;

  static final String SUFFIX = ".fbat";
  static final String NEXT_SUFFIX = ".next";
  static final int NAME_DIGITS = 12;

  /// The bytes `FBAT`, as a big-endian int.
  static final int MAGIC = 'F' << 24 | 'B' << 16 | 'A' << 8 | 'T';

  static final int MAGIC_OFFSET = 0;
  static final int LENGTH_OFFSET = 4;
  static final int CRC_OFFSET = 8;
  static final int HEADER_OFFSET = 12;

  /// A longer header is not believed.
  static final int HEADER_BYTES_MAX = 4_096;

  private SegmentLayout() {}

  static int framesStart(int headerBytes) {
    return FrameLayout.align(HEADER_OFFSET + headerBytes);
  }

  /// {@return the name of the segment whose first event has a sequence}
  ///
  /// @param first the sequence
  public static String name(long first) {
    String digits = Long.toString(first);
    return "0".repeat(Math.max(0, NAME_DIGITS - digits.length())) + digits + SUFFIX;
  }

  /// {@return the sequence that a file name says, or -1 if it is not the name of a segment}
  ///
  /// @param name a file name
  public static long first(String name) {
    if (!name.endsWith(SUFFIX)) {
      return -1;
    }
    String digits = name.substring(0, name.length() - SUFFIX.length());
    if (digits.length() < NAME_DIGITS
        || digits.length() > 18
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    long first = Long.parseLong(digits);
    return name(first).equals(name) ? first : -1;
  }

  /// {@return whether a file name is that of a preallocated successor}
  ///
  /// @param name a file name
  public static boolean next(String name) {
    return name.endsWith(SUFFIX + NEXT_SUFFIX);
  }
}
