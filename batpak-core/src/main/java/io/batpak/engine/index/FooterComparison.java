package io.batpak.engine.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Compares a footer with the one that follows from the frames, byte by byte, and says in which
/// section they differ. The writer of footers makes equal bytes of equal events.
public final class FooterComparison {

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final Map<Integer, String> COLUMNS =
      Map.of(
          SidxLayout.OFFSET, "offset",
          SidxLayout.ID_HIGH, "upper id",
          SidxLayout.ID_LOW, "lower id",
          SidxLayout.COUNTER, "counter",
          SidxLayout.KIND, "kind",
          SidxLayout.ENTITY, "entity",
          SidxLayout.SCOPE, "scope",
          SidxLayout.CLOCK, "clock",
          SidxLayout.HASH, "hash");

  private static final Map<Integer, String> OTHERS =
      Map.of(
          SidxLayout.ENTITIES, "entities",
          SidxLayout.SCOPES, "scopes",
          SidxLayout.TAGS, "tags",
          SidxLayout.KEYS, "keys",
          SidxLayout.KINDS, "kinds",
          SidxLayout.KIND_STARTS, "kinds, starts of postings",
          SidxLayout.KIND_ROWS, "kinds, postings",
          SidxLayout.FILTER, "filter",
          SidxLayout.TAG_FILTER, "filter of tags",
          SidxLayout.KEY_FILTER, "filter of keys");

  private static final String[] DICTIONARY_PARTS = {"starts", "names", "postings", "table"};

  private final MemorySegment found;
  private final MemorySegment expected;
  private final long footerOffset;
  private final List<Difference> differences = new ArrayList<>();

  /// A place where the footer does not say what the frames say.
  ///
  /// @param offset from the start of the file
  /// @param row the event, or -1 if it is not about one
  /// @param description the section
  public record Difference(long offset, int row, String description) {}

  private record Section(int width, long offset, long length) {}

  private FooterComparison(MemorySegment found, MemorySegment expected, long footerOffset) {
    this.found = found;
    this.expected = expected;
    this.footerOffset = footerOffset;
  }

  /// {@return where the footer of a file differs from what the frames say; the first place of each
  /// section}
  ///
  /// @param file the whole file, mapped
  /// @param footer what its end says
  /// @param index made from its frames
  public static List<Difference> differences(
      MemorySegment file, SealedIndex.Footer.Present footer, ActiveIndex index) {
    long footerOffset = footer.framesEnd();
    MemorySegment found = file.asSlice(footerOffset);
    MemorySegment expected = MemorySegment.ofBuffer(SidxWriter.write(index, footerOffset));
    if (found.mismatch(expected) == -1) {
      return List.of();
    }
    var comparison = new FooterComparison(found, expected, footerOffset);
    comparison.compare();
    return comparison.differences;
  }

  private void compare() {
    Map<Integer, Section> sections = sections(found);
    Map<Integer, Section> wanted = sections(expected);
    boolean asExpected = sections.keySet().equals(wanted.keySet());
    wanted.forEach((id, section) -> compare(id, section, Optional.ofNullable(sections.get(id))));
    range(0, SidxLayout.HEAD_SECTIONS, "head");
    range(SidxLayout.HEAD_FIRST_ID, SidxLayout.HEAD_BYTES, "head");
    long trailer = expected.byteSize() - SidxLayout.TRAILER_BYTES;
    if (differences.isEmpty() && asExpected) {
      // sections are equal and where they should be: what is left is directory, gaps and trailer
      range(0, Math.min(trailer, found.byteSize()), "directory, or between the sections");
      range(trailer, Math.min(expected.byteSize(), found.byteSize()), "trailer");
      if (differences.isEmpty()) {
        add(0, -1, found.byteSize() + " bytes long, expected " + expected.byteSize());
      }
    }
  }

  private void range(long from, long until, String description) {
    long at = MemorySegment.mismatch(found, from, until, expected, from, until);
    if (at >= 0) {
      add(from + at, -1, description);
    }
  }

  private void compare(int id, Section wanted, Optional<Section> section) {
    if (section.isEmpty()) {
      add(0, -1, "no section of " + name(id));
      return;
    }
    Section has = section.get();
    boolean outside =
        has.offset < 0 || has.length < 0 || has.offset > found.byteSize() - has.length;
    if (outside || has.width != wanted.width || has.length != wanted.length) {
      add(0, -1, "the section of " + name(id) + " has another form");
      return;
    }
    long at =
        MemorySegment.mismatch(
            found,
            has.offset,
            has.offset + has.length,
            expected,
            wanted.offset,
            wanted.offset + wanted.length);
    if (at >= 0) {
      int rowBytes = id == SidxLayout.HASH ? wanted.length == 0 ? 1 : 32 : wanted.width;
      int row = COLUMNS.containsKey(id) ? (int) (at / rowBytes) : -1;
      add(has.offset + at, row, name(id));
    }
  }

  private void add(long offset, int row, String description) {
    differences.add(new Difference(footerOffset + offset, row, description));
  }

  private static String name(int id) {
    String column = COLUMNS.get(id);
    if (column != null) {
      return "column " + column;
    }
    int part = id % 10;
    if (id >= SidxLayout.KINDS) {
      return OTHERS.getOrDefault(id, "section " + id);
    }
    String other = OTHERS.getOrDefault(id - part, "section " + id);
    return part < DICTIONARY_PARTS.length ? other + ", " + DICTIONARY_PARTS[part] : other;
  }

  /// A directory that does not fit counts as none.
  private static Map<Integer, Section> sections(MemorySegment footer) {
    var sections = new TreeMap<Integer, Section>();
    int count = footer.get(INT, SidxLayout.HEAD_SECTIONS);
    long end = SidxLayout.HEAD_BYTES + (long) count * SidxLayout.ENTRY_BYTES;
    if (count < 0 || count > SidxLayout.SECTION_COUNT_MAX || end > footer.byteSize()) {
      return sections;
    }
    for (long at = SidxLayout.HEAD_BYTES; at < end; at += SidxLayout.ENTRY_BYTES) {
      sections.put(
          footer.get(INT, at + SidxLayout.ENTRY_ID),
          new Section(
              footer.get(INT, at + SidxLayout.ENTRY_WIDTH),
              footer.get(LONG, at + SidxLayout.ENTRY_OFFSET),
              footer.get(LONG, at + SidxLayout.ENTRY_LENGTH)));
    }
    return sections;
  }
}
