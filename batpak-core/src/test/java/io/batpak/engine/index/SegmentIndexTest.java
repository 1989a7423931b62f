package io.batpak.engine.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.engine.frame.FrameDraft;
import io.batpak.engine.frame.FrameEncoder;
import io.batpak.event.Bytes;
import io.batpak.event.Coordinate;
import io.batpak.event.Hash;
import io.batpak.testing.IndexRow;
import io.batpak.testing.Randoms;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Proves that a sealed index answers every question as the active one it was made from. Would
/// catch a column of the wrong width, an order that differs between chars and bytes, a footer that
/// grows. Seed: random, printed; an index with one row changed shows that the comparison bites.
class SegmentIndexTest {

  private static final int FOOTER_BYTES_PER_EVENT_MAX = 90;
  private static final int FRAME_OVERHEAD_BYTES_MAX = 160;

  private static final List<String> NAMES =
      List.of("a", "a:1", "a/1", "ab", "a0", "b", "𝄞", "𝄞:x", "\uE000", "\uFFFD", "é", "日本/語");

  /// What a row is made of.
  private record Shape(int entities, int tags, long largest, boolean keys) {}

  @Test
  void active_and_sealed_answer_alike() {
    Randoms.each(
        60,
        (random, size) -> {
          long largest = 1L << random.nextInt(1, 63);
          var shape =
              new Shape(1 + random.nextInt(size), random.nextInt(5), largest, random.nextBoolean());
          compare(active(random, random.nextInt(1, 1 + size * 5), shape));
        });
  }

  @Test
  void one_row_is_enough() {
    compare(active(Randoms.seeded(1), 1, new Shape(1, 0, 1, false)));
    compare(active(Randoms.seeded(2), 1, new Shape(1, 64, Long.MAX_VALUE, true)));
  }

  @Test
  void each_width_of_a_column_is_read_back() {
    for (long largest : new long[] {0xFF, 0x100, 0xFFFF, 0x10000, 0xFFFF_FFFFL, 1L << 32, -1L}) {
      var index = new ActiveIndex(7);
      add(index, "e", "s", List.of(), row(0, 0, 0));
      add(index, "e", "s", List.of(), row(largest, (int) largest & 0x3FFF_FFFF, 1));
      compare(index);
      assertThat(sealed(index).idLow(1)).isEqualTo(largest);
    }
  }

  @Test
  void seventy_thousand_entities_fit() {
    var index = new ActiveIndex(1L << 40);
    for (int i = 0; i < 70_000; i++) {
      add(index, "e" + i, "s", List.of(), row(i, i * 8, i));
    }
    SealedIndex sealed = sealed(index);
    for (int i = 0; i < 70_000; i += 7) {
      assertThat(rows(sealed.ofEntity(new NameKey("e" + i)))).containsExactly(i);
      assertThat(sealed.entity(i)).isEqualTo("e" + i);
      assertThat(sealed.ofEntity(new NameKey("x" + i)).count()).isZero();
    }
    assertThat(sealed.entities()).hasSize(70_000);
    assertThat(sealed.ofEntitiesFrom(new NameKey("e6999"))).hasSize(11);
  }

  @Test
  void a_changed_row_is_noticed() {
    Shape shape = new Shape(5, 2, 1L << 40, true);
    ActiveIndex one = active(Randoms.seeded(5), 50, shape);
    ActiveIndex other = active(Randoms.seeded(5), 49, shape);
    add(other, one.entity(49), one.scope(49), List.of(), row(-5, 8, 1));

    assertThatThrownBy(() -> compare(one, sealed(other))).isInstanceOf(AssertionError.class);
  }

  @Test
  void a_filter_answers_yes_for_every_name_and_seldom_for_another() {
    int names = 20_000;
    var index = new ActiveIndex(0);
    for (int i = 0; i < names; i++) {
      add(index, "e" + i, "s", List.of("t:" + i), keyed(i));
    }
    SealedIndex sealed = sealed(index);
    int wrongTags = 0;
    int wrongEntities = 0;
    for (int i = 0; i < names; i++) {
      assertThat(sealed.mayHaveTag(new NameKey("t:" + i))).isTrue();
      assertThat(sealed.mayHaveEntity(new NameKey("e" + i))).isTrue();
      assertThat(sealed.rowWithKey(probe(i))).isEqualTo(i);
      assertThat(sealed.rowWithKey(probe(-1 - i))).isEqualTo(-1);
      wrongTags += sealed.mayHaveTag(new NameKey("x:" + i)) ? 1 : 0;
      wrongEntities += sealed.mayHaveEntity(new NameKey("x:" + i)) ? 1 : 0;
    }
    assertThat(wrongTags).isBetween(1, names / 50);
    assertThat(wrongEntities).isBetween(1, names / 50);
  }

  @Test
  void the_last_row_with_a_key_is_meant() {
    var index = new ActiveIndex(0);
    for (int i = 0; i < 10; i++) {
      add(index, "e", "s", List.of(), keyed(i % 3));
    }

    for (SegmentIndex either : List.of(index, sealed(index))) {
      assertThat(either.rowWithKey(probe(0))).isEqualTo(9);
      assertThat(either.rowWithKey(probe(2))).isEqualTo(8);
      assertThat(either.rowWithKey(probe(3))).isEqualTo(-1);
    }
  }

  private static IndexRow keyed(int key) {
    Hash hash = new Hash(key, 0, 0, 1);
    return new IndexRow(0, key, key, 0, 0x1001, key, hash, key(key));
  }

  private static Bytes key(int number) {
    return Bytes.copyOf(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
  }

  private static KeyProbe probe(int number) {
    return new KeyProbe(key(number));
  }

  @Test
  void the_last_fence_is_known_without_the_body() {
    for (int kind = 0x00F; kind <= 0x013; kind++) {
      boolean fence = kind >= 0x010 && kind <= 0x012;
      var index = new ActiveIndex(100, 7);
      assertThat(index.lastFence()).isEqualTo(7);
      for (int i = 0; i < 5; i++) {
        var row = new IndexRow(0, i, i, 0, i == 2 ? kind : 0x1001, i, Hash.ZERO, null);
        add(index, "e", "s", List.of(), row);
      }
      byte[] footer = SidxWriter.write(index, 0).array();
      footer[footer.length - SidxLayout.TRAILER_BYTES - 1] ^= 1;

      assertThat(index.lastFence()).isEqualTo(fence ? 102 : 7);
      assertThat(open(footer).lastFence()).isEqualTo(fence ? 102 : 7);
      assertThat(open(footer).intact()).isFalse();
    }
    assertThat(new ActiveIndex(100).lastFence()).isEqualTo(-1);
  }

  @Test
  void a_footer_of_an_older_format_is_none() {
    var index = new ActiveIndex(0);
    add(index, "e", "s", List.of(), row(1, 0, 0));
    for (int format = 0; format < SidxLayout.FORMAT; format++) {
      byte[] footer = SidxWriter.write(index, 0).array();
      footer[footer.length - SidxLayout.TRAILER_BYTES + SidxLayout.TRAILER_FORMAT] = (byte) format;

      assertThat(SealedIndex.open(MemorySegment.ofArray(footer)))
          .isInstanceOf(SealedIndex.Footer.Absent.class);
    }
  }

  @Test
  void a_filter_that_no_writer_makes_is_no_footer() {
    var index = new ActiveIndex(0);
    add(index, "e", "s", List.of("t"), keyed(1));
    for (int id : List.of(SidxLayout.FILTER, SidxLayout.TAG_FILTER, SidxLayout.KEY_FILTER)) {
      for (long[] wrong :
          new long[][] {
            {SidxLayout.ENTRY_LENGTH, 0},
            {SidxLayout.ENTRY_LENGTH, 7},
            {SidxLayout.ENTRY_LENGTH, 1L << 40},
            {SidxLayout.ENTRY_OFFSET, -8},
            {SidxLayout.ENTRY_WIDTH, 4},
            {SidxLayout.ENTRY_ID, 63}
          }) {
        ByteBuffer footer = SidxWriter.write(index, 0);
        byte[] bytes = HostileFooter.withSection(footer, id, (int) wrong[0], wrong[1]);
        assertThat(SealedIndex.open(MemorySegment.ofArray(bytes)))
            .isInstanceOf(SealedIndex.Footer.Absent.class);
      }
    }
  }

  @Test
  void a_table_that_no_writer_makes_is_no_footer() {
    var index = new ActiveIndex(0);
    add(index, "e", "s", List.of("t"), keyed(1));
    for (int id :
        List.of(SidxLayout.ENTITIES, SidxLayout.SCOPES, SidxLayout.TAGS, SidxLayout.KEYS)) {
      for (long[] wrong :
          new long[][] {
            {SidxLayout.ENTRY_LENGTH, 0},
            {SidxLayout.ENTRY_LENGTH, 3},
            {SidxLayout.ENTRY_LENGTH, 1L << 40},
            {SidxLayout.ENTRY_OFFSET, -8},
            {SidxLayout.ENTRY_WIDTH, 8},
            {SidxLayout.ENTRY_ID, 63}
          }) {
        ByteBuffer footer = SidxWriter.write(index, 0);
        int table = id + SidxLayout.TABLE;
        byte[] bytes = HostileFooter.withSection(footer, table, (int) wrong[0], wrong[1]);
        assertThat(SealedIndex.open(MemorySegment.ofArray(bytes)))
            .isInstanceOf(SealedIndex.Footer.Absent.class);
      }
    }
  }

  @Test
  void a_footer_costs_no_more_than_its_target_per_event() {
    var index = new ActiveIndex(0);
    RandomGenerator random = Randoms.seeded(9);
    int events = 50_000;
    for (int i = 0; i < events; i++) {
      long wall = 1_750_000_000_000L + i / 3;
      Hash hash = new Hash(random.nextLong(), random.nextLong(), i, i);
      var row =
          new IndexRow(
              i * 320, wall << 16 | 0x7000, random.nextLong(), i % 3, 0x1001, i / 1000, hash, null);
      add(index, "account:" + i % 1000, "bank", List.of(), row);
    }

    int bytes = SidxWriter.write(index, 0).remaining();

    assertThat((double) bytes / events).isLessThan(FOOTER_BYTES_PER_EVENT_MAX);
  }

  @Test
  void a_frame_costs_no_more_than_its_target_beside_the_payload() {
    var encoder = new FrameEncoder(1 << 16);
    var draft = new FrameDraft(Coordinate.of("account:7", "bank"), 0x1001, 1, 0);
    draft.plain(List.of()).writeRaw(new byte[100], 0, 100);
    var stamp = new FrameEncoder.Stamp();
    stamp.place(1_000_000, 1_000);
    stamp.previous(new Hash(1, 2, 3, 4));
    stamp.time(1_750_000_000_000L << 16, 5, 3);
    stamp.recovery(0, 500);

    encoder.encode(draft, stamp);

    assertThat(encoder.end() - 100).isLessThanOrEqualTo(FRAME_OVERHEAD_BYTES_MAX);
  }

  /// Checksums that hold over a footer that no writer made: what opening and every question may do
  /// is to answer, or to say that an index is out of bounds or an argument illegal.
  @Test
  @Timeout(60)
  void hostile_footers_end_in_known_ways() {
    Randoms.each(
        400,
        (random, size) -> {
          var shape = new Shape(1 + random.nextInt(9), random.nextInt(4), 1L << 33, true);
          ActiveIndex index = active(random, random.nextInt(1, 40), shape);
          ByteBuffer footer = SidxWriter.write(index, 0);
          MemorySegment file = MemorySegment.ofArray(HostileFooter.mutate(footer, random, size));
          switch (SealedIndex.open(file)) {
            case SealedIndex.Footer.Present present -> HostileFooter.askAll(present.index());
            case SealedIndex.Footer.Absent absent -> {}
            case SealedIndex.Footer.Newer newer -> {}
          }
        });
  }

  private static ActiveIndex active(RandomGenerator random, int rows, Shape shape) {
    long first = random.nextLong(1L << 40);
    var index = new ActiveIndex(first, random.nextLong(-1, Math.max(0, first)));
    for (int i = 0; i < rows; i++) {
      String entity = NAMES.get(i % NAMES.size()) + random.nextInt(shape.entities);
      String scope = NAMES.get(random.nextInt(NAMES.size()));
      var tags = new TreeSet<String>();
      for (int tag = random.nextInt(shape.tags + 1); tag > 0; tag--) {
        tags.add(NAMES.get(random.nextInt(NAMES.size())) + tag % 3);
      }
      int number = random.nextInt(rows);
      byte[] bytes = {(byte) number, (byte) (number >> 8)};
      Bytes key = shape.keys && random.nextBoolean() ? Bytes.copyOf(bytes) : null;
      var row =
          new IndexRow(
              i * 8,
              i,
              random.nextLong(shape.largest),
              random.nextInt((int) Math.min(shape.largest, Integer.MAX_VALUE)),
              kind(random),
              random.nextLong(shape.largest),
              new Hash(random.nextLong(), i, 0, -1),
              key);
      add(index, entity, scope, List.copyOf(tags), row);
    }
    return index;
  }

  private static int kind(RandomGenerator random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(3);
      case 1 -> random.nextInt(0x00E, 0x014);
      default -> random.nextInt(0x10000);
    };
  }

  private static IndexRow row(long number, int offset, int counter) {
    return new IndexRow(
        offset, number, number, counter, 0x1001, number, new Hash(number, 0, 0, 1), null);
  }

  private static void add(
      ActiveIndex index, String entity, String scope, List<String> tags, IndexRow row) {
    row.addTo(index, entity, scope, tags);
  }

  private static SealedIndex sealed(ActiveIndex index) {
    byte[] footer = SidxWriter.write(index, 0).array();
    SealedIndex sealed = open(footer);
    assertThat(sealed.intact()).isTrue();
    assertThat(sealed.lastFence()).isEqualTo(index.lastFence());
    assertThat(sealed.lastHash()).isEqualTo(index.hash(index.rows() - 1));
    return sealed;
  }

  private static SealedIndex open(byte[] footer) {
    var open = SealedIndex.open(MemorySegment.ofArray(footer));
    assertThat(open).isInstanceOf(SealedIndex.Footer.Present.class);
    return ((SealedIndex.Footer.Present) open).index();
  }

  private static void compare(ActiveIndex active) {
    compare(active, sealed(active));
  }

  private static void compare(SegmentIndex active, SegmentIndex sealed) {
    assertThat(sealed.first()).isEqualTo(active.first());
    assertThat(sealed.rows()).isEqualTo(active.rows());
    for (int row = 0; row < active.rows(); row++) {
      assertThat(sealed.offset(row)).isEqualTo(active.offset(row));
      assertThat(sealed.idHigh(row)).isEqualTo(active.idHigh(row));
      assertThat(sealed.idLow(row)).isEqualTo(active.idLow(row));
      assertThat(sealed.wallMillis(row)).isEqualTo(active.wallMillis(row));
      assertThat(sealed.counter(row)).isEqualTo(active.counter(row));
      assertThat(sealed.kind(row)).isEqualTo(active.kind(row));
      assertThat(sealed.entity(row)).isEqualTo(active.entity(row));
      assertThat(sealed.scope(row)).isEqualTo(active.scope(row));
      assertThat(sealed.clock(row)).isEqualTo(active.clock(row));
      assertThat(sealed.hash(row)).isEqualTo(active.hash(row));
    }
    compareNames(active, sealed);
    compareKinds(active, sealed);
    for (int key = 0; key < 2 + active.rows(); key++) {
      var probe = new KeyProbe(Bytes.copyOf(new byte[] {(byte) key, (byte) (key >> 8)}));
      assertThat(sealed.rowWithKey(probe)).isEqualTo(active.rowWithKey(probe));
    }
  }

  private static void compareNames(SegmentIndex active, SegmentIndex sealed) {
    assertThat(sealed.entities()).containsExactlyInAnyOrderElementsOf(active.entities());
    assertThat(sealed.scopes()).containsExactlyInAnyOrderElementsOf(active.scopes());
    var names = new HashSet<String>(NAMES);
    names.addAll(active.entities());
    names.addAll(List.of("absent", "a:", "\uFFFF", "z", "\u0001"));
    for (String name : NAMES) {
      names.addAll(List.of(name + "0", name + "1", name + "2"));
    }
    for (String name : names) {
      NameKey key = new NameKey(name);
      same(active.ofEntity(key), sealed.ofEntity(key));
      same(active.ofScope(key), sealed.ofScope(key));
      same(active.withTag(key), sealed.withTag(key));
      assertThat(sealed.mayHaveTag(key) || !active.mayHaveTag(key)).isTrue();
      assertThat(sealed.mayHaveEntity(key) || !active.mayHaveEntity(key)).isTrue();
      same(active.ofEntitiesFrom(key), sealed.ofEntitiesFrom(key));
    }
  }

  private static void compareKinds(SegmentIndex active, SegmentIndex sealed) {
    assertThat(sealed.kinds()).containsExactlyInAnyOrderElementsOf(active.kinds());
    for (int kind : active.kinds()) {
      same(active.ofKind(kind), sealed.ofKind(kind));
      same(active.ofKind(kind ^ 1), sealed.ofKind(kind ^ 1));
    }
    for (int category = 0; category < 16; category++) {
      same(active.ofCategory(category), sealed.ofCategory(category));
      assertThat(sealed.mayHave(category)).isEqualTo(active.mayHave(category));
    }
  }

  private static void same(List<Postings> active, List<Postings> sealed) {
    assertThat(lists(sealed)).isEqualTo(lists(active));
  }

  /// The order of the names may differ, that within each list may not.
  private static List<List<Integer>> lists(List<Postings> lists) {
    return lists.stream()
        .map(SegmentIndexTest::rows)
        .sorted(Comparator.comparing(List::toString))
        .toList();
  }

  private static void same(Postings active, Postings sealed) {
    List<Integer> rows = rows(active);
    assertThat(rows(sealed)).isEqualTo(rows).isSorted();
    for (int row : rows) {
      for (int near = row - 1; near <= row + 1; near++) {
        assertThat(sealed.countBelow(near)).isEqualTo(active.countBelow(near));
        assertThat(sealed.contains(near)).isEqualTo(active.contains(near));
      }
      assertThat(sealed.contains(row)).isTrue();
    }
  }

  private static List<Integer> rows(Postings postings) {
    var rows = new ArrayList<Integer>();
    for (int i = 0; i < postings.count(); i++) {
      rows.add(postings.row(i));
    }
    return rows;
  }
}
