package io.batpak.engine.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.engine.frame.FrameDraft;
import io.batpak.engine.frame.FrameEncoder;
import io.batpak.event.Bytes;
import io.batpak.event.Coordinate;
import io.batpak.event.Hash;
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
  void a_footer_costs_no_more_than_its_target_per_event() {
    var index = new ActiveIndex(0);
    RandomGenerator random = Randoms.seeded(9);
    int events = 50_000;
    for (int i = 0; i < events; i++) {
      long wall = 1_750_000_000_000L + i / 3;
      Hash hash = new Hash(random.nextLong(), random.nextLong(), i, i);
      var row =
          new ActiveIndex.Row(
              i * 320, wall << 16 | 0x7000, random.nextLong(), i % 3, 0x1001, i / 1000, hash, null);
      add(index, "account:" + i % 1000, "bank", List.of(), row);
    }

    int bytes = SidxWriter.write(index, 0).remaining();

    assertThat((double) bytes / events).isLessThan(FOOTER_BYTES_PER_EVENT_MAX);
  }

  @Test
  void a_frame_costs_no_more_than_its_target_beside_the_payload() {
    var encoder = new FrameEncoder(1 << 16);
    var builder = new FrameDraft.Builder(Coordinate.of("account:7", "bank"), 0x1001, 1, 0);
    builder.plain(List.of()).writeRaw(new byte[100], 0, 100);
    var stamp = new FrameEncoder.Stamp();
    stamp.place(1_000_000, 1_000, new Hash(1, 2, 3, 4));
    stamp.time(1_750_000_000_000L << 16, 5, 3);
    stamp.recovery(0, 500);

    var _ = encoder.encode(builder.build(), stamp);

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
    var index = new ActiveIndex(random.nextLong(1L << 40));
    for (int i = 0; i < rows; i++) {
      String entity = NAMES.get(i % NAMES.size()) + random.nextInt(shape.entities);
      String scope = NAMES.get(random.nextInt(NAMES.size()));
      var tags = new TreeSet<String>();
      for (int tag = random.nextInt(shape.tags + 1); tag > 0; tag--) {
        tags.add(NAMES.get(random.nextInt(NAMES.size())) + tag % 3);
      }
      Bytes key = shape.keys ? Bytes.copyOf(new byte[] {(byte) i, (byte) (i >> 8)}) : null;
      var row =
          new ActiveIndex.Row(
              i * 8,
              i,
              random.nextLong(shape.largest),
              random.nextInt((int) Math.min(shape.largest, Integer.MAX_VALUE)),
              random.nextInt(random.nextBoolean() ? 3 : 0x10000),
              random.nextLong(shape.largest),
              new Hash(random.nextLong(), i, 0, -1),
              key);
      add(index, entity, scope, List.copyOf(tags), row);
    }
    return index;
  }

  private static ActiveIndex.Row row(long number, int offset, int counter) {
    return new ActiveIndex.Row(
        offset, number, number, counter, 0x1001, number, new Hash(number, 0, 0, 1), null);
  }

  private static void add(
      ActiveIndex index, String entity, String scope, List<String> tags, ActiveIndex.Row row) {
    ActiveIndex.Name entityName = index.entity(entity);
    ActiveIndex.Name scopeName = index.scope(scope);
    ActiveIndex.Name[] tagNames = index.reserve(entityName, scopeName, row.kind(), tags, 1);
    index.add(entityName, scopeName, tagNames, row);
  }

  private static SealedIndex sealed(ActiveIndex index) {
    byte[] footer = SidxWriter.write(index, 0).array();
    var open = SealedIndex.open(MemorySegment.ofArray(footer));
    assertThat(open).isInstanceOf(SealedIndex.Footer.Present.class);
    SealedIndex sealed = ((SealedIndex.Footer.Present) open).index();
    assertThat(sealed.intact()).isTrue();
    assertThat(sealed.lastHash()).isEqualTo(index.hash(index.rows() - 1));
    return sealed;
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
