package io.batpak.engine.index;

import io.batpak.event.Hash;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// The index of a sealed segment: its footer, mapped and read in place. Fit for any number of
/// threads.
public final class SealedIndex implements SegmentIndex {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong HASH_WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final VarHandle WORD_OF_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int CRC_BYTES = 1 << 16;

  private final MemorySegment body;
  private final int bodyCrc;
  private final long first;
  private final int rows;
  private final long lastFence;
  private final Numbers offset;
  private final Numbers idHigh;
  private final Numbers idLow;
  private final Numbers counter;
  private final Numbers kind;
  private final Numbers entity;
  private final Numbers scope;
  private final Numbers clock;
  private final long hashOffset;
  private final Dictionary entities;
  private final Dictionary scopes;
  private final Dictionary tags;
  private final Dictionary keys;
  private final Numbers kinds;
  private final Lists kindRows;
  private final Numbers filter;
  private final Numbers tagFilter;
  private final Numbers keyFilter;

  private SealedIndex(Sections sections, Trailer trailer) {
    this.body = sections.body;
    this.bodyCrc = trailer.bodyCrc;
    this.first = body.get(LONG, SidxLayout.HEAD_FIRST);
    this.rows = body.get(INT, SidxLayout.HEAD_ROWS);
    this.lastFence = body.get(LONG, SidxLayout.HEAD_FENCE) - 1;
    this.offset = sections.column(SidxLayout.OFFSET, rows);
    this.idHigh = sections.column(SidxLayout.ID_HIGH, rows);
    this.idLow = sections.column(SidxLayout.ID_LOW, rows);
    this.counter = sections.column(SidxLayout.COUNTER, rows);
    this.kind = sections.column(SidxLayout.KIND, rows);
    this.clock = sections.column(SidxLayout.CLOCK, rows);
    this.entities = sections.dictionary(SidxLayout.ENTITIES);
    this.scopes = sections.dictionary(SidxLayout.SCOPES);
    this.tags = sections.dictionary(SidxLayout.TAGS);
    this.keys = sections.dictionary(SidxLayout.KEYS);
    this.entity = sections.column(SidxLayout.ENTITY, rows);
    this.scope = sections.column(SidxLayout.SCOPE, rows);
    this.kinds = sections.numbers(SidxLayout.KINDS);
    this.kindRows = sections.kindRows(kinds.count());
    this.filter = sections.numbers(SidxLayout.FILTER);
    this.tagFilter = sections.numbers(SidxLayout.TAG_FILTER);
    this.keyFilter = sections.numbers(SidxLayout.KEY_FILTER);
    this.hashOffset = sections.bytes(SidxLayout.HASH, (long) rows * Hash.BYTES);
    if (rows < 1 || lastFence < -1 || lastFence >= first + rows || !plausible()) {
      throw new IllegalArgumentException("a head, a filter or a table that no writer makes");
    }
  }

  private boolean plausible() {
    return filter.ofWords()
        && (tags.count == 0 || tagFilter.ofWords())
        && (keys.count == 0 || keyFilter.ofWords())
        && entities.plausible()
        && scopes.plausible()
        && tags.plausible()
        && keys.plausible();
  }

  /// What the end of a file says.
  public sealed interface Footer {

    /// There is no footer, or one whose trailer or checksum does not hold: it does not count.
    record Absent() implements Footer {}

    /// A footer of a format that this library does not know.
    ///
    /// @param format the version it has
    record Newer(int format) implements Footer {}

    /// The index.
    ///
    /// @param index reads in place
    /// @param framesEnd where the frames end in the file, rounded up to 8
    record Present(SealedIndex index, long framesEnd) implements Footer {}
  }

  /// {@return what the end of a file says}
  ///
  /// @param file the whole file, mapped
  public static Footer open(MemorySegment file) {
    return trailer(file)
        .map(trailer ->
            trailer.format > SidxLayout.FORMAT
                ? new Footer.Newer(trailer.format)
                : open(file, trailer))
        .orElseGet(Footer.Absent::new);
  }

  /// {@return whether a file ends with a trailer, whatever it says}
  ///
  /// @param file the whole file, mapped
  public static boolean trailed(MemorySegment file) {
    long at = file.byteSize() - SidxLayout.TRAILER_BYTES;
    return at >= 0 && file.get(INT, at + SidxLayout.TRAILER_MAGIC) == SidxLayout.MAGIC;
  }

  private record Trailer(long bodyOffset, long bodyLength, int bodyCrc, int headCrc, int format) {}

  private static Optional<Trailer> trailer(MemorySegment file) {
    long at = file.byteSize() - SidxLayout.TRAILER_BYTES;
    if (at < 0 || at % 8 != 0 || file.get(INT, at + SidxLayout.TRAILER_MAGIC) != SidxLayout.MAGIC) {
      return Optional.empty();
    }
    var trailer =
        new Trailer(
            file.get(LONG, at + SidxLayout.TRAILER_BODY_OFFSET),
            file.get(LONG, at + SidxLayout.TRAILER_BODY_LENGTH),
            file.get(INT, at + SidxLayout.TRAILER_BODY_CRC),
            file.get(INT, at + SidxLayout.TRAILER_HEAD_CRC),
            file.get(INT, at + SidxLayout.TRAILER_FORMAT));
    boolean fits =
        trailer.format >= SidxLayout.FORMAT
            && trailer.bodyOffset >= 0
            && trailer.bodyOffset % 8 == 0
            && trailer.bodyLength >= SidxLayout.HEAD_BYTES
            && trailer.bodyOffset <= at
            && trailer.bodyLength == at - trailer.bodyOffset;
    return fits ? Optional.of(trailer) : Optional.empty();
  }

  private static Footer open(MemorySegment file, Trailer trailer) {
    MemorySegment body = file.asSlice(trailer.bodyOffset, trailer.bodyLength);
    int sections = body.get(INT, SidxLayout.HEAD_SECTIONS);
    long headBytes = SidxLayout.HEAD_BYTES + (long) sections * SidxLayout.ENTRY_BYTES;
    boolean plausible =
        sections >= 0 && sections <= SidxLayout.SECTION_COUNT_MAX && headBytes <= body.byteSize();
    if (!plausible || crc(body.asSlice(0, headBytes)) != trailer.headCrc) {
      return new Footer.Absent();
    }
    try {
      return new Footer.Present(
          new SealedIndex(new Sections(body, sections), trailer), trailer.bodyOffset);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return new Footer.Absent();
    }
  }

  /// Through an array: a checksum straight over the mapping would keep the store from closing.
  private static int crc(MemorySegment bytes) {
    CRC32 crc32 = new CRC32();
    byte[] part = new byte[(int) Math.min(CRC_BYTES, bytes.byteSize())];
    for (long at = 0; at < bytes.byteSize(); at += part.length) {
      int count = (int) Math.min(part.length, bytes.byteSize() - at);
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, part, 0, count);
      crc32.update(part, 0, count);
    }
    return (int) crc32.getValue();
  }

  /// {@return whether the checksum over all of the footer holds; if not, its answers mean nothing}
  public boolean intact() {
    return crc(body) == bodyCrc;
  }

  /// {@return the event hash of the last row, from the head}
  public Hash lastHash() {
    return hashAt(SidxLayout.HEAD_LAST_HASH);
  }

  @Override
  public long lastFence() {
    return lastFence;
  }

  @Override
  public long first() {
    return first;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int offset(int row) {
    return (int) offset.get(row);
  }

  @Override
  public long idHigh(int row) {
    return idHigh.get(row);
  }

  @Override
  public long idLow(int row) {
    return idLow.get(row);
  }

  @Override
  public int counter(int row) {
    return (int) counter.get(row);
  }

  @Override
  public int kind(int row) {
    return (int) kind.get(row);
  }

  @Override
  public String entity(int row) {
    return entities.text((int) entity.get(row));
  }

  @Override
  public String scope(int row) {
    return scopes.text((int) scope.get(row));
  }

  @Override
  public long clock(int row) {
    return clock.get(row);
  }

  @Override
  public Hash hash(int row) {
    return hashAt(hashOffset + (long) row * Hash.BYTES);
  }

  private Hash hashAt(long at) {
    return new Hash(
        body.get(HASH_WORD, at),
        body.get(HASH_WORD, at + 8),
        body.get(HASH_WORD, at + 16),
        body.get(HASH_WORD, at + 24));
  }

  @Override
  public Postings ofEntity(NameKey name) {
    return mayHaveEntity(name) ? entities.rowsOf(name.utf8(), name.fingerprint()) : Postings.NONE;
  }

  @Override
  public Postings ofScope(NameKey name) {
    return scopes.rowsOf(name.utf8(), name.fingerprint());
  }

  @Override
  public Postings withTag(NameKey name) {
    return mayHaveTag(name) ? tags.rowsOf(name.utf8(), name.fingerprint()) : Postings.NONE;
  }

  @Override
  public int rowWithKey(KeyProbe key) {
    if (!mayContain(keys, keyFilter, key.fingerprint())) {
      return -1;
    }
    Postings found = keys.rowsOf(key.bytes(), key.fingerprint());
    return found.count() == 0 ? -1 : found.row(found.count() - 1);
  }

  @Override
  public boolean mayHaveEntity(NameKey name) {
    return mayContain(entities, filter, name.fingerprint());
  }

  @Override
  public boolean mayHaveTag(NameKey name) {
    return mayContain(tags, tagFilter, name.fingerprint());
  }

  private boolean mayContain(Dictionary names, Numbers filter, long fingerprint) {
    return names.count > 0
        && WordFilter.mayContain(body, filter.offset, filter.count(), fingerprint);
  }

  @Override
  public Postings ofKind(int kind) {
    for (int i = 0; i < kinds.count(); i++) {
      if (kinds.get(i) == kind) {
        return kindRows.list(i);
      }
    }
    return Postings.NONE;
  }

  @Override
  public List<Postings> ofEntitiesFrom(NameKey prefix) {
    var found = new ArrayList<Postings>();
    for (int i = entities.firstNotBelow(prefix.utf8());
        i < entities.count && entities.startsWith(i, prefix.utf8());
        i++) {
      found.add(entities.list(i));
    }
    return found;
  }

  @Override
  public List<Postings> ofCategory(int category) {
    var found = new ArrayList<Postings>();
    for (int i = 0; i < kinds.count(); i++) {
      if (kinds.get(i) >>> 12 == category) {
        found.add(kindRows.list(i));
      }
    }
    return found;
  }

  @Override
  public boolean mayHave(int category) {
    for (int i = 0; i < kinds.count() && kinds.get(i) >>> 12 <= category; i++) {
      if (kinds.get(i) >>> 12 == category) {
        return true;
      }
    }
    return false;
  }

  @Override
  public List<String> entities() {
    return entities.texts();
  }

  @Override
  public List<String> scopes() {
    return scopes.texts();
  }

  @Override
  public List<Integer> kinds() {
    var found = new ArrayList<Integer>();
    for (int i = 0; i < kinds.count(); i++) {
      found.add((int) kinds.get(i));
    }
    return found;
  }

  /// The directory, checked: every section lies within the body.
  private static final class Sections {

    private final MemorySegment body;
    private final int count;

    Sections(MemorySegment body, int count) {
      this.body = body;
      this.count = count;
    }

    /// A section that is missing is empty.
    Numbers numbers(int id) {
      for (int i = 0; i < count; i++) {
        long entry = SidxLayout.HEAD_BYTES + (long) i * SidxLayout.ENTRY_BYTES;
        if (body.get(INT, entry + SidxLayout.ENTRY_ID) == id) {
          int width = body.get(INT, entry + SidxLayout.ENTRY_WIDTH);
          long offset = body.get(LONG, entry + SidxLayout.ENTRY_OFFSET);
          long length = body.get(LONG, entry + SidxLayout.ENTRY_LENGTH);
          if (offset < 0
              || length < 0
              || offset > body.byteSize() - length
              || width < 0
              || width > 8
              || Integer.bitCount(width) > 1) {
            throw new IllegalArgumentException("section " + id + " lies outside the body");
          }
          return new Numbers(body, width, offset, length);
        }
      }
      return new Numbers(body, 1, 0, 0);
    }

    Numbers column(int id, long rows) {
      Numbers column = numbers(id);
      if (column.count() != rows) {
        throw new IllegalArgumentException(
            "column " + id + " has " + column.count() + " rows, expected " + rows);
      }
      return column;
    }

    long bytes(int id, long length) {
      Numbers section = numbers(id);
      if (section.byteCount != length) {
        throw new IllegalArgumentException(
            "section " + id + " has " + section.byteCount + " bytes, expected " + length);
      }
      return section.offset;
    }

    Dictionary dictionary(int id) {
      Numbers starts = numbers(id + SidxLayout.STARTS);
      int names = Math.max(0, starts.count() / 2 - 1);
      Numbers bytes = numbers(id + SidxLayout.NAME_BYTES);
      Numbers rows = numbers(id + SidxLayout.ROWS);
      return new Dictionary(names, starts, bytes, rows, numbers(id + SidxLayout.TABLE));
    }

    Lists kindRows(int kinds) {
      Numbers starts = numbers(SidxLayout.KIND_STARTS);
      if (starts.count() != kinds + 1L) {
        throw new IllegalArgumentException(
            "the lists of " + kinds + " kinds are " + starts.count() + " starts");
      }
      return new Lists(starts, numbers(SidxLayout.KIND_ROWS));
    }
  }

  /// Unsigned numbers of one width.
  private static final class Numbers {

    private final MemorySegment body;
    private final int width;
    private final long offset;
    private final long byteCount;
    private final int count;

    Numbers(MemorySegment body, int width, long offset, long byteCount) {
      this.body = body;
      this.width = width;
      this.offset = offset;
      this.byteCount = byteCount;
      this.count = width == 0 ? 0 : (int) (byteCount / width);
    }

    int count() {
      return count;
    }

    boolean ofWords() {
      return width == Long.BYTES && byteCount > 0 && byteCount % Long.BYTES == 0;
    }

    long get(int i) {
      return switch (width) {
        case 1 -> body.get(ValueLayout.JAVA_BYTE, offset + i) & 0xFF;
        case 2 -> body.get(SHORT, offset + 2L * i) & 0xFFFF;
        case 4 -> body.get(INT, offset + 4L * i) & 0xFFFF_FFFFL;
        default -> body.get(LONG, offset + 8L * i);
      };
    }
  }

  private record Lists(Numbers starts, Numbers rows) {

    Postings list(int i) {
      int start = (int) starts.get(i);
      int count = (int) starts.get(i + 1) - start;
      return new MappedPostings(rows, start, count);
    }
  }

  private record MappedPostings(Numbers rows, int start, int count) implements Postings {

    @Override
    public int row(int i) {
      return (int) rows.get(start + i);
    }
  }

  /// Names in the order of their bytes, and a {@link RankTable} to find one of them. Texts are
  /// decoded once, when asked for; two threads may both do it, and one may then do it again.
  private static final class Dictionary {

    private final MemorySegment body;
    private final int count;
    private final Numbers starts;
    private final Numbers bytes;
    private final Numbers rows;
    private final Numbers table;
    private final long homeCount;
    private final int rankBits;
    private @Nullable String @Nullable [] texts;

    Dictionary(int count, Numbers starts, Numbers bytes, Numbers rows, Numbers table) {
      this.body = starts.body;
      this.count = count;
      this.starts = starts;
      this.bytes = bytes;
      this.rows = rows;
      this.table = table;
      this.homeCount = RankTable.homeCount(count);
      this.rankBits = RankTable.rankBits(count);
    }

    boolean plausible() {
      return count == 0 || table.width == Integer.BYTES && table.count > 0;
    }

    String text(int i) {
      @Nullable String[] known = texts;
      if (known == null) {
        known = new @Nullable String[count];
        texts = known;
      }
      String text = known[i];
      if (text == null) {
        text = new String(slice(i).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        known[i] = text;
      }
      return text;
    }

    List<String> texts() {
      var all = new ArrayList<String>(count);
      for (int i = 0; i < count; i++) {
        all.add(text(i));
      }
      return all;
    }

    Postings list(int i) {
      int start = (int) starts.get(2 * i + 1);
      return new MappedPostings(rows, start, (int) starts.get(2 * i + 3) - start);
    }

    Postings rowsOf(byte[] name, long fingerprint) {
      int rank = count == 0 ? -1 : rank(name, fingerprint);
      return rank < 0 ? Postings.NONE : list(rank);
    }

    // ManyEntitiesBench.sealedEntity
    private int rank(byte[] name, long fingerprint) {
      long mixed = RankTable.mix(fingerprint);
      long home = RankTable.home(mixed, homeCount);
      int check = RankTable.check(mixed, rankBits);
      for (long at = home; at < home + RankTable.PROBE_MAX; at++) {
        int slot = at < table.count ? body.get(INT, table.offset + (at << 2)) : 0;
        if (slot == 0) {
          return -1;
        }
        if (slot >>> rankBits == check) {
          int rank = Objects.checkIndex((slot & (1 << rankBits) - 1) - 1, count);
          if (equal(rank, name)) {
            return rank;
          }
        }
      }
      return bisected(name);
    }

    /// For a name that is left out of the table, or not there.
    private int bisected(byte[] name) {
      int i = firstNotBelow(name);
      return i < count && equal(i, name) ? i : -1;
    }

    int firstNotBelow(byte[] name) {
      int low = 0;
      int high = count;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (compare(middle, name) < 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    boolean startsWith(int i, byte[] prefix) {
      return length(i) >= prefix.length && matches(nameAt(i), prefix);
    }

    private boolean equal(int i, byte[] name) {
      return length(i) == name.length && matches(nameAt(i), name);
    }

    private long nameAt(int i) {
      return bytes.offset + starts.get(2 * i);
    }

    private long length(int i) {
      return starts.get(2 * i + 2) - starts.get(2 * i);
    }

    private boolean matches(long at, byte[] name) {
      int i = 0;
      for (; i <= name.length - Long.BYTES; i += Long.BYTES) {
        if (body.get(LONG, at + i) != (long) WORD_OF_BYTES.get(name, i)) {
          return false;
        }
      }
      for (; i < name.length; i++) {
        if (body.get(ValueLayout.JAVA_BYTE, at + i) != name[i]) {
          return false;
        }
      }
      return true;
    }

    private int compare(int i, byte[] name) {
      long at = nameAt(i);
      long length = length(i);
      for (int j = 0; j < length && j < name.length; j++) {
        int order = (body.get(ValueLayout.JAVA_BYTE, at + j) & 0xFF) - (name[j] & 0xFF);
        if (order != 0) {
          return order;
        }
      }
      return Long.compare(length, name.length);
    }

    private MemorySegment slice(int i) {
      return body.asSlice(nameAt(i), length(i));
    }
  }
}
