package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.event.Hash;
import io.batpak.failure.BadConfiguration;
import io.batpak.testing.Randoms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that an entity's next event is chained to its last one over many segments and restarts,
/// whatever is remembered of where entities are. Would catch an entity that is remembered in a
/// segment before its last, names with one hash that take each other's place, a commit that was not
/// made and is remembered. Seed: random, printed.
class HeadCacheTest {

  private static final int[] COUNTS = {0, 1, 2, 16, StoreConfig.CACHED_HEADS_DEFAULT};

  /// What the next event of an entity is chained to.
  private record Last(long clock, long sequence, Hash hash) {
    static final Last NONE = new Last(-1, -1, Hash.ZERO);
  }

  @Test
  void an_entity_goes_on_where_it_was_last(@TempDir Path directory) {
    Randoms.each(
        10,
        (random, size) -> {
          Path place = directory.resolve(Long.toHexString(random.nextLong()));
          List<String> names = names(random, 1 + size * 3);
          Map<String, Last> lasts = new HashMap<>();
          for (int session = 0; session < 2; session++) {
            StoreConfig config =
                StoreConfig.of(place)
                    .withSegmentBytes(StoreConfig.SEGMENT_BYTES_MIN)
                    .withCachedHeads(COUNTS[random.nextInt(COUNTS.length)]);
            try (Store store = Store.open(config, Note.CATALOGUE)) {
              for (int i = 0; i < 20 + size * 8; i++) {
                append(store, random, names, lasts);
              }
            }
          }
        });
  }

  private static void append(
      Store store, RandomGenerator random, List<String> names, Map<String, Last> lasts) {
    var events = new ArrayList<NewEvent>();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      String name = names.get(random.nextInt(names.size()));
      events.add(NewEvent.of(Coordinate.of(name, "s"), new Note("x".repeat(random.nextInt(900)))));
    }
    String other = names.get(random.nextInt(names.size()));
    Last last = lasts.getOrDefault(other, Last.NONE);
    boolean holds = random.nextInt(4) > 0;
    Expected expected =
        last.sequence < 0 && holds
            ? Expected.noStream()
            : Expected.at(holds ? last.sequence : store.end() + 5);
    BatchAppended answer =
        store.appendBatchIf(events, BatchOptions.none().when(Condition.revision(other, expected)));

    assertThat(answer instanceof Conflict).isEqualTo(!holds);
    if (!holds) {
      return;
    }
    for (Receipt receipt : answer.allOrThrow()) {
      Last before = lasts.getOrDefault(receipt.coordinate().entity(), Last.NONE);
      assertThat(receipt.clock()).isEqualTo(before.clock + 1);
      assertThat(store.at(receipt.sequence()).event().header().previousHash())
          .isEqualTo(before.hash);
      lasts.put(
          receipt.coordinate().entity(),
          new Last(receipt.clock(), receipt.sequence(), receipt.hash()));
    }
  }

  /// Half of them in groups of one hash: `Aa` and `BB` have the same.
  private static List<String> names(RandomGenerator random, int count) {
    var names = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      var name = new StringBuilder(random.nextBoolean() ? "e" + i : "");
      for (int bit = 0; name.length() < 16; bit++) {
        name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      names.add(name.toString());
    }
    return names;
  }

  @Test
  void a_count_that_is_no_power_of_two_is_refused(@TempDir Path directory) {
    for (int wrong : new int[] {-1, 3, 65_537, StoreConfig.CACHED_HEADS_MAX * 2}) {
      assertThatThrownBy(() -> StoreConfig.of(directory).withCachedHeads(wrong))
          .isInstanceOf(BadConfiguration.class)
          .hasMessageContaining("cachedHeads");
    }
  }
}
