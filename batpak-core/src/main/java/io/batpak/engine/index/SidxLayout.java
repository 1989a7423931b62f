package io.batpak.engine.index;

/// Offsets and constants of the footer; see the package page.
public final class SidxLayout {

  /// The format version that is written, and the only one that is read.
  public static final int FORMAT = 3;

  /// Length of the trailer, in bytes.
  public static final int TRAILER_BYTES = 32;

  static final int TRAILER_BODY_OFFSET = 0;
  static final int TRAILER_BODY_LENGTH = 8;
  static final int TRAILER_BODY_CRC = 16;
  static final int TRAILER_HEAD_CRC = 20;
  static final int TRAILER_FORMAT = 24;
  static final int TRAILER_MAGIC = 28;

  /// The bytes `SIDX`, as a little-endian int.
  static final int MAGIC = 'S' | 'I' << 8 | 'D' << 16 | 'X' << 24;

  static final int HEAD_BYTES = 96;
  static final int HEAD_FIRST = 0;
  static final int HEAD_ROWS = 8;
  static final int HEAD_SECTIONS = 12;
  static final int HEAD_FIRST_ID = 16;
  static final int HEAD_LAST_ID = 32;
  static final int HEAD_FIRST_COUNTER = 48;
  static final int HEAD_LAST_COUNTER = 52;
  static final int HEAD_LAST_HASH = 56;
  static final int HEAD_FENCE = 88;

  static final int ENTRY_BYTES = 24;
  static final int ENTRY_ID = 0;
  static final int ENTRY_WIDTH = 4;
  static final int ENTRY_OFFSET = 8;
  static final int ENTRY_LENGTH = 16;

  static final int OFFSET = 1;
  static final int ID_HIGH = 2;
  static final int ID_LOW = 3;
  static final int COUNTER = 4;
  static final int KIND = 5;
  static final int ENTITY = 6;
  static final int SCOPE = 7;
  static final int CLOCK = 8;
  static final int HASH = 9;
  static final int ENTITIES = 10;
  static final int SCOPES = 20;
  static final int TAGS = 30;
  static final int KEYS = 40;
  static final int KINDS = 50;
  static final int KIND_STARTS = 51;
  static final int KIND_ROWS = 52;
  static final int FILTER = 60;
  static final int TAG_FILTER = 61;
  static final int KEY_FILTER = 62;

  /// Added to a dictionary's id: for each name, where it and its list of rows begin.
  static final int STARTS = 0;

  /// Added to a dictionary's id: the bytes of the names.
  static final int NAME_BYTES = 1;

  /// Added to a dictionary's id: the lists of rows.
  static final int ROWS = 2;

  /// Added to a dictionary's id: the {@link RankTable}.
  static final int TABLE = 3;

  /// More sections than this and the directory is not believed.
  static final int SECTION_COUNT_MAX = 1_024;

  private SidxLayout() {}

  static long align(long offset) {
    return offset + 7 & -8;
  }
}
