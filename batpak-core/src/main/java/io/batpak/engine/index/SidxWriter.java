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
import java.util.function.ToLongFunction;
import java.util.zip.CRC32;

/// Turns the index of a full segment into the bytes of its footer.
public final class SidxWriter {

  private final ActiveIndex index;
  private final ToLongFunction<byte[]> fingerprints;
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

  private SidxWriter(ActiveIndex index, ToLongFunction<byte[]> fingerprints) {
    this.index = index;
    this.fingerprints = fingerprints;
    this.rows = index.rows();
  }

  /// {@return the footer, body and trailer}
  ///
  /// @param index the index of a segment that gets no more events, with at least one row
  /// @param bodyOffset where in the file the footer will stand, a multiple of 8
  public static ByteBuffer write(ActiveIndex index, long bodyOffset) {
    return write(index, bodyOffset, Fingerprint::of);
  }

  /// {@return the footer with other fingerprints than those of the format, so that a test can make
  /// names collide}
  ///
  /// @param index the index of a segment that gets no more events, with at least one row
  /// @param bodyOffset where in the file the footer will stand, a multiple of 8
  /// @param fingerprints of a name's bytes
  static ByteBuffer write(ActiveIndex index, long bodyOffset, ToLongFunction<byte[]> fingerprints) {
    return new SidxWriter(index, fingerprints).footer(bodyOffset);
  }

  private ByteBuffer footer(long bodyOffset) {
    putColumns();
    numbers(
        SidxLayout.ENTITY,
        rows,
        ranked(
            putDictionary(SidxLayout.ENTITIES, SidxLayout.FILTER, entries(index.entityNames())),
            index::entityNumber));
    numbers(
        SidxLayout.SCOPE,
        rows,
        ranked(
            putDictionary(SidxLayout.SCOPES, NO_FILTER, entries(index.scopeNames())),
            index::scopeNumber));
    List<Entry> tags = entries(index.tagNames());
    if (!tags.isEmpty()) {
      var _ = putDictionary(SidxLayout.TAGS, SidxLayout.TAG_FILTER, tags);
    }
    List<Entry> keys = keyEntries();
    if (!keys.isEmpty()) {
      var _ = putDictionary(SidxLayout.KEYS, SidxLayout.KEY_FILTER, keys);
    }
    putKinds();
    return assemble(bodyOffset);
  }

  private static final int NO_FILTER = 0;

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

  private List<Entry> keyEntries() {
    var entries = new ArrayList<Entry>();
    for (Map.Entry<Bytes, Integer> key : index.keys().entrySet()) {
      entries.add(
          new Entry(key.getKey().toByteArray(), entries.size(), new SingleRow(key.getValue())));
    }
    return entries;
  }

  /// The rows of an idempotency key.
  private record SingleRow(int row) implements Postings {

    @Override
    public int count() {
      return 1;
    }

    @Override
    public int row(int i) {
      return row;
    }
  }

  private void putKinds() {
    List<Integer> kinds = index.kinds();
    List<Postings> lists = kinds.stream().map(index::ofKind).toList();
    int[] starts = listStarts(lists);
    numbers(SidxLayout.KINDS, kinds.size(), kinds::get);
    numbers(SidxLayout.KIND_STARTS, starts.length, i -> starts[i]);
    putRows(SidxLayout.KIND_ROWS, lists, starts);
  }

  private static List<Entry> entries(List<ActiveIndex.Name> names) {
    var entries = new ArrayList<Entry>(names.size());
    for (ActiveIndex.Name name : names) {
      if (name.count() > 0) {
        entries.add(new Entry(name.text().getBytes(StandardCharsets.UTF_8), name.number(), name));
      }
    }
    return entries;
  }

  /// Writes a dictionary and returns the entries in its order, by their bytes.
  private List<Entry> putDictionary(int id, int filterId, List<Entry> entries) {
    var sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparing(Entry::name, Arrays::compareUnsigned));
    int[] nameStarts = new int[sorted.size() + 1];
    for (int i = 0; i < sorted.size(); i++) {
      nameStarts[i + 1] = Math.addExact(nameStarts[i], sorted.get(i).name.length);
    }
    byte[] names = new byte[nameStarts[sorted.size()]];
    for (int i = 0; i < sorted.size(); i++) {
      byte[] name = sorted.get(i).name;
      System.arraycopy(name, 0, names, nameStarts[i], name.length);
    }
    List<Postings> lists = sorted.stream().map(Entry::rows).toList();
    int[] listStarts = listStarts(lists);
    numbers(
        id + SidxLayout.STARTS,
        2 * nameStarts.length,
        i -> (i & 1) == 0 ? nameStarts[i >> 1] : listStarts[i >> 1]);
    sections.put(id + SidxLayout.NAME_BYTES, new Section(0, names));
    putRows(id + SidxLayout.ROWS, lists, listStarts);
    putHashes(id + SidxLayout.TABLE, filterId, sorted);
    return sorted;
  }

  private void putHashes(int tableId, int filterId, List<Entry> sorted) {
    long[] all = new long[sorted.size()];
    for (int rank = 0; rank < all.length; rank++) {
      all[rank] = fingerprints.applyAsLong(sorted.get(rank).name);
    }
    int[] slots = RankTable.slots(all);
    byte[] table = new byte[Math.multiplyExact(slots.length, Integer.BYTES)];
    littleEndian(table).asIntBuffer().put(slots);
    sections.put(tableId, new Section(Integer.BYTES, table));
    if (filterId != NO_FILTER) {
      long[] filter = WordFilter.create(all.length);
      for (long fingerprint : all) {
        WordFilter.add(filter, fingerprint);
      }
      byte[] words = new byte[Math.multiplyExact(filter.length, Long.BYTES)];
      littleEndian(words).asLongBuffer().put(filter);
      sections.put(filterId, new Section(Long.BYTES, words));
    }
  }

  private static int[] listStarts(List<Postings> lists) {
    int[] starts = new int[lists.size() + 1];
    for (int i = 0; i < lists.size(); i++) {
      starts[i + 1] = Math.addExact(starts[i], lists.get(i).count());
    }
    return starts;
  }

  private void putRows(int id, List<Postings> lists, int[] starts) {
    int[] all = new int[starts[lists.size()]];
    for (int i = 0; i < lists.size(); i++) {
      Postings list = lists.get(i);
      for (int j = 0; j < starts[i + 1] - starts[i]; j++) {
        all[starts[i] + j] = list.row(j);
      }
    }
    numbers(id, all.length, i -> all[i]);
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
    out.putLong(SidxLayout.HEAD_FENCE, index.lastFence() + 1);
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
    out.putInt(bodyBytes + SidxLayout.TRAILER_FORMAT, SidxLayout.FORMAT);
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
