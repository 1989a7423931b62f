package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.event.EventLimits;
import io.batpak.event.Hlc;
import io.batpak.failure.Closed;
import io.batpak.failure.LimitExceeded;
import io.batpak.query.Region;
import io.batpak.testing.Waiting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that what is appended after a remote time was taken in is later than that time, here and
/// after a restart. Would catch an answer that is older than its question, a wrong clock that is
/// believed. Deterministic but for the interleaving.
class ObserveTest {

  private static final Coordinate AT = Coordinate.of("e", "s");

  @TempDir private Path directory;

  private Store open() {
    return Store.open(StoreConfig.of(directory.resolve("one")), Note.CATALOGUE);
  }

  private static Hlc ahead(long millis, int counter) {
    return new Hlc(System.currentTimeMillis() + millis, counter);
  }

  @Test
  void what_is_appended_afterwards_is_later_than_both() {
    try (Store store = open()) {
      Receipt before = store.append(AT, new Note("before"));
      Hlc remote = ahead(600_000, 7);

      Hlc reached = store.observe(remote);
      Receipt after = store.append(AT, new Note("after"));

      assertThat(reached).isEqualTo(remote);
      assertThat(after.hlc()).isEqualTo(new Hlc(remote.wallMillis(), 8));
      assertThat(after.hlc()).isGreaterThan(before.hlc());
      assertThat(after.id()).isGreaterThan(before.id());
    }
    try (Store store = open()) {
      assertThat(store.append(AT, new Note("later")).hlc()).isGreaterThan(store.at(1).hlc());
      Chains.verify(store);
    }
  }

  @Test
  void a_time_that_has_passed_changes_nothing() {
    try (Store store = open()) {
      Receipt before = store.append(AT, new Note("before"));

      assertThat(store.observe(new Hlc(0, 0))).isEqualTo(before.hlc());
      assertThat(store.observe(before.hlc())).isEqualTo(before.hlc());
      assertThat(store.append(AT, new Note("after")).hlc()).isGreaterThan(before.hlc());
    }
  }

  @Test
  void the_larger_counter_of_the_same_millisecond_counts() {
    try (Store store = open()) {
      Hlc remote = ahead(600_000, 5);
      var _ = store.observe(remote);
      assertThat(store.observe(new Hlc(remote.wallMillis(), 3))).isEqualTo(remote);
      assertThat(store.observe(new Hlc(remote.wallMillis(), 9)))
          .isEqualTo(new Hlc(remote.wallMillis(), 9));
      assertThat(store.append(AT, new Note("n")).hlc()).isEqualTo(new Hlc(remote.wallMillis(), 10));
      var _ = store.observe(new Hlc(remote.wallMillis(), Integer.MAX_VALUE));
      assertThat(store.append(AT, new Note("n")).hlc())
          .isGreaterThan(new Hlc(remote.wallMillis(), Integer.MAX_VALUE));
    }
  }

  @Test
  void a_clock_more_than_an_hour_ahead_is_wrong() {
    try (Store store = open()) {
      Hlc wrong = ahead(EventLimits.HLC_AHEAD_MILLIS_MAX + 60_000, 0);
      assertThatThrownBy(() -> store.observe(wrong))
          .isInstanceOfSatisfying(
              LimitExceeded.class,
              e -> assertThat(e.limit()).isEqualTo(EventLimits.HLC_AHEAD_MILLIS_MAX));
      assertThat(store.append(AT, new Note("n")).hlc()).isLessThan(wrong);
    }
  }

  @Test
  void an_event_that_answers_another_stores_comes_behind_it() {
    try (Store one = open();
        Store other = Store.open(StoreConfig.of(directory.resolve("other")), Note.CATALOGUE)) {
      var _ = one.observe(ahead(120_000, 0));
      for (int i = 0; i < 10; i++) {
        Receipt question = one.append(AT, new Note("question"));
        var _ = other.observe(question.hlc());
        Receipt answer = other.append(AT, new Note("answer"));
        assertThat(answer.hlc()).isGreaterThan(question.hlc());
        var _ = one.observe(answer.hlc());
      }
    }
  }

  @Test
  void times_ascend_whatever_is_observed_meanwhile() throws InterruptedException {
    Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    try (Store store = open()) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int number = i;
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    for (int n = 0; n < 300; n++) {
                      Hlc reached = store.observe(ahead(n * 10L, number * n));
                      Receipt receipt = store.append(AT, new Note("n"));
                      assertThat(receipt.hlc()).isGreaterThan(reached);
                    }
                  } catch (Throwable e) {
                    wrong.add(e);
                  }
                }));
      }
      Waiting.join(threads);

      assertThat(wrong).isEmpty();
      Hlc last = new Hlc(0, 0);
      for (EventEntry entry : store.query(Region.all())) {
        assertThat(entry.hlc()).isGreaterThan(last);
        last = entry.hlc();
      }
    }
  }

  @Test
  void a_closed_store_takes_nothing_in() {
    Store store = open();
    store.close();
    assertThatThrownBy(() -> store.observe(new Hlc(1, 1))).isInstanceOf(Closed.class);
  }
}
