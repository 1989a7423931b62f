package io.batpak.engine.index;

import io.batpak.event.Bytes;
import io.batpak.event.Hash;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import java.util.zip.CRC32;

/// Turns the index of a full segment into the bytes of its footer.
public final class SidxWriter {

  private final ActiveIndex index;
  private final int format;
  private final int rows;
  private final TreeMap<Integer, Section> sections = new TreeMap<>();

  private static final class Section {
    final int width;
    final byte[] bytes;

    Section(int width, byte[] bytes) {
      this.width = width;
      this.bytes = bytes;
    }
  }

  private static final class Entry {
    final byte[] name;
    final int number;
    final Postings rows;

    Entry(byte[] name, int number, Postings rows) {
      this.name = name;
      this.number = number;
      this.rows = rows;
    }

    byte[] name() {
      return name;
    }

    Postings rows() {
      return rows;
    }
  }

  private SidxWriter(ActiveIndex index, int format) {
    this.index = index;
    this.format = format;
    this.rows = index.rows();
  }

  /// {@return the footer, body and trailer}
  ///
  /// @param index the index of a segment that gets no more events, with at least one row
  /// @param bodyOffset where in the file the footer will stand, a multiple of 8
  public static ByteBuffer write(ActiveIndex index, long bodyOffset) {
    return write(index, bodyOffset, SidxLayout.FORMAT);
  }

  /// {@return the footer as a format version has it, for comparison}
  ///
  /// @param index the index of a segment that gets no more events, with at least one row
  /// @param bodyOffset where in the file the footer will stand, a multiple of 8
  /// @param format a version that is known
  static ByteBuffer write(ActiveIndex index, long bodyOffset, int format) {
    return new SidxWriter(index, format).footer(bodyOffset);
  }

  private ByteBuffer footer(long bodyOffset) {
    putColumns();
    putEntities();
    numbers(
        SidxLayout.SCOPE,
        rows,
        ranked(putDictionary(SidxLayout.SCOPES, entries(index.scopeNames())), index::scopeNumber));
    List<Entry> tags = entries(index.tagNames());
    if (!tags.isEmpty()) {
      var _ = putDictionary(SidxLayout.TAGS, tags);
      if (format > SidxLayout.FORMAT_FIRST) {
        putFilter(SidxLayout.TAG_FILTER, tags);
      }
    }
    putKeys();
    putKinds();
    return assemble(bodyOffset);
  }

  private void putColumns() {
    numbers(SidxLayout.OFFSET, rows, index::offset);
    numbers(SidxLayout.ID_HIGH, rows, index::idHigh);
    numbers(SidxLayout.ID_LOW, rows, index::idLow);
    numbers(SidxLayout.COUNTER, rows, index::counter);
    numbers(SidxLayout.KIND, rows, index::kind);
    numbers(SidxLayout.CLOCK, rows, index::clock);
    byte[] hashes = new byte[Math.multiplyExact(rows, Hash.BYTES)];
    for (int row = 0; row < rows; row++) {
      index.hash(row).write(hashes, row * Hash.BYTES);
    }
    sections.put(SidxLayout.HASH, new Section(0, hashes));
  }

  private void putEntities() {
    List<Entry> entries = entries(index.entityNames());
    numbers(
        SidxLayout.ENTITY,
        rows,
        ranked(putDictionary(SidxLayout.ENTITIES, entries), index::entityNumber));
    if (format == SidxLayout.FORMAT_FIRST) {
      long[] filter = EntityFilter.create(entries.size());
      entries.forEach(entry -> EntityFilter.add(filter, Fingerprint.of(entry.name)));
      putWords(SidxLayout.FILTER, filter);
    } else {
      putFilter(SidxLayout.FILTER, entries);
    }
  }

  private void putFilter(int id, List<Entry> entries) {
    long[] filter = WordFilter.create(entries.size());
    entries.forEach(entry -> WordFilter.add(filter, Fingerprint.of(entry.name)));
    putWords(id, filter);
  }

  private void putWords(int id, long[] filter) {
    byte[] words = new byte[filter.length * Long.BYTES];
    littleEndian(words).asLongBuffer().put(filter);
    sections.put(id, new Section(Long.BYTES, words));
  }

  private void putKeys() {
    var entries = new ArrayList<Entry>();
    for (Map.Entry<Bytes, Integer> key : index.keys().entrySet()) {
      RowList row = new RowList();
      row.add(key.getValue());
      entries.add(new Entry(key.getKey().toByteArray(), entries.size(), row));
    }
    if (!entries.isEmpty()) {
      var _ = putDictionary(SidxLayout.KEYS, entries);
      if (format > SidxLayout.FORMAT_FIRST) {
        putFilter(SidxLayout.KEY_FILTER, entries);
      }
    }
  }

  private void putKinds() {
    List<Integer> kinds = index.kinds();
    numbers(SidxLayout.KINDS, kinds.size(), kinds::get);
    putPostings(SidxLayout.KINDS, kinds.stream().map(index::ofKind).toList());
  }

  private static List<Entry> entries(List<ActiveIndex.Name> names) {
    var entries = new ArrayList<Entry>(names.size());
    for (ActiveIndex.Name name : names) {
      if (name.rows().count() > 0) {
        entries.add(
            new Entry(name.text().getBytes(StandardCharsets.UTF_8), name.number(), name.rows()));
      }
    }
    return entries;
  }

  /// Writes a dictionary and returns the entries in its order, by their bytes.
  private List<Entry> putDictionary(int id, List<Entry> entries) {
    var sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparing(Entry::name, Arrays::compareUnsigned));
    int[] starts = new int[sorted.size() + 1];
    for (int i = 0; i < sorted.size(); i++) {
      starts[i + 1] = Math.addExact(starts[i], sorted.get(i).name.length);
    }
    byte[] names = new byte[starts[sorted.size()]];
    for (int i = 0; i < sorted.size(); i++) {
      byte[] name = sorted.get(i).name;
      System.arraycopy(name, 0, names, starts[i], name.length);
    }
    numbers(id + SidxLayout.NAME_STARTS, starts.length, i -> starts[i]);
    sections.put(id + SidxLayout.NAME_BYTES, new Section(0, names));
    putPostings(id, sorted.stream().map(Entry::rows).toList());
    return sorted;
  }

  private void putPostings(int id, List<Postings> lists) {
    int[] starts = new int[lists.size() + 1];
    for (int i = 0; i < lists.size(); i++) {
      starts[i + 1] = starts[i] + lists.get(i).count();
    }
    int[] all = new int[starts[lists.size()]];
    for (int i = 0; i < lists.size(); i++) {
      Postings list = lists.get(i);
      for (int j = 0; j < starts[i + 1] - starts[i]; j++) {
        all[starts[i] + j] = list.row(j);
      }
    }
    numbers(id + SidxLayout.POSTING_STARTS, starts.length, i -> starts[i]);
    numbers(id + SidxLayout.POSTING_ROWS, all.length, i -> all[i]);
  }

  /// From the number that a row has in the active index to its rank in the dictionary.
  private IntToLongFunction ranked(List<Entry> sorted, IntToLongFunction numberOfRow) {
    int highest = sorted.stream().mapToInt(entry -> entry.number).max().orElse(0);
    int[] rankOfNumber = new int[highest + 1];
    for (int rank = 0; rank < sorted.size(); rank++) {
      rankOfNumber[sorted.get(rank).number] = rank;
    }
    return row -> rankOfNumber[(int) numberOfRow.applyAsLong(row)];
  }

  private void numbers(int id, int count, IntToLongFunction values) {
    long largest = 0;
    for (int i = 0; i < count; i++) {
      long value = values.applyAsLong(i);
      largest = Long.compareUnsigned(value, largest) > 0 ? value : largest;
    }
    int width = width(largest);
    byte[] bytes = new byte[Math.multiplyExact(count, width)];
    ByteBuffer out = littleEndian(bytes);
    for (int i = 0; i < count; i++) {
      long value = values.applyAsLong(i);
      switch (width) {
        case 1 -> out.put((byte) value);
        case 2 -> out.putShort((short) value);
        case 4 -> out.putInt((int) value);
        default -> out.putLong(value);
      }
    }
    sections.put(id, new Section(width, bytes));
  }

  private static int width(long largest) {
    if (largest < 0 || largest >= 1L << 32) {
      return 8;
    }
    return largest < 1 << 8 ? 1 : largest < 1 << 16 ? 2 : 4;
  }

  private ByteBuffer assemble(long bodyOffset) {
    long length = SidxLayout.HEAD_BYTES + (long) sections.size() * SidxLayout.ENTRY_BYTES;
    for (Section section : sections.values()) {
      length = SidxLayout.align(length) + section.bytes.length;
    }
    int bodyBytes = Math.toIntExact(SidxLayout.align(length));
    byte[] footer = new byte[bodyBytes + SidxLayout.TRAILER_BYTES];
    ByteBuffer out = littleEndian(footer);
    out.putLong(SidxLayout.HEAD_FIRST, index.first());
    out.putInt(SidxLayout.HEAD_ROWS, rows);
    out.putInt(SidxLayout.HEAD_SECTIONS, sections.size());
    int last = rows - 1;
    out.putLong(SidxLayout.HEAD_FIRST_ID, index.idHigh(0));
    out.putLong(SidxLayout.HEAD_FIRST_ID + 8, index.idLow(0));
    out.putLong(SidxLayout.HEAD_LAST_ID, index.idHigh(last));
    out.putLong(SidxLayout.HEAD_LAST_ID + 8, index.idLow(last));
    out.putInt(SidxLayout.HEAD_FIRST_COUNTER, index.counter(0));
    out.putInt(SidxLayout.HEAD_LAST_COUNTER, index.counter(last));
    index.hash(last).write(footer, SidxLayout.HEAD_LAST_HASH);
    if (format > SidxLayout.FORMAT_FIRST) {
      out.putLong(SidxLayout.HEAD_FENCE, index.lastFence() + 1);
    }
    int entry = SidxLayout.HEAD_BYTES;
    int at = entry + sections.size() * SidxLayout.ENTRY_BYTES;
    for (Map.Entry<Integer, Section> section : sections.entrySet()) {
      at = (int) SidxLayout.align(at);
      byte[] bytes = section.getValue().bytes;
      out.putInt(entry + SidxLayout.ENTRY_ID, section.getKey());
      out.putInt(entry + SidxLayout.ENTRY_WIDTH, section.getValue().width);
      out.putLong(entry + SidxLayout.ENTRY_OFFSET, at);
      out.putLong(entry + SidxLayout.ENTRY_LENGTH, bytes.length);
      out.put(at, bytes);
      at += bytes.length;
      entry += SidxLayout.ENTRY_BYTES;
    }
    int headBytes = SidxLayout.HEAD_BYTES + sections.size() * SidxLayout.ENTRY_BYTES;
    out.putLong(bodyBytes + SidxLayout.TRAILER_BODY_OFFSET, bodyOffset);
    out.putLong(bodyBytes + SidxLayout.TRAILER_BODY_LENGTH, bodyBytes);
    out.putInt(bodyBytes + SidxLayout.TRAILER_BODY_CRC, crc(footer, bodyBytes));
    out.putInt(bodyBytes + SidxLayout.TRAILER_HEAD_CRC, crc(footer, headBytes));
    out.putInt(bodyBytes + SidxLayout.TRAILER_FORMAT, format);
    out.putInt(bodyBytes + SidxLayout.TRAILER_MAGIC, SidxLayout.MAGIC);
    return ByteBuffer.wrap(footer);
  }

  private static int crc(byte[] bytes, int count) {
    CRC32 crc32 = new CRC32();
    crc32.update(bytes, 0, count);
    return (int) crc32.getValue();
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
