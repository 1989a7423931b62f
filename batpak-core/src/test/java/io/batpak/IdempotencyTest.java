package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.event.Bytes;
import io.batpak.event.Coordinate;
import io.batpak.event.EventKind;
import io.batpak.failure.FenceActive;
import io.batpak.query.Region;
import io.batpak.testing.GatedDisk;
import io.batpak.testing.Waiting;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that an append with a key is made once, however often and wherever it is tried again, and
/// that a key never answers for something else. Would catch a second event, a foreign receipt, a
/// key that a restart or a cancelled fence brings to life. Deterministic but for the interleaving.
class IdempotencyTest {

  private static final Coordinate AT = Coordinate.of("e", "s");
  private static final EventKind OTHER_KIND = new EventKind(0x1, 0x002);

  @TempDir private Path directory;

  private Store open() {
    return Store.open(
        StoreConfig.of(directory).withSegmentBytes(StoreConfig.SEGMENT_BYTES_MIN), Note.CATALOGUE);
  }

  private static NewEvent event(String key, String text) {
    return NewEvent.of(AT, new Note(text)).key(key);
  }

  private static Bytes bytes(String key) {
    return Bytes.copyOf(key.getBytes(StandardCharsets.UTF_8));
  }

  @Nested
  class A_repeat {

    @Test
    void gets_the_first_receipt_and_writes_nothing() {
      try (Store store = open()) {
        Appended first = store.appendIf(event("k", "text"));

        assertThat(store.appendIf(event("k", "text"))).isEqualTo(first);
        assertThat(store.submit(event("k", "text")).await()).isEqualTo(first);
        assertThat(((Ticket) store.trySubmit(event("k", "text"))).await()).isEqualTo(first);
        assertThat(store.end()).isEqualTo(1);
      }
    }

    @Test
    void succeeds_under_a_condition_that_no_longer_holds() {
      try (Store store = open()) {
        NewEvent conditioned =
            event("k", "text")
                .when(
                    Condition.all(Expected.noStream(), Condition.noneMatches(Region.entity("e"))));
        Receipt first = store.appendIf(conditioned).orThrow();
        var _ = store.append(AT, new Note("later"));

        assertThat(store.appendIf(conditioned)).isEqualTo(first);
        assertThat(store.appendIf(conditioned.key("other"))).isInstanceOf(Conflict.class);
        assertThat(store.end()).isEqualTo(2);
      }
    }

    @Test
    void may_say_other_tags_level_and_causes() {
      try (Store store = open()) {
        Receipt first = store.appendIf(event("k", "text")).orThrow();

        AppendOptions other = AppendOptions.durable().key("k").tag("a:b");
        Receipt again = store.appendIf(event("k", "text").options(other)).orThrow();

        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.level()).isEqualTo(AckLevel.DURABLE);
        assertThat(store.durableEnd()).isEqualTo(1);
      }
    }

    @Test
    void does_not_spend_the_key_of_an_append_that_was_refused() {
      try (Store store = open()) {
        assertThat(store.appendIf(event("k", "text").when(Expected.exactly(0))))
            .isInstanceOf(Conflict.class);

        assertThat(store.appendIf(event("k", "another"))).isInstanceOf(Receipt.class);
      }
    }

    @Test
    void of_two_in_one_turn_is_made_once() {
      var disk = new GatedDisk(directory);
      StoreConfig config =
          StoreConfig.of(directory).withSync(SyncPolicy.bounded(Duration.ofMillis(1), 1 << 16));
      try (Store store = Store.open(disk.platform(), config, Note.CATALOGUE)) {
        disk.hold();
        var _ = store.append(AT, new Note("unforced"));
        Waiting.until("the force is held", () -> disk.held() > 0);
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          tickets.add(store.submit(event("k", "text")));
        }
        Ticket reused = store.submit(event("k", "another"));
        disk.release();

        assertThat(tickets.stream().map(ticket -> ticket.await().orThrow()).distinct()).hasSize(1);
        assertThat(reused.await()).isInstanceOf(KeyReused.class);
        assertThat(store.end()).isEqualTo(2);
      }
    }

    @Test
    void from_many_threads_is_made_once() throws InterruptedException {
      Queue<Appended> answers = new ConcurrentLinkedQueue<>();
      try (Store store = open()) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          int number = i;
          Runnable work =
              () -> {
                for (int n = 0; n < 50; n++) {
                  NewEvent event = event("k" + n, "text" + n);
                  answers.add(number % 4 < 2 ? store.appendIf(event) : store.submit(event).await());
                }
              };
          threads.add(
              i % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.startVirtualThread(work));
        }
        Waiting.join(threads);

        assertThat(answers).hasSize(400);
        assertThat(Set.copyOf(answers)).hasSize(50);
        assertThat(store.end()).isEqualTo(50);
      }
    }
  }

  @Nested
  class A_key_for_something_else {

    @Test
    void is_refused_and_names_the_event_that_has_it() {
      try (Store store = open()) {
        Receipt first = store.appendIf(event("k", "text")).orThrow();
        var expected = new KeyReused(0, bytes("k"), first.sequence(), first.id());
        RawPayload otherKind = RawPayload.of(OTHER_KIND, Note.messagePack("text"));

        List<NewEvent> others =
            List.of(
                event("k", "another"),
                NewEvent.of(Coordinate.of("other", "s"), new Note("text")).key("k"),
                NewEvent.of(Coordinate.of("e", "other"), new Note("text")).key("k"),
                NewEvent.of(AT, otherKind).key("k"));
        for (NewEvent other : others) {
          assertThat(store.appendIf(other)).isEqualTo(expected);
          assertThat(store.submit(other).await()).isEqualTo(expected);
        }
        assertThat(store.end()).isEqualTo(1);
        assertThatThrownBy(() -> store.appendIf(event("k", "another")).orThrow())
            .isInstanceOfSatisfying(
                AppendRefused.class, e -> assertThat(e.refusal()).isEqualTo(expected));
      }
    }

    @Test
    void is_refused_whatever_the_condition_says() {
      try (Store store = open()) {
        var _ = store.appendIf(event("k", "text")).orThrow();

        assertThat(store.appendIf(event("k", "another").when(Expected.exactly(7))))
            .isInstanceOf(KeyReused.class);
      }
    }

    @Test
    void is_another_key_if_one_byte_differs() {
      try (Store store = open()) {
        var _ = store.appendIf(event("k", "text")).orThrow();

        assertThat(store.appendIf(event("k ", "another"))).isInstanceOf(Receipt.class);
        assertThat(store.appendIf(event("kk", "another"))).isInstanceOf(Receipt.class);
      }
    }
  }

  @Nested
  class A_batch {

    private final List<NewEvent> items =
        List.of(event("a", "1"), NewEvent.of(AT, new Note("2")), event("c", "3"));

    @Test
    void with_keys_is_made_whole_once() {
      try (Store store = open()) {
        BatchAppended first = store.appendBatchIf(items, BatchOptions.none());

        assertThat(store.appendBatchIf(items, BatchOptions.none())).isEqualTo(first);
        assertThat(store.end()).isEqualTo(3);
      }
    }

    @Test
    void with_a_key_of_its_own_is_made_whole_once() {
      List<NewEvent> plain =
          List.of(NewEvent.of(AT, new Note("1")), NewEvent.of(AT, new Note("2")));
      try (Store store = open()) {
        BatchOptions options = BatchOptions.none().key("whole");
        BatchAppended first = store.appendBatchIf(plain, options);

        assertThat(store.appendBatchIf(plain, options)).isEqualTo(first);
        assertThat(store.appendBatchIf(plain.reversed(), options))
            .isInstanceOfSatisfying(
                KeyReused.class,
                reused -> {
                  assertThat(reused.key()).isEqualTo(bytes("whole"));
                  assertThat(reused.sequence()).isZero();
                });
        assertThat(store.end()).isEqualTo(2);
      }
    }

    @Test
    void of_which_a_part_is_known_is_refused_whole() {
      try (Store store = open()) {
        var _ = store.append(AT, new Note("before"));
        var _ = store.appendBatchIf(items, BatchOptions.none()).allOrThrow();

        NewEvent unkeyed = NewEvent.of(AT, new Note("1"));
        List<List<NewEvent>> others =
            List.of(
                items.subList(0, 2),
                List.of(items.get(0), items.get(1), items.get(2), unkeyed),
                List.of(items.get(2), items.get(1), items.get(0)),
                List.of(items.get(0), NewEvent.of(AT, new Note("other")), items.get(2)),
                List.of(items.get(0), items.get(1), event("new", "3")),
                List.of(event("new", "1"), items.get(1), items.get(2)),
                List.of(NewEvent.of(AT, new Note("before")), items.get(0), items.get(1)));
        for (List<NewEvent> other : others) {
          assertThat(store.appendBatchIf(other, BatchOptions.none()))
              .as("%s", other)
              .isInstanceOf(KeyReused.class);
        }
        // The second key is absent where the first batch had one: still the same events.
        assertThat(
                store.appendBatchIf(
                    List.of(items.get(0), items.get(1), NewEvent.of(AT, new Note("3"))),
                    BatchOptions.none()))
            .isInstanceOf(BatchAppended.Receipts.class);
        assertThat(store.end()).isEqualTo(4);
      }
    }

    @Test
    void is_not_a_repeat_of_single_events_that_stand_side_by_side() {
      try (Store store = open()) {
        var _ = store.appendIf(event("a", "1")).orThrow();
        var _ = store.appendIf(event("b", "2")).orThrow();

        assertThat(
                store.appendBatchIf(List.of(event("a", "1"), event("b", "2")), BatchOptions.none()))
            .isInstanceOf(KeyReused.class);
        assertThat(store.end()).isEqualTo(2);
      }
    }

    @Test
    void answers_for_each_of_its_events_alone() {
      try (Store store = open()) {
        List<Receipt> first = store.appendBatchIf(items, BatchOptions.none()).allOrThrow();

        assertThat(store.appendIf(items.get(0))).isEqualTo(first.get(0));
        assertThat(store.appendIf(items.get(2))).isEqualTo(first.get(2));
        assertThat(store.end()).isEqualTo(3);
      }
    }

    @Test
    void repeats_under_conditions_that_no_longer_hold() {
      List<NewEvent> conditioned =
          List.of(event("a", "1").when(Expected.noStream()), event("b", "2"));
      BatchOptions options = BatchOptions.none().when(Condition.noneMatches(Region.all()));
      try (Store store = open()) {
        BatchAppended first = store.appendBatchIf(conditioned, options);

        assertThat(store.appendBatchIf(conditioned, options)).isEqualTo(first);
      }
    }

    @Test
    void cannot_have_a_key_twice() {
      try (Store store = open()) {
        assertThatThrownBy(() ->
                store.appendBatchIf(List.of(event("a", "1"), event("a", "1")), BatchOptions.none()))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("two events");
        assertThatThrownBy(() -> store.appendBatchIf(items, BatchOptions.none().key("whole")))
            .isInstanceOf(IllegalArgumentException.class);
        assertThat(store.end()).isZero();
      }
    }
  }

  @Nested
  class After_a_restart {

    @Test
    void keys_of_the_active_segment_are_known() {
      Receipt first = closing(store -> store.appendIf(event("k", "text")).orThrow());
      List<Receipt> batch = closing(store -> batch(store, "b"));

      assertKnown(first, batch);
    }

    @Test
    void keys_of_sealed_segments_are_known() {
      Receipt first = closing(store -> store.appendIf(event("k", "text")).orThrow());
      List<Receipt> batch = closing(store -> batch(store, "b"));
      try (Store store = open()) {
        for (int i = 0; i < 200; i++) {
          var _ = store.append(Coordinate.of("filler", "s"), new Note("x".repeat(1_000)));
        }
        Waiting.until("the first segment has a footer", () -> sealed() >= 2);
        assertAnswers(store, first, batch);
      }

      assertKnown(first, batch);
      try (LogReader reader = LogReader.open(directory)) {
        assertThat(reader.openReport().sealedSegments()).isPositive();
      }
    }

    private int sealed() {
      try (LogReader reader = LogReader.open(directory)) {
        return reader.openReport().sealedSegments();
      }
    }

    private List<Receipt> batch(Store store, String key) {
      return store
          .appendBatchIf(List.of(event(key + 1, "1"), event(key + 2, "2")), BatchOptions.none())
          .allOrThrow();
    }

    private void assertKnown(Receipt first, List<Receipt> batch) {
      try (Store store = open()) {
        long end = store.end();
        assertAnswers(store, first, batch);
        assertThat(store.end()).isEqualTo(end);
      }
    }

    private void assertAnswers(Store store, Receipt first, List<Receipt> batch) {
      assertThat(store.appendIf(event("k", "text").when(Expected.noStream()))).isEqualTo(first);
      assertThat(store.submit(event("k", "text")).await()).isEqualTo(first);
      assertThat(batch(store, "b")).isEqualTo(batch);
      assertThat(store.appendIf(event("k", "other"))).isInstanceOf(KeyReused.class);
    }

    private <T> T closing(java.util.function.Function<Store, T> work) {
      try (Store store = open()) {
        return work.apply(store);
      }
    }
  }

  @Nested
  class Beside_a_fence {

    @Test
    void a_repeat_within_it_gets_its_receipt_and_others_are_refused() {
      try (Store store = open();
          VisibilityFence fence = store.fence(Duration.ofMinutes(1))) {
        Appended first = fence.appendIf(event("k", "text"));

        assertThat(fence.appendIf(event("k", "text"))).isEqualTo(first);
        assertThatThrownBy(() -> store.appendIf(event("k", "text")))
            .isInstanceOf(FenceActive.class);
        assertThat(fence.commit()).isEqualTo(VisibilityFence.End.VISIBLE);
        assertThat(store.appendIf(event("k", "text")).orThrow().id())
            .isEqualTo(first.orThrow().id());
      }
    }

    @Test
    void a_key_that_a_cancelled_one_hides_is_free_again_for_good() {
      try (Store store = open()) {
        Receipt hidden;
        try (VisibilityFence fence = store.fence(Duration.ofMinutes(1))) {
          hidden = fence.appendIf(event("k", "text")).orThrow();
        }
        assertThat(store.appendIf(event("k", "text")).orThrow().id()).isNotEqualTo(hidden.id());
      }
      Set<Appended> answers;
      try (Store store = open()) {
        Appended again = store.appendIf(event("k", "text"));
        for (int i = 0; i < 200; i++) {
          var _ = store.append(AT, new Note("x".repeat(1_000)));
        }
        answers = Set.of(again);
        assertThat(
                store.query(Region.all()).stream().map(EventEntry::id).collect(Collectors.toSet()))
            .contains(again.orThrow().id());
      }
      try (Store store = open()) {
        assertThat(Set.of(store.appendIf(event("k", "text")))).isEqualTo(answers);
      }
    }

    @Test
    void a_submission_on_its_way_is_not_answered_by_what_a_cancelled_one_hides() {
      var disk = new GatedDisk(directory);
      StoreConfig config =
          StoreConfig.of(directory).withSync(SyncPolicy.bounded(Duration.ofMillis(1), 1 << 16));
      try (Store store = Store.open(disk.platform(), config, Note.CATALOGUE)) {
        VisibilityFence fence = store.fence(Duration.ofMinutes(1));
        Receipt hidden = fence.appendIf(event("k", "text")).orThrow();
        Thread appender =
            Thread.ofPlatform().unstarted(() -> fence.appendIf(event("other", "unforced")));
        disk.hold();
        appender.start();
        Waiting.until("the force is held", () -> disk.held() > 0);
        long sinceNanos = System.nanoTime();
        Waiting.until("the bound is reached", () -> System.nanoTime() - sinceNanos > 2_000_000);

        Ticket ticket = store.submit(event("k", "text"));
        fence.close();
        disk.release();

        Receipt seen = ticket.await().orThrow();
        assertThat(seen.id()).isNotEqualTo(hidden.id());
        assertThat(store.at(seen.sequence()).payload(Note.class)).isEqualTo(new Note("text"));
      }
    }
  }
}
