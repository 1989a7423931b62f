package io.batpak.engine.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.event.Bytes;
import io.batpak.event.Hash;
import io.batpak.testing.IndexRow;
import io.batpak.testing.Randoms;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Proves that a footer finds exactly the rows of each name, however many names have the same
/// fingerprint, against a sorted map. Would catch a name that is taken for another, one that is
/// left out of the table and not searched for, a range of prefixes that ends early. Seed: random,
/// printed; a subject that believes a fingerprint shows that the comparison bites.
class FooterLookupTest {

  private static final int KIND = 0x1001;

  /// Names and their rows, and what answers for them.
  private record Case(
      TreeMap<String, List<Integer>> rows, SealedIndex index, ToLongFunction<byte[]> fingerprint) {

    NameKey key(String name) {
      return new NameKey(name, FooterLookupTest.fingerprint(this, name));
    }
  }

  @Test
  void a_footer_answers_as_a_sorted_map() {
    Randoms.each(80, (random, size) -> check(made(random, size), FooterLookupTest::ofEntity));
  }

  @Test
  void a_subject_that_believes_the_fingerprint_is_caught() {
    BiFunction<Case, String, List<Integer>> believer =
        (made, name) -> {
          long wanted = made.fingerprint.applyAsLong(name.getBytes(StandardCharsets.UTF_8));
          return made.rows.entrySet().stream()
              .filter(entry -> wanted == fingerprint(made, entry.getKey()))
              .map(Map.Entry::getValue)
              .findFirst()
              .orElse(List.of());
        };

    assertThatThrownBy(
            () -> Randoms.each(80, (random, size) -> check(made(random, size), believer)))
        .isInstanceOf(AssertionError.class);
  }

  private static long fingerprint(Case made, String name) {
    return made.fingerprint.applyAsLong(name.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void names_that_are_left_out_of_the_table_are_found() {
    for (int names : new int[] {1, RankTable.PROBE_MAX, RankTable.PROBE_MAX + 1, 1_000}) {
      Case made = made(names, Randoms.seeded(names), _ -> 0x1234_5678_9ABC_DEF0L);
      check(made, FooterLookupTest::ofEntity);
    }
  }

  @Test
  void of_fair_fingerprints_none_is_left_out() {
    RandomGenerator random = Randoms.seeded(7);
    for (int names : new int[] {1, 2, 3, 10, 1_000, 300_000}) {
      long[] fingerprints = random.longs(names).toArray();
      int[] slots = RankTable.slots(fingerprints);
      assertThat(Arrays.stream(slots).filter(slot -> slot != 0).count()).isEqualTo(names);
      assertThat(slots.length).isLessThan((int) RankTable.homeCount(names) + RankTable.PROBE_MAX);
    }
  }

  private static Case made(RandomGenerator random, int size) {
    long mask =
        switch (random.nextInt(4)) {
          case 0 -> -1L;
          case 1 -> random.nextLong();
          case 2 -> 0xFFL << random.nextInt(57);
          default -> 3L << random.nextInt(63);
        };
    return made(1 + random.nextInt(size * 10), random, name -> Fingerprint.of(name) & mask);
  }

  private static Case made(int names, RandomGenerator random, ToLongFunction<byte[]> fingerprint) {
    var rows = new TreeMap<String, List<Integer>>();
    var index = new ActiveIndex(0);
    for (int row = 0; row < names * 2; row++) {
      String name = name(random, names);
      rows.computeIfAbsent(name, _ -> new ArrayList<>()).add(row);
      Bytes key = Bytes.copyOf(name.getBytes(StandardCharsets.UTF_8));
      new IndexRow(row, row, row, 0, KIND, row, Hash.ZERO, key)
          .addTo(index, name, name, List.of(name));
    }
    byte[] footer = SidxWriter.write(index, 0, fingerprint).array();
    if (!(SealedIndex.open(MemorySegment.ofArray(footer))
        instanceof SealedIndex.Footer.Present present)) {
      throw new AssertionError("the footer does not open");
    }
    return new Case(rows, present.index(), fingerprint);
  }

  /// Of several lengths, so that some are the beginning of others.
  private static String name(RandomGenerator random, int names) {
    int number = random.nextInt(names);
    return "n" + "0123456789abcdef".substring(0, number % 17) + (number / 17);
  }

  private static List<Integer> ofEntity(Case made, String name) {
    return rows(made.index.ofEntity(made.key(name)));
  }

  private static void check(Case made, BiFunction<Case, String, List<Integer>> subject) {
    List<String> asked =
        made.rows.keySet().stream()
            .flatMap(name -> Stream.of(name, name + "x", name.substring(1), name + "0", "n"))
            .distinct()
            .toList();
    for (String name : asked) {
      List<Integer> expected = made.rows.getOrDefault(name, List.of());
      NameKey key = made.key(name);
      assertThat(subject.apply(made, name)).as(name).isEqualTo(expected);
      assertThat(rows(made.index.ofScope(key))).as(name).isEqualTo(expected);
      assertThat(rows(made.index.withTag(key))).as(name).isEqualTo(expected);
      assertThat(made.index.mayHaveEntity(key) || expected.isEmpty()).isTrue();
      assertThat(made.index.mayHaveTag(key) || expected.isEmpty()).isTrue();
      var probe =
          new KeyProbe(
              Bytes.copyOf(name.getBytes(StandardCharsets.UTF_8)), fingerprint(made, name));
      assertThat(made.index.rowWithKey(probe))
          .isEqualTo(expected.isEmpty() ? -1 : expected.getLast());
    }
    for (String prefix : asked.subList(0, Math.min(50, asked.size()))) {
      assertThat(made.index.ofEntitiesFrom(made.key(prefix)).stream().map(FooterLookupTest::rows))
          .containsExactlyElementsOf(made.rows.subMap(prefix, prefix + '\uFFFF').values());
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
