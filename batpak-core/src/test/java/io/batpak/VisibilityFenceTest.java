package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.event.Coordinate;
import io.batpak.event.EventLimits;
import io.batpak.event.Hash;
import io.batpak.event.LifecycleKinds;
import io.batpak.failure.BeyondEnd;
import io.batpak.failure.Closed;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.FenceActive;
import io.batpak.failure.FenceEnded;
import io.batpak.failure.HiddenEvent;
import io.batpak.failure.LimitExceeded;
import io.batpak.query.Query;
import io.batpak.query.Region;
import io.batpak.testing.GatedDisk;
import io.batpak.testing.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Proves that what a fence holds is durable at once and seen whole or never, that nobody else
/// writes meanwhile, and that its time really ends it. Would catch a glimpse, a hidden event that
/// comes back, a fence without an end. Deterministic but for the interleaving; crashes: StoreWalk.
class VisibilityFenceTest {

  private static final Coordinate AT = Coordinate.of("e", "s");
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Query EVERYTHING = Query.of(Region.all(), Region.all().category(0));

  @TempDir private Path directory;

  private Store open() {
    return Store.open(
        StoreConfig.of(directory)
            .withSegmentBytes(StoreConfig.SEGMENT_BYTES_MIN)
            .withSync(SyncPolicy.osDecides()),
        Note.CATALOGUE);
  }

  private static NewEvent event(String text) {
    return NewEvent.of(AT, new Note(text)).options(AppendOptions.none().tag("a:" + text));
  }

  private static List<String> texts(Store store) {
    List<String> texts = new ArrayList<>();
    store.query(Region.all()).payloads(Note.class).forEach(note -> texts.add(note.text()));
    return texts;
  }

  @Nested
  class Who_waits_to_see_it {

    @ParameterizedTest
    @EnumSource(VisibilityFence.End.class)
    void is_told_when_it_ends_and_how(VisibilityFence.End end) throws InterruptedException {
      try (Store store = open();
          VisibilityFence fence = store.fence(LONG)) {
        Receipt receipt = fence.append(AT, new Note("held"));
        assertThat(store.await(receipt, AckLevel.VISIBLE, Duration.ofMillis(1)))
            .isEqualTo(new Awaited.TimedOut(AckLevel.VISIBLE));
        List<Awaited> told = new ArrayList<>();
        Thread waiter =
            Thread.ofPlatform().start(() -> told.add(store.await(receipt, AckLevel.VISIBLE, LONG)));
        Waiting.until("it waits", () -> waiter.getState() == Thread.State.TIMED_WAITING);

        if (end == VisibilityFence.End.VISIBLE) {
          assertThat(fence.commit()).isEqualTo(end);
        } else {
          fence.cancel();
        }
        Waiting.join(List.of(waiter));

        assertThat(told)
            .containsExactly(
                end == VisibilityFence.End.VISIBLE
                    ? new Awaited.Reached(AckLevel.VISIBLE)
                    : new Awaited.Stopped(AckLevel.VISIBLE));
      }
    }
  }

  @Nested
  class What_it_holds {

    @Test
    void is_durable_at_once_and_not_seen() {
      try (Store store = open()) {
        var _ = store.append(AT, new Note("before"));
        VisibilityFence fence = store.fence(LONG);
        Receipt one =
            fence
                .appendIf(event("1").options(AppendOptions.none().level(AckLevel.VISIBLE)))
                .orThrow();
        List<Receipt> two = fence.appendBatch(List.of(event("2"), event("3")));
        long end = store.end();

        assertThat(one.level()).isEqualTo(AckLevel.DURABLE);
        assertThat(two).allSatisfy(r -> assertThat(r.level()).isEqualTo(AckLevel.DURABLE));
        assertThat(store.durableEnd()).isEqualTo(two.getLast().sequence() + 1);
        assertThat(end).isEqualTo(one.sequence());
        assertUnseen(store, one);
        assertThatThrownBy(() -> store.at(one.sequence())).isInstanceOf(BeyondEnd.class);
        fence.close();
      }
    }

    private static void assertUnseen(Store store, Receipt hidden) {
      assertThat(store.get(hidden.id())).isEmpty();
      assertThat(texts(store)).containsExactly("before");
      assertThat(store.entity("e").count()).isEqualTo(1);
      assertThat(store.query(Region.all().tag("a:1")).first()).isEmpty();
      assertThat(store.query(Region.all()).backward().first().orElseThrow().sequence()).isZero();
      assertThat(store.query(EVERYTHING).stream().map(EventEntry::sequence))
          .doesNotContain(hidden.sequence());
    }

    @Test
    void is_seen_as_a_whole_once_it_is_committed_and_for_good() {
      List<Receipt> receipts = new ArrayList<>();
      try (Store store = open()) {
        var _ = store.append(AT, new Note("before"));
        try (VisibilityFence fence = store.fence(LONG)) {
          for (int i = 0; i < 100; i++) {
            receipts.add(fence.append(AT, new Note("x".repeat(1_000))));
          }
          assertThat(texts(store)).hasSize(1);
          assertThat(fence.commit()).isEqualTo(VisibilityFence.End.VISIBLE);
          assertThat(texts(store)).hasSize(101);
          assertThat(store.durableEnd()).isEqualTo(store.end());
        }
        assertThat(store.append(AT, new Note("after")).clock()).isEqualTo(101);
      }
      try (Store store = open()) {
        assertThat(texts(store)).hasSize(102);
        for (Receipt receipt : receipts) {
          assertThat(store.at(receipt.sequence()).id()).isEqualTo(receipt.id());
        }
        Chains.verify(store.query(EVERYTHING), store.end());
      }
    }

    @Test
    void is_never_seen_once_it_is_cancelled_and_carries_the_chain() {
      Receipt hidden;
      Receipt after;
      try (Store store = open()) {
        var _ = store.append(AT, new Note("before"));
        try (VisibilityFence fence = store.fence(LONG)) {
          hidden = fence.appendIf(event("1")).orThrow();
          fence.cancel();
        }
        after = store.append(AT, new Note("after"));
        assertHidden(store, hidden, after);
      }
      for (int i = 0; i < 2; i++) {
        try (Store store = open()) {
          assertHidden(store, hidden, after);
          for (int n = 0; n < 100; n++) {
            var _ = store.append(Coordinate.of("filler", "s"), new Note("x".repeat(1_000)));
          }
        }
      }
      try (LogReader reader = LogReader.open(directory, Note.CATALOGUE)) {
        assertThat(reader.get(hidden.id())).isEmpty();
        assertThat(reader.query(Region.entity("e")).count()).isEqualTo(2);
      }
    }

    private static void assertHidden(Store store, Receipt hidden, Receipt after) {
      assertThat(store.get(hidden.id())).isEmpty();
      assertThatThrownBy(() -> store.at(hidden.sequence())).isInstanceOf(HiddenEvent.class);
      assertThat(store.entity("e").payloads(Note.class))
          .containsExactly(new Note("before"), new Note("after"));
      assertThat(store.entity("e").backward().payloads(Note.class))
          .containsExactly(new Note("after"), new Note("before"));
      assertThat(store.query(Region.all().tag("a:1")).count()).isZero();
      assertThat(after.clock()).isEqualTo(2);
      assertThat(store.at(after.sequence()).event().header().previousHash())
          .isEqualTo(hidden.hash());
    }

    @Test
    void decides_its_own_conditions_and_not_those_of_others() {
      try (Store store = open()) {
        Receipt visible = store.append(AT, new Note("before"));
        try (VisibilityFence fence = store.fence(LONG)) {
          assertThat(fence.appendIf(event("1").when(Expected.exactly(0))).orThrow().clock())
              .isEqualTo(1);
          assertThat(fence.appendIf(event("2").when(Expected.exactly(0))))
              .isInstanceOf(Conflict.class);
          assertThat(fence.appendIf(event("2").when(Expected.exactly(1))).orThrow().clock())
              .isEqualTo(2);
        }
        assertThat(store.appendIf(event("3").when(Expected.exactly(2))))
            .isEqualTo(
                new Conflict.Revision(
                    0,
                    "e",
                    Expected.exactly(2),
                    Expected.exactly(0),
                    java.util.Optional.of(visible.id())));
        Receipt next = store.appendIf(event("3").when(Expected.exactly(0))).orThrow();
        assertThat(next.clock()).isEqualTo(3);
      }
    }

    @Test
    void is_never_seen_in_part_by_those_who_read_meanwhile() throws InterruptedException {
      Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
      var over = new AtomicBoolean();
      try (Store store = open()) {
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          readers.add(
              Thread.ofPlatform()
                  .start(() -> {
                    try {
                      while (!over.get()) {
                        assertThat(texts(store).size() % 5).isZero();
                        assertThat(store.entity("e").backward().count() % 5).isZero();
                      }
                    } catch (Throwable e) {
                      wrong.add(e);
                    }
                  }));
        }
        for (int round = 0; round < 40; round++) {
          try (VisibilityFence fence = store.fence(LONG)) {
            for (int i = 0; i < 5; i++) {
              var _ = fence.append(AT, new Note("n"));
            }
            if (round % 2 == 0) {
              var _ = fence.commit();
            }
          }
        }
        over.set(true);
        Waiting.join(readers);
        assertThat(wrong).isEmpty();
        assertThat(texts(store)).hasSize(100);
      }
    }
  }

  @Nested
  class While_it_is_active {

    @Test
    void others_are_refused_in_every_shape_and_told_how_long() {
      try (Store store = open();
          VisibilityFence fence = store.fence(LONG)) {
        List<Runnable> writes =
            List.of(
                () -> store.append(AT, new Note("n")),
                () -> store.append(AT, new Note("n"), AppendOptions.durable()),
                () -> store.appendIf(event("n").when(Expected.noStream()).key("k")),
                () -> store.appendBatch(List.of(event("1"), event("2"))),
                () -> store.submit(event("n")).await(),
                () -> ((Ticket) store.trySubmit(event("n"))).await(),
                () -> store.fence(LONG));
        for (Runnable write : writes) {
          assertThatThrownBy(write::run)
              .isInstanceOfSatisfying(
                  FenceActive.class,
                  e -> assertThat(e.left()).isBetween(Duration.ofMinutes(4), LONG));
        }
        assertThat(fence.append(AT, new Note("n")).clock()).isZero();
        store.sync();
        assertThat(store.query(Region.all()).count()).isZero();
      }
      try (Store store = open()) {
        assertThat(store.append(AT, new Note("n")).clock()).isEqualTo(1);
      }
    }

    @Test
    void of_those_who_begin_one_at_once_one_does() throws InterruptedException {
      Queue<Object> answers = new ConcurrentLinkedQueue<>();
      var start = new CyclicBarrier(6);
      try (Store store = open()) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          Runnable work =
              () -> {
                try {
                  start.await();
                  answers.add(store.fence(LONG));
                } catch (FenceActive e) {
                  answers.add(e);
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              };
          threads.add(
              i % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.startVirtualThread(work));
        }
        Waiting.join(threads);
        assertThat(answers).hasSize(6);
        assertThat(answers.stream().filter(VisibilityFence.class::isInstance)).hasSize(1);
      }
    }

    @Test
    void what_was_submitted_before_it_is_written_before_it() {
      try (Store store = open()) {
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
          tickets.add(store.submit(event("n" + i)));
        }
        try (VisibilityFence fence = store.fence(LONG)) {
          for (Ticket ticket : tickets) {
            assertThat(ticket.await()).isInstanceOf(Receipt.class);
          }
          assertThat(fence.append(AT, new Note("n")).clock()).isEqualTo(200);
        }
      }
    }
  }

  @Nested
  class Its_end {

    /// Ways to end a fence.
    enum Ends {
      COMMIT,
      CANCEL,
      CLOSE
    }

    @ParameterizedTest
    @EnumSource(Ends.class)
    void leaves_nothing_to_be_done_with_it(Ends ends) {
      try (Store store = open()) {
        VisibilityFence fence = store.fence(LONG);
        long begun = store.end() - 1;
        switch (ends) {
          case COMMIT -> assertThat(fence.commit()).isEqualTo(VisibilityFence.End.VISIBLE);
          case CANCEL -> fence.cancel();
          case CLOSE -> fence.close();
        }
        long end = store.end();

        List<Runnable> uses =
            List.of(
                () -> fence.append(AT, new Note("n")),
                () -> fence.appendBatch(List.of(event("n"))),
                fence::commit,
                fence::cancel);
        for (Runnable use : uses) {
          assertThatThrownBy(use::run)
              .isInstanceOfSatisfying(
                  FenceEnded.class, e -> assertThat(e.begun()).isEqualTo(begun));
        }
        fence.close();
        assertThat(store.end()).isEqualTo(end);
        assertThat(store.append(AT, new Note("n")).clock()).isZero();
      }
    }

    @Test
    void comes_by_itself_when_its_time_is_up_though_nobody_calls() {
      try (Store store = open()) {
        VisibilityFence fence = store.fence(Duration.ofMillis(200));
        Receipt hidden = fence.append(AT, new Note("n"));
        Waiting.until(
            "the log says that it is over",
            () ->
                store.query(Region.all().kind(LifecycleKinds.FENCE_CANCELLED)).first().isPresent());

        assertThat(store.get(hidden.id())).isEmpty();
        assertThatThrownBy(() -> fence.append(AT, new Note("late"))).isInstanceOf(FenceEnded.class);
        assertThat(fence.commit()).isEqualTo(VisibilityFence.End.EXPIRED);
        assertThatThrownBy(fence::commit).isInstanceOf(FenceEnded.class);
        assertThat(store.append(AT, new Note("next")).clock()).isEqualTo(1);
        Waiting.until("that is durable too", () -> store.durableEnd() >= 3);
      }
    }

    @Test
    void comes_with_the_next_writer_once_its_time_is_up() {
      try (Store store = open()) {
        VisibilityFence fence = store.fence(Duration.ofMillis(1));
        Waiting.until(
            "somebody else may write",
            () -> {
              try {
                return store.append(AT, new Note("n")).clock() == 0;
              } catch (FenceActive e) {
                return false;
              }
            });
        assertThat(fence.commit()).isEqualTo(VisibilityFence.End.EXPIRED);
        assertThat(texts(store)).containsExactly("n");
      }
    }

    @Test
    void comes_with_that_of_the_store() {
      VisibilityFence fence;
      try (Store store = open()) {
        fence = store.fence(LONG);
        var _ = fence.append(AT, new Note("n"));
      }
      assertThatThrownBy(() -> fence.append(AT, new Note("n"))).isInstanceOf(Closed.class);
      assertThatThrownBy(fence::commit).isInstanceOf(Closed.class);
      try (Store store = open()) {
        assertThat(texts(store)).isEmpty();
        assertThat(store.end()).isEqualTo(3);
        assertThat(store.append(AT, new Note("n")).clock()).isEqualTo(1);
      }
    }

    @Test
    void is_in_the_log_beside_the_beginning() {
      try (Store store = open()) {
        try (VisibilityFence fence = store.fence(LONG)) {
          var _ = fence.append(AT, new Note("n"));
          var _ = fence.commit();
        }
        store.fence(LONG).cancel();

        Results ofTheStore = store.entity(LifecycleKinds.ENTITY);
        assertThat(ofTheStore.stream().map(EventEntry::kind))
            .containsExactly(
                LifecycleKinds.FENCE_BEGUN,
                LifecycleKinds.FENCE_COMMITTED,
                LifecycleKinds.FENCE_BEGUN,
                LifecycleKinds.FENCE_CANCELLED);
        assertThat(ofTheStore.first().orElseThrow().event().header().previousHash())
            .isEqualTo(Hash.ZERO);
        Chains.verify(store.query(EVERYTHING), store.end());
      }
    }
  }

  @Nested
  class Its_limit {

    @Test
    void is_a_millisecond_to_an_hour() {
      try (Store store = open()) {
        assertThatThrownBy(() -> store.fence(Duration.ofNanos(999_999)))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.fence(Duration.ofMillis(-1)))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.fence(Duration.ofMillis(EventLimits.FENCE_MILLIS_MAX + 1)))
            .isInstanceOf(LimitExceeded.class);
        assertThat(store.end()).isZero();
        store.fence(Duration.ofHours(1)).close();
      }
    }
  }

  @Nested
  class On_a_failing_disk {

    @Test
    void what_it_holds_is_not_seen_by_this_process_or_the_next() {
      var disk = new GatedDisk(directory);
      Store store = Store.open(disk.platform(), StoreConfig.of(directory), Note.CATALOGUE);
      VisibilityFence fence = store.fence(LONG);
      var _ = fence.append(AT, new Note("n"));
      disk.fail();

      assertThatThrownBy(() -> fence.append(AT, new Note("n"))).isInstanceOf(DiskFailed.class);
      assertThatThrownBy(fence::commit).isInstanceOf(DiskFailed.class);
      assertThat(texts(store)).isEmpty();
      fence.close();
      assertThatThrownBy(store::close).isInstanceOf(DiskFailed.class);
      try (Store reopened = open()) {
        assertThat(texts(reopened)).isEmpty();
        assertThat(reopened.append(AT, new Note("n")).clock()).isPositive();
        assertThat(texts(reopened)).containsExactly("n");
      }
    }
  }
}
