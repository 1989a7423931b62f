package io.batpak.benches.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.event.Coordinate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Proves that cold and new entities are picked at most once, in no order, and that the warm-up
/// leaves most of the cold ones. Would catch a trial that measures entities it has made hot itself.
/// Deterministic.
class EntitiesTest {

  private static final int COUNT = 1 << 10;

  private final RecurringEntities others =
      new RecurringEntities(RecurringEntities.coordinates(10), 0);

  @Test
  void a_permutation_has_every_number_once_and_no_neighbours() {
    for (int bits : List.of(2, 5, 10, 16)) {
      var permutation = new Permutation(bits);

      Set<Integer> numbers = new HashSet<>();
      IntStream.range(0, 1 << bits).map(permutation::at).forEach(numbers::add);

      assertThat(numbers).hasSize(1 << bits).allMatch(number -> number >>> bits == 0);
    }
    var large = new Permutation(20);
    long neighbours =
        IntStream.range(1, COUNT)
            .filter(i -> Math.abs(large.at(i) - large.at(i - 1)) < COUNT)
            .count();
    assertThat(neighbours).isLessThan(COUNT / 20);
  }

  @Test
  void a_permutation_of_all_bits_repeats_nothing() {
    var permutation = new Permutation(Integer.SIZE);

    Set<Integer> numbers = new HashSet<>();
    IntStream.range(0, 1 << 16).map(permutation::at).forEach(numbers::add);

    assertThat(numbers).hasSize(1 << 16);
  }

  @Test
  void the_warm_up_mixes_in_at_most_a_third_of_the_cold_entities() {
    var cold = new ColdEntities(COUNT, others);

    List<Coordinate> few = next(cold, 80);
    List<Coordinate> many = next(cold, 20 * COUNT);

    assertThat(few).filteredOn(EntitiesTest::isCold).hasSize(10);
    assertThat(many).filteredOn(EntitiesTest::isCold).hasSize(COUNT / 3 - 10);
    assertThat(cold.room()).isEqualTo(COUNT - COUNT / 3);
  }

  @Test
  void after_the_warm_up_every_entity_is_cold_and_none_was_picked_before() {
    var cold = new ColdEntities(COUNT, others);
    List<Coordinate> picked = new ArrayList<>(next(cold, 800));
    picked.removeIf(coordinate -> !isCold(coordinate));
    cold.warmedUp();

    picked.addAll(next(cold, (int) cold.room()));

    assertThat(picked).hasSize(COUNT).doesNotHaveDuplicates().allMatch(EntitiesTest::isCold);
    assertThat(cold.room()).isZero();
    assertThatThrownBy(cold::next).hasMessageContaining("used up");
  }

  @Test
  void new_entities_are_all_different() {
    var entities = new NewEntities();

    assertThat(next(entities, 10_000)).doesNotHaveDuplicates();
  }

  private static List<Coordinate> next(Entities entities, int count) {
    return IntStream.range(0, count).mapToObj(i -> entities.next()).toList();
  }

  private static boolean isCold(Coordinate coordinate) {
    return coordinate.entity().startsWith(ColdEntities.NAMESPACE + ":");
  }
}
