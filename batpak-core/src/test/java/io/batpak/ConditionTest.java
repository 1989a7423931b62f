package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.event.EventId;
import io.batpak.event.EventKind;
import io.batpak.failure.LimitExceeded;
import io.batpak.query.Query;
import io.batpak.query.Region;
import io.batpak.testing.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a condition is decided against everything committed before it, that two who race
/// cannot both win, and that a conflict names what stood against it. Would catch a decision on what
/// was read, a lost update, a write skew, the wrong culprit. Deterministic but for the races.
class ConditionTest {

  private static final Coordinate AT = Coordinate.of("e", "s");
  private static final Coordinate OTHER = Coordinate.of("f", "s");
  private static final EventKind OTHER_KIND = new EventKind(0x1, 0x002);

  private final Store store;

  ConditionTest(@TempDir Path directory) {
    store =
        Store.open(
            StoreConfig.of(directory).withSegmentBytes(StoreConfig.SEGMENT_BYTES_MIN),
            Note.CATALOGUE);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static NewEvent event(Coordinate at, String text) {
    return NewEvent.of(at, new Note(text));
  }

  private Appended append(Coordinate at, Condition condition) {
    return store.appendIf(at, new Note("n"), condition);
  }

  private Receipt append(Coordinate at, String... tags) {
    return store.append(at, new Note("n"), AppendOptions.none().tags(List.of(tags)));
  }

  @Nested
  class A_revision {

    @Test
    void of_any_always_holds() {
      assertThat(append(AT, Expected.any())).isInstanceOf(Receipt.class);
      assertThat(append(AT, Expected.any())).isInstanceOf(Receipt.class);
    }

    @Test
    void of_no_stream_holds_until_there_is_an_event() {
      Receipt first = append(AT, Expected.noStream()).orThrow();

      assertThat(append(AT, Expected.noStream()))
          .isEqualTo(
              new Conflict.Revision(
                  0, "e", Expected.noStream(), Expected.exactly(0), Optional.of(first.id())));
      assertThat(append(OTHER, Expected.noStream())).isInstanceOf(Receipt.class);
    }

    @Test
    void of_exactly_a_clock_holds_while_it_is_the_last() {
      assertThat(append(AT, Expected.exactly(0)))
          .isEqualTo(
              new Conflict.Revision(
                  0, "e", Expected.exactly(0), Expected.noStream(), Optional.empty()));
      append(AT);
      Receipt second = append(AT, Expected.exactly(0)).orThrow();

      assertThat(second.clock()).isEqualTo(1);
      for (long clock : new long[] {0, 2}) {
        assertThat(append(AT, Expected.exactly(clock)))
            .isEqualTo(
                new Conflict.Revision(
                    0,
                    "e",
                    Expected.exactly(clock),
                    Expected.exactly(1),
                    Optional.of(second.id())));
      }
      assertThat(store.end()).isEqualTo(2);
    }

    @Test
    void of_a_position_holds_while_the_last_event_stands_there() {
      Receipt other = append(OTHER);
      assertThat(append(AT, Expected.at(other.sequence())))
          .as("the position of another entity's event")
          .isEqualTo(conflict(other.sequence(), Expected.noStream(), Optional.empty()));
      Receipt first = append(AT);
      append(OTHER);

      Receipt second = append(AT, Expected.at(first.sequence())).orThrow();

      assertThat(second.clock()).isEqualTo(1);
      for (long position : new long[] {0, first.sequence(), 2, store.end(), Long.MAX_VALUE}) {
        assertThat(append(AT, Expected.at(position)))
            .isEqualTo(
                conflict(position, Expected.at(second.sequence()), Optional.of(second.id())));
      }
      assertThat(append(OTHER, Condition.revision("e", Expected.at(second.sequence()))))
          .isInstanceOf(Receipt.class);
    }

    private static Conflict conflict(long expected, Expected actual, Optional<EventId> event) {
      return new Conflict.Revision(0, "e", Expected.at(expected), actual, event);
    }

    @Test
    void of_a_position_holds_in_another_process(@TempDir Path elsewhere) {
      StoreConfig config =
          StoreConfig.of(elsewhere).withSegmentBytes(StoreConfig.SEGMENT_BYTES_MIN);
      Receipt last;
      try (Store before = Store.open(config, Note.CATALOGUE)) {
        last = before.append(AT, new Note("n"));
        for (int i = 0; i < 200; i++) {
          var _ = before.append(OTHER, new Note("x".repeat(1_000)));
        }
      }
      try (Store after = Store.open(config, Note.CATALOGUE)) {
        assertThat(after.appendIf(AT, new Note("n"), Expected.at(last.sequence() + 1)))
            .isEqualTo(
                conflict(
                    last.sequence() + 1, Expected.at(last.sequence()), Optional.of(last.id())));
        assertThat(after.appendIf(AT, new Note("n"), Expected.at(last.sequence())))
            .isInstanceOf(Receipt.class);
        assertThat(after.appendIf(AT, new Note("n"), Expected.at(last.sequence())))
            .isInstanceOf(Conflict.class);
      }
    }

    @Test
    void of_a_position_does_not_see_what_a_cancelled_fence_hides() {
      Receipt shown = append(AT);
      Receipt hidden;
      try (VisibilityFence fence = store.fence(Duration.ofMinutes(1))) {
        hidden = fence.append(AT, new Note("hidden"));
      }

      assertThat(append(AT, Expected.at(hidden.sequence())))
          .isEqualTo(
              conflict(hidden.sequence(), Expected.at(shown.sequence()), Optional.of(shown.id())));
      assertThat(append(AT, Expected.at(shown.sequence())))
          .isInstanceOfSatisfying(Receipt.class, r -> assertThat(r.clock()).isEqualTo(2));
    }

    @Test
    void of_another_entity_is_asked_of_that_one() {
      Receipt other = append(OTHER);

      assertThat(append(AT, Condition.revision("f", Expected.exactly(0))))
          .isInstanceOf(Receipt.class);
      assertThat(append(AT, Condition.revision("f", Expected.noStream())))
          .isEqualTo(
              new Conflict.Revision(
                  0, "f", Expected.noStream(), Expected.exactly(0), Optional.of(other.id())));
      assertThat(append(AT, Condition.revision("g", Expected.noStream())))
          .isInstanceOf(Receipt.class);
    }

    @Test
    void is_known_across_segments_and_restarts_of_the_search() {
      Receipt last = append(AT);
      for (int i = 0; i < 200; i++) {
        var _ = store.append(OTHER, new Note("x".repeat(1_000)));
      }

      assertThat(append(AT, Expected.noStream()))
          .isInstanceOfSatisfying(
              Conflict.Revision.class,
              conflict -> assertThat(conflict.event()).contains(last.id()));
      assertThat(append(AT, Expected.exactly(0))).isInstanceOf(Receipt.class);
    }

    @Test
    void cannot_be_negative() {
      assertThatThrownBy(() -> Expected.exactly(-1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Expected.at(-1)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  class A_query {

    @Test
    void holds_if_nothing_matches_however_old() {
      append(AT, "a:1");
      Receipt old = append(OTHER, "a:2");
      append(AT, "a:3");

      Region region = Region.all().tag("a:2");
      assertThat(append(AT, Condition.noneMatches(region)))
          .isEqualTo(
              new Conflict.Match(0, Query.of(region), 0, old.sequence(), Optional.of(old.id())));
      assertThat(append(AT, Condition.noneMatches(Region.all().tag("a:4"))))
          .isInstanceOf(Receipt.class);
    }

    @Test
    void counts_only_from_its_position() {
      Receipt first = append(AT, "a:1");
      Receipt second = append(AT, "a:1");
      Query query = Query.of(Region.all().tag("a:1"));

      for (long from = 0; from <= second.sequence(); from++) {
        assertThat(append(AT, Condition.noneMatches(query, from)))
            .isEqualTo(
                new Conflict.Match(0, query, from, second.sequence(), Optional.of(second.id())));
      }
      assertThat(append(AT, Condition.noneMatches(query, second.sequence() + 1)))
          .isInstanceOf(Receipt.class);
      assertThat(append(AT, Condition.noneMatches(query, 1_000_000))).isInstanceOf(Receipt.class);
      assertThat(first.sequence()).isZero();
      assertThatThrownBy(() -> Condition.noneMatches(query, -1))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void names_the_newest_event_that_matches() {
      Receipt newest = append(AT, "a:1");
      for (int i = 0; i < 5; i++) {
        newest = append(AT, "a:1");
      }
      append(AT, "b:1");

      assertThat(append(AT, Condition.noneMatches(Region.all().tag("a:1"))))
          .isInstanceOfSatisfying(
              Conflict.Match.class, match -> assertThat(match.sequence()).isEqualTo(5))
          .extracting(conflict -> ((Conflict) conflict).event())
          .isEqualTo(Optional.of(newest.id()));
    }

    @Test
    void may_be_of_any_regions() {
      append(AT, "a:1", "b:1");
      List<Region> matching =
          List.of(
              Region.all(),
              Region.entity("e"),
              Region.namespace("e"),
              Region.all().scope("s"),
              Region.all().kind(Note.KIND),
              Region.all().category(Note.KIND.category()),
              Region.all().tag("a:1").tag("b:1"),
              Region.entity("e").sequences(0, 1));
      List<Region> others =
          List.of(
              Region.entity("g"),
              Region.all().scope("t"),
              Region.all().kind(OTHER_KIND),
              Region.all().tag("a:1").tag("b:2"),
              Region.entity("e").tag("c:1"),
              Region.entity("e").sequences(1_000, 2_000));
      Region none = Region.entity("none");

      for (Region region : matching) {
        assertThat(append(AT, Condition.noneMatches(Query.of(none, region))))
            .as("%s", region)
            .isInstanceOf(Conflict.Match.class);
      }
      for (Region region : others) {
        assertThat(append(AT, Condition.noneMatches(Query.of(region, none))))
            .as("%s", region)
            .isInstanceOf(Receipt.class);
      }
    }

    @Test
    void goes_with_the_read_that_decided() {
      append(AT, "a:1");
      Results read = store.query(Region.all().tag("a:1"));
      assertThat(read.count()).isEqualTo(1);
      append(AT, "a:2");

      assertThat(read.limit(0).backward().unchanged()).isEqualTo(read.unchanged());
      assertThat(append(AT, read.unchanged())).isInstanceOf(Receipt.class);
      Receipt since = append(OTHER, "a:1");
      assertThat(append(AT, read.unchanged()))
          .isInstanceOfSatisfying(
              Conflict.Match.class,
              match -> {
                assertThat(match.from()).isEqualTo(read.end());
                assertThat(match.event()).contains(since.id());
              });
      assertThat(append(AT, store.query(Region.all().tag("a:1")).unchanged()))
          .isInstanceOf(Receipt.class);
    }

    @Test
    void does_not_see_the_librarys_own_events_unless_it_asks_for_them() {
      Results read = store.query(Region.all());
      Results asking = store.query(Query.of(Region.all(), Region.all().category(0)));
      store.fence(Duration.ofMinutes(1)).cancel();

      assertThat(append(AT, asking.unchanged())).isInstanceOf(Conflict.Match.class);
      assertThat(append(AT, read.unchanged())).isInstanceOf(Receipt.class);
    }

    @Test
    void does_not_see_what_a_cancelled_fence_hides() {
      Results read = store.query(Region.all().tag("a:1"));
      try (VisibilityFence fence = store.fence(Duration.ofMinutes(1))) {
        var _ = fence.append(AT, new Note("hidden"), AppendOptions.none().tag("a:1"));
        assertThat(
                fence.appendIf(
                    AT, new Note("within"), Condition.noneMatches(Region.all().tag("a:1"))))
            .as("within the fence it counts")
            .isInstanceOf(Conflict.class);
      }

      assertThat(append(AT, Condition.all(read.unchanged(), Expected.noStream())))
          .isInstanceOfSatisfying(Receipt.class, r -> assertThat(r.clock()).isEqualTo(1));
    }
  }

  @Nested
  class Several_conditions {

    @Test
    void must_all_hold_and_the_first_that_does_not_is_named() {
      append(AT, "a:1");
      Condition holds = Expected.exactly(0);
      Condition fails = Condition.noneMatches(Region.all().tag("a:1"));
      Condition failsToo = Condition.revision("f", Expected.exactly(3));

      assertThat(append(AT, Condition.all(holds, fails, failsToo)))
          .isInstanceOf(Conflict.Match.class);
      assertThat(append(AT, Condition.all(holds, Condition.all(failsToo, fails))))
          .isInstanceOf(Conflict.Revision.class);
      assertThat(append(AT, Condition.all(holds, Condition.all()))).isInstanceOf(Receipt.class);
    }

    @Test
    void have_a_limit() {
      List<Condition> most = Collections.nCopies(Condition.COUNT_MAX, Expected.noStream());
      assertThat(append(AT, new Condition.All(most))).isInstanceOf(Receipt.class);
      assertThatThrownBy(() -> new Condition.All(Collections.nCopies(65, Expected.noStream())))
          .isInstanceOf(LimitExceeded.class);
      Condition nested = Condition.all(new Condition.All(most), Expected.noStream());
      assertThatThrownBy(() -> append(OTHER, nested)).isInstanceOf(LimitExceeded.class);
      assertThatThrownBy(() ->
              store.appendBatchIf(
                  List.of(event(OTHER, "n")),
                  BatchOptions.none()
                      .when(
                          Condition.all(
                              new Condition.All(
                                  Collections.nCopies(
                                      64, Condition.revision("x", Expected.noStream()))),
                              Condition.revision("x", Expected.noStream())))))
          .isInstanceOf(LimitExceeded.class);
      assertThat(store.end()).isEqualTo(1);
    }
  }

  @Nested
  class A_batch {

    private BatchAppended batch(NewEvent... events) {
      return store.appendBatchIf(List.of(events), BatchOptions.none());
    }

    @Test
    void is_refused_whole_by_the_condition_of_one_item() {
      Receipt first = append(AT);

      assertThat(
              batch(
                  event(OTHER, "1"),
                  event(AT, "2").when(Expected.exactly(0)),
                  event(AT, "3").when(Expected.exactly(0))))
          .isInstanceOfSatisfying(
              Conflict.Revision.class, conflict -> assertThat(conflict.item()).isEqualTo(2));
      assertThat(batch(event(OTHER, "1"), event(AT, "2").when(Expected.noStream())))
          .isEqualTo(
              new Conflict.Revision(
                  1, "e", Expected.noStream(), Expected.exactly(0), Optional.of(first.id())));
      assertThat(store.end()).isEqualTo(1);
    }

    @Test
    void counts_its_own_earlier_events_in_a_revision() {
      BatchAppended answer =
          batch(
              event(AT, "1").when(Expected.noStream()),
              event(AT, "2").when(Expected.exactly(0)),
              event(OTHER, "3").when(Condition.revision("e", Expected.exactly(1))),
              event(AT, "4").when(Expected.exactly(1)));

      assertThat(answer.allOrThrow()).extracting(Receipt::clock).containsExactly(0L, 1L, 0L, 2L);
    }

    @Test
    void names_no_event_where_its_own_stands_against_it() {
      append(AT);

      Appended single = append(AT, Expected.exactly(5));
      BatchAppended within = batch(event(AT, "1"), event(AT, "2").when(Expected.exactly(0)));

      assertThat(((Conflict) single).event()).isPresent();
      assertThat(within)
          .isEqualTo(
              new Conflict.Revision(
                  1, "e", Expected.exactly(0), Expected.exactly(1), Optional.empty()));
    }

    @Test
    void has_no_position_before_it_is_written() {
      Receipt last = append(AT);
      for (long position : new long[] {last.sequence(), last.sequence() + 1}) {
        assertThat(batch(event(AT, "1"), event(AT, "2").when(Expected.at(position))))
            .isEqualTo(
                new Conflict.Revision(
                    1, "e", Expected.at(position), Expected.exactly(1), Optional.empty()));
      }
      assertThat(
              batch(
                  event(OTHER, "1"),
                  event(AT, "2").when(Expected.at(last.sequence())),
                  event(AT, "3")))
          .isInstanceOf(BatchAppended.class)
          .isNotInstanceOf(Conflict.class);
    }

    @Test
    void does_not_count_its_own_events_in_a_query() {
      AppendOptions tagged = AppendOptions.none().tag("a:1");
      Condition none = Condition.noneMatches(Region.all().tag("a:1"));

      assertThat(
              batch(
                  event(AT, "1").options(tagged).when(none),
                  event(AT, "2").options(tagged).when(none)))
          .isInstanceOf(BatchAppended.Receipts.class);
      assertThat(batch(event(AT, "3").when(none))).isInstanceOf(Conflict.Match.class);
    }

    @Test
    void may_have_conditions_of_its_own() {
      Receipt first = append(AT, "a:1");
      BatchOptions fails =
          BatchOptions.none()
              .when(
                  Condition.all(
                      Condition.revision("e", Expected.exactly(0)),
                      Condition.noneMatches(Region.all().tag("a:1"))));

      assertThat(store.appendBatchIf(List.of(event(OTHER, "1"), event(AT, "2")), fails))
          .isEqualTo(
              new Conflict.Match(
                  -1,
                  Query.of(Region.all().tag("a:1")),
                  0,
                  first.sequence(),
                  Optional.of(first.id())));
      assertThat(
              store.appendBatchIf(
                  List.of(event(AT, "1"), event(AT, "2").when(Expected.exactly(1))),
                  BatchOptions.none().when(Condition.revision("e", Expected.exactly(0)))))
          .as("the batch's own condition is of what was before it")
          .isInstanceOf(BatchAppended.Receipts.class);
    }

    @Test
    void has_no_entity_to_expect_something_of() {
      BatchOptions options = BatchOptions.none().when(Expected.exactly(0));
      assertThatThrownBy(() -> store.appendBatchIf(List.of(event(AT, "1")), options))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.appendBatch(List.of(event(AT, "1").when(Expected.noStream()))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(store.end()).isZero();
    }
  }

  @Nested
  class A_race {

    private static final int THREADS = 8;
    private static final int ROUNDS = 40;

    /// All threads try at once, again and again; each round has as many answers as threads.
    private List<List<Appended>> race(java.util.function.IntFunction<Appended> attempt)
        throws Exception {
      var start = new CyclicBarrier(THREADS);
      List<Queue<Appended>> answers = new ArrayList<>();
      for (int i = 0; i < ROUNDS; i++) {
        answers.add(new ConcurrentLinkedQueue<>());
      }
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Runnable work =
            () -> {
              for (int round = 0; round < ROUNDS; round++) {
                await(start);
                answers.get(round).add(attempt.apply(round));
              }
            };
        threads.add(i % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.startVirtualThread(work));
      }
      Waiting.join(threads);
      return answers.stream().map(List::copyOf).toList();
    }

    private static void await(CyclicBarrier barrier) {
      try {
        barrier.await();
      } catch (InterruptedException | java.util.concurrent.BrokenBarrierException e) {
        throw new AssertionError(e);
      }
    }

    private static void assertOneWins(List<List<Appended>> rounds) {
      for (List<Appended> answers : rounds) {
        List<Receipt> won =
            answers.stream().filter(Receipt.class::isInstance).map(Receipt.class::cast).toList();
        assertThat(answers).hasSize(THREADS);
        assertThat(won).hasSize(1);
        EventId winner = won.getFirst().id();
        assertThat(answers)
            .filteredOn(Conflict.class::isInstance)
            .hasSize(THREADS - 1)
            .allSatisfy(lost -> assertThat(((Conflict) lost).event()).contains(winner));
      }
    }

    @Test
    void for_a_new_entity_has_one_winner_whom_the_losers_name() throws Exception {
      assertOneWins(race(round -> append(Coordinate.of("e" + round, "s"), Expected.noStream())));
    }

    @Test
    void for_a_revision_has_one_winner_by_submission_too() throws Exception {
      append(AT);
      assertOneWins(
          race(round -> store.submit(event(AT, "n").when(Expected.exactly(round))).await()));
    }

    @Test
    void for_a_position_has_one_winner_whom_the_losers_name() throws Exception {
      Receipt first = append(AT);
      assertOneWins(race(round -> append(AT, Expected.at(first.sequence() + round))));
    }

    @Test
    void for_a_tag_has_one_winner_on_different_entities() throws Exception {
      assertOneWins(
          race(round -> {
            String tag = "seat:" + round;
            Coordinate own = Coordinate.of("t" + Thread.currentThread().threadId(), "s");
            return store.appendIf(
                own,
                new Note("n"),
                Condition.noneMatches(Region.all().tag(tag)),
                AppendOptions.none().tag(tag));
          }));
    }
  }
}
