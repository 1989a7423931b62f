package io.batpak.engine.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.event.Hash;
import io.batpak.testing.IndexRow;
import io.batpak.testing.Randoms;
import io.batpak.testing.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Proves that the active index finds every name by its text and by each prefix while names are
/// added, that a reader misses no row below the end it took, and that a list of rows holds what was
/// added. Would catch a table that loses a name when it grows, names with one hash, a run that is
/// not merged in order, a chunk of the wrong length. Seed: random, printed.
class ActiveNamesTest {

  private static final int KIND = 0x1001;

  @Test
  void names_with_one_hash_are_told_apart() {
    var index = new ActiveIndex(0);
    List<String> names = colliding(11);
    assertThat(names).extracting(String::hashCode).containsOnly(names.getFirst().hashCode());
    for (int i = 0; i < names.size(); i += 2) {
      add(index, names.get(i));
    }

    for (int i = 0; i < names.size(); i++) {
      assertThat(index.lastRow(names.get(i))).isEqualTo(i % 2 == 0 ? i / 2 : -1);
    }
    assertThat(index.entities()).hasSize(names.size() / 2);
    assertThat(index.ofEntitiesFrom(new NameKey("AaAa"))).hasSize(names.size() / 8);
  }

  /// {@return strings of one hash: `Aa` and `BB` have the same}
  private static List<String> colliding(int pairs) {
    List<String> all = List.of("");
    for (int i = 0; i < pairs; i++) {
      var longer = new ArrayList<String>();
      all.forEach(one -> longer.addAll(List.of(one + "Aa", one + "BB")));
      all = longer;
    }
    return all;
  }

  @Test
  void prefixes_are_found_while_names_are_added() {
    Randoms.each(
        40,
        (random, size) -> {
          var index = new ActiveIndex(0);
          var oracle = new TreeMap<String, Integer>();
          for (int row = 0; row < size * 30; row++) {
            String name = "n" + random.nextInt(1 + size * 20);
            add(index, name);
            oracle.put(name, row);
            if (random.nextInt(50) == 0) {
              String prefix = "n" + random.nextInt(40);
              assertThat(lastRows(index, prefix))
                  .containsExactlyInAnyOrderElementsOf(
                      oracle.subMap(prefix, prefix + '\uFFFF').values());
            }
          }
          assertThat(lastRows(index, "")).hasSize(oracle.size());
        });
  }

  private static List<Integer> lastRows(ActiveIndex index, String prefix) {
    return index.ofEntitiesFrom(new NameKey(prefix)).stream()
        .map(rows -> rows.row(rows.count() - 1))
        .toList();
  }

  @Test
  @Timeout(60)
  void a_reader_misses_no_row_below_its_end() throws InterruptedException {
    var index = new ActiveIndex(0);
    var end = new AtomicLong();
    var failure = new AtomicReference<Throwable>();
    int names = 60_000;
    Runnable reader =
        () -> {
          try {
            while (end.get() < names) {
              check(index, (int) end.get());
            }
          } catch (Throwable e) {
            failure.set(e);
          }
        };
    List<Thread> readers =
        List.of(Thread.ofPlatform().start(reader), Thread.ofPlatform().start(reader));
    for (int i = 0; i < names && failure.get() == null; i++) {
      add(index, "e" + Integer.reverse(i));
      end.setRelease(i + 1);
    }
    if (failure.get() != null) {
      end.set(names);
    }
    Waiting.join(readers);

    assertThat(failure.get()).isNull();
    check(index, names);
  }

  private static void check(ActiveIndex index, int end) {
    for (int row = Math.max(0, end - 50); row < end; row++) {
      String name = "e" + Integer.reverse(row);
      NameKey key = new NameKey(name);
      assertThat(index.entity(row)).isEqualTo(name);
      assertThat(index.ofEntity(key).contains(row)).isTrue();
    }
    if (end > 0) {
      String name = "e" + Integer.reverse(end - 1);
      assertThat(index.ofEntitiesFrom(new NameKey(name.substring(0, Math.min(5, name.length())))))
          .anySatisfy(rows -> assertThat(rows.row(0)).isEqualTo(index.lastRow(name)));
    }
  }

  @Test
  void rows_are_read_back_in_their_order() {
    for (int count : new int[] {1, 2, 8, 9, 16, 17, 5_000}) {
      var index = new ActiveIndex(0);
      for (int row = 0; row < count; row++) {
        add(index, row % 3 == 0 ? "a" : "b");
      }
      Postings rows = index.ofEntity(new NameKey("a"));
      assertThat(rows.count()).isEqualTo((count + 2) / 3);
      for (int i = 0; i < rows.count(); i++) {
        assertThat(rows.row(i)).isEqualTo(i * 3);
      }
      assertThat(index.entity("a").lastRow()).isEqualTo((count - 1) / 3 * 3);
      assertThat(index.entity("c").lastRow()).isEqualTo(-1);
      assertThat(index.ofKind(KIND).count()).isEqualTo(count);
    }
  }

  @Test
  void a_batch_reserves_before_it_adds() {
    var index = new ActiveIndex(0);
    int count = 1_000;
    var names = new ArrayList<ActiveIndex.Name>();
    ActiveIndex.Name scope = index.scope("s");
    for (int i = 0; i < count; i++) {
      names.add(index.entity("e" + i % 7));
      var _ = index.reserve(names.getLast(), scope, KIND, List.of("t"), count);
    }
    var tags = index.reserve(names.getFirst(), scope, KIND, List.of("t"), count + 1);
    for (int i = 0; i < count; i++) {
      row(i).addTo(index, names.get(i), scope, tags);
    }

    assertThat(index.rows()).isEqualTo(count);
    assertThat(index.withTag(new NameKey("t")).count()).isEqualTo(count);
    assertThat(index.ofEntity(new NameKey("e3")).row(5)).isEqualTo(38);
  }

  private static void add(ActiveIndex index, String entity) {
    ActiveIndex.Name name = index.entity(entity);
    ActiveIndex.Name scope = index.scope("s");
    row(index.rows()).addTo(index, name, scope, index.reserve(name, scope, KIND, List.of(), 1));
  }

  private static IndexRow row(int row) {
    return new IndexRow(row, row, row, 0, KIND, row, Hash.ZERO, null);
  }
}
