package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.event.Coordinate;
import io.batpak.failure.Closed;
import io.batpak.failure.Interrupted;
import io.batpak.query.Region;
import io.batpak.testing.GatedDisk;
import io.batpak.testing.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Proves that a submission is answered once, in order, with what its level means, whatever becomes
/// of those who wait for it. Would catch an overtaken append, an answer before the force, a
/// submission that is lost or written after all. Deterministic but for the interleaving.
class TicketTest {

  private static final Coordinate AT = Coordinate.of("e", "s");
  private static final Duration LONG = Duration.ofMinutes(5);

  @TempDir private Path directory;

  private Store open() {
    return Store.open(StoreConfig.of(directory), Note.CATALOGUE);
  }

  private static NewEvent event(String text) {
    return NewEvent.of(AT, new Note(text));
  }

  private static NewEvent durable(String text) {
    return event(text).options(AppendOptions.durable());
  }

  /// A store that writes nothing until its disk is released, and one event that it has written.
  private Store stalled(GatedDisk disk) {
    StoreConfig config =
        StoreConfig.of(directory).withSync(SyncPolicy.bounded(Duration.ofMillis(1), 1 << 16));
    Store store = Store.open(disk.platform(), config, Note.CATALOGUE);
    disk.hold();
    var _ = store.append(AT, new Note("unforced"));
    long sinceNanos = System.nanoTime();
    Waiting.until("the force is held", () -> disk.held() > 0);
    Waiting.until("the bound is reached", () -> System.nanoTime() - sinceNanos > 2_000_000);
    return store;
  }

  @Nested
  class An_answer {

    @Test
    void is_what_an_append_would_have_been_told() {
      try (Store store = open()) {
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
          tickets.add(store.submit(AT, new Note("n" + i)));
        }
        for (int i = 0; i < 1_000; i++) {
          Receipt receipt = tickets.get(i).await().orThrow();
          assertThat(receipt.clock()).isEqualTo(i);
          assertThat(receipt.level()).isEqualTo(AckLevel.VISIBLE);
          assertThat(store.at(receipt.sequence()).id()).isEqualTo(receipt.id());
          assertThat(store.at(receipt.sequence()).hash()).isEqualTo(receipt.hash());
        }
        assertThat(store.submit(event("n").when(Expected.exactly(999))).await())
            .isInstanceOf(Receipt.class);
        assertThat(store.submit(event("n").when(Expected.exactly(999))).await())
            .isInstanceOf(Conflict.class);
      }
    }

    @Test
    void comes_once_and_to_everybody_who_asks() throws InterruptedException {
      var disk = new GatedDisk(directory);
      try (Store store = stalled(disk)) {
        Ticket ticket = store.submit(event("n"));
        assertThat(ticket.poll()).isEmpty();
        assertThat(ticket.await(Duration.ofMillis(2))).isEmpty();
        assertThat(ticket.done()).isFalse();
        Queue<Appended> answers = new ConcurrentLinkedQueue<>();
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          Runnable wait =
              i % 2 == 0
                  ? () -> answers.add(ticket.await())
                  : () -> answers.add(ticket.await(LONG).orElseThrow());
          waiting.add(
              i % 4 < 2 ? Thread.ofPlatform().start(wait) : Thread.startVirtualThread(wait));
        }

        disk.release();
        Waiting.join(waiting);

        assertThat(answers).hasSize(20).containsOnly(ticket.await());
        assertThat(ticket.poll()).contains(ticket.await());
        assertThat(ticket.await(Duration.ZERO)).contains(ticket.await());
        assertThat(ticket.done()).isTrue();
      }
    }

    @Test
    void that_means_durable_comes_with_the_force_though_the_event_can_be_seen() {
      var disk = new GatedDisk(directory);
      StoreConfig config = StoreConfig.of(directory).withSync(SyncPolicy.osDecides());
      try (Store store = Store.open(disk.platform(), config, Note.CATALOGUE)) {
        disk.hold();
        Ticket durable = store.submit(durable("n"));
        Waiting.until("it is committed", () -> store.end() == 1);
        Ticket visible = store.submit(event("n"));

        assertThat(visible.await().orThrow().sequence()).isEqualTo(1);
        assertThat(durable.await(Duration.ofMillis(5))).isEmpty();
        assertThat(store.durableEnd()).isZero();
        disk.release();
        assertThat(durable.await().orThrow().level()).isEqualTo(AckLevel.DURABLE);
        assertThat(store.durableEnd()).isPositive();
      }
    }

    @Test
    void is_durable_where_every_commit_is() {
      StoreConfig config = StoreConfig.of(directory).withSync(SyncPolicy.everyCommit());
      try (Store store = Store.open(config, Note.CATALOGUE)) {
        assertThat(store.submit(event("n")).await().orThrow().level()).isEqualTo(AckLevel.DURABLE);
        assertThat(store.durableEnd()).isEqualTo(1);
      }
    }

    @Test
    void is_there_as_a_stage_that_runs_on_a_virtual_thread() {
      var disk = new GatedDisk(directory);
      try (Store store = stalled(disk)) {
        var ran = new AtomicReference<Thread>();
        Ticket ticket = store.submit(event("n"));
        Ticket cancelled = store.submit(event("n"));
        var stage =
            ticket
                .stage()
                .thenApply(answer -> {
                  ran.set(Thread.currentThread());
                  return answer;
                })
                .toCompletableFuture();
        assertThat(stage).isNotDone();
        assertThat(cancelled.cancel()).isTrue();
        disk.release();

        assertThat(stage.join()).isEqualTo(ticket.await());
        assertThat(ran.get().isVirtual()).isTrue();
        assertThatThrownBy(() -> cancelled.stage().toCompletableFuture().join())
            .isInstanceOfAny(CompletionException.class, CancellationException.class);
      }
    }
  }

  @Nested
  class The_order {

    @Test
    void of_one_callers_submissions_and_appends_is_kept() throws InterruptedException {
      int threads = 8;
      int calls = 400;
      Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
      StoreConfig config = StoreConfig.of(directory).withQueueCapacity(64);
      try (Store store = Store.open(config, Note.CATALOGUE)) {
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          int number = i;
          Runnable work =
              () -> {
                try {
                  write(store, number, calls);
                } catch (Throwable e) {
                  wrong.add(e);
                }
              };
          running.add(
              i % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.startVirtualThread(work));
        }
        Waiting.join(running);

        assertThat(wrong).isEmpty();
        assertThat(store.end()).isEqualTo((long) threads * calls);
        Chains.verify(store);
        for (int i = 0; i < threads; i++) {
          int call = 0;
          for (Note note : store.entity("w" + i).payloads(Note.class)) {
            assertThat(note.text()).isEqualTo("n" + call++);
          }
        }
      }
    }

    /// Submissions and appends of all sorts, each of which expects the one before it.
    private static void write(Store store, int number, int calls) {
      List<Ticket> own = new ArrayList<>();
      Coordinate at = Coordinate.of("w" + number, "s");
      for (int i = 0; i < calls; i++) {
        Condition next = i == 0 ? Expected.noStream() : Expected.exactly(i - 1);
        NewEvent event = NewEvent.of(at, new Note("n" + i)).when(next);
        NewEvent durably = event.options(AppendOptions.durable());
        switch (i % 16) {
          case 3 -> assertThat(store.appendIf(event).orThrow().clock()).isEqualTo(i);
          case 7 -> assertThat(store.appendIf(durably).orThrow().clock()).isEqualTo(i);
          case 11 -> own.add(store.submit(durably));
          case 13 ->
              assertThat(
                      store
                          .appendBatchIf(List.of(event), BatchOptions.none())
                          .allOrThrow()
                          .getFirst()
                          .clock())
                  .isEqualTo(i);
          default -> own.add(store.submit(event));
        }
      }
      for (Ticket ticket : own) {
        assertThat(ticket.await()).isInstanceOf(Receipt.class);
      }
    }

    @Test
    void holds_while_the_bound_stands_against_it() throws InterruptedException {
      var disk = new GatedDisk(directory);
      try (Store store = stalled(disk)) {
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          tickets.add(store.submit(i % 3 == 0 ? durable("n" + i) : event("n" + i)));
        }
        var last = new AtomicReference<Receipt>();
        Thread appending =
            Thread.ofPlatform()
                .start(() -> {
                  tickets.add(store.submit(event("n20")));
                  last.set(store.append(AT, new Note("n21")));
                });
        Waiting.until("it waits", () -> appending.getState() == Thread.State.WAITING);
        assertThat(store.end()).isEqualTo(1);
        disk.release();
        Waiting.join(List.of(appending));

        for (int i = 0; i < 21; i++) {
          assertThat(tickets.get(i).await().orThrow().sequence()).isEqualTo(1L + i);
        }
        assertThat(last.get().sequence()).isEqualTo(22);
      }
    }
  }

  @Nested
  class A_submission_called_off {

    @Test
    void before_its_commit_is_never_written() {
      var disk = new GatedDisk(directory);
      Ticket written;
      try (Store store = stalled(disk)) {
        Ticket cancelled = store.submit(durable("never"));
        written = store.submit(event("n"));
        assertThat(cancelled.cancel()).isTrue();
        assertThat(cancelled.cancel()).isTrue();

        assertThat(cancelled.done()).isTrue();
        assertThatThrownBy(cancelled::await).isInstanceOf(CancellationException.class);
        assertThatThrownBy(cancelled::poll).isInstanceOf(CancellationException.class);
        disk.release();
        assertThat(written.await().orThrow().sequence()).isEqualTo(1);
        assertThat(written.cancel()).isFalse();
        assertThat(written.await()).isInstanceOf(Receipt.class);
      }
      try (Store store = open()) {
        assertThat(store.end()).isEqualTo(2);
      }
    }

    @Test
    void under_load_is_written_or_called_off_and_never_both() throws InterruptedException {
      Queue<Ticket> tickets = new ConcurrentLinkedQueue<>();
      Queue<Ticket> cancelled = new ConcurrentLinkedQueue<>();
      try (Store store = open()) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          threads.add(
              Thread.ofPlatform()
                  .start(() -> {
                    for (int n = 0; n < 500; n++) {
                      Ticket ticket = store.submit(event("n"));
                      tickets.add(ticket);
                      if (ticket.cancel()) {
                        cancelled.add(ticket);
                      }
                    }
                  }));
        }
        Waiting.join(threads);
        for (Ticket ticket : tickets) {
          if (!cancelled.contains(ticket)) {
            assertThat(ticket.await()).isInstanceOf(Receipt.class);
          }
        }
        assertThat(store.end()).isEqualTo(tickets.size() - cancelled.size());
        Chains.verify(store);
      }
    }
  }

  @Nested
  class An_interrupt {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void while_waiting_for_the_answer_loses_nothing(boolean virtual) throws InterruptedException {
      var disk = new GatedDisk(directory);
      try (Store store = stalled(disk)) {
        Ticket ticket = store.submit(durable("n"));
        var thrown = new AtomicReference<Throwable>();
        Runnable wait =
            () -> {
              try {
                var _ = ticket.await();
              } catch (Interrupted e) {
                thrown.set(Thread.currentThread().isInterrupted() ? e : new Error(e));
              }
            };
        Thread waiting =
            virtual ? Thread.startVirtualThread(wait) : Thread.ofPlatform().start(wait);
        Waiting.until("it waits", () -> waiting.getState() == Thread.State.WAITING);
        waiting.interrupt();
        Waiting.join(List.of(waiting));

        assertThat(thrown.get()).isInstanceOf(Interrupted.class).hasMessageContaining("goes on");
        assertThat(ticket.done()).isFalse();
        disk.release();
        assertThat(ticket.await().orThrow().sequence()).isEqualTo(1);
      }
    }
  }

  @Nested
  class Closing {

    @Test
    void writes_what_was_accepted_and_refuses_what_comes_later() {
      var disk = new GatedDisk(directory);
      Store store = stalled(disk);
      List<Ticket> tickets = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        tickets.add(store.submit(i % 2 == 0 ? event("n" + i) : durable("n" + i)));
      }
      disk.release();
      store.close();

      for (int i = 0; i < 100; i++) {
        assertThat(tickets.get(i).poll().orElseThrow().orThrow().sequence()).isEqualTo(1L + i);
      }
      assertThatThrownBy(() -> store.submit(event("n"))).isInstanceOf(Closed.class);
      assertThatThrownBy(() -> store.trySubmit(event("n"))).isInstanceOf(Closed.class);
      try (Store reopened = open()) {
        assertThat(reopened.end()).isEqualTo(101);
        Chains.verify(reopened);
      }
    }

    @Test
    void under_load_answers_everybody_with_a_receipt_that_lasts_or_closed()
        throws InterruptedException {
      for (int round = 0; round < 6; round++) {
        closeUnderLoad(directory.resolve("r" + round));
      }
    }

    private void closeUnderLoad(Path place) throws InterruptedException {
      Queue<Ticket> tickets = new ConcurrentLinkedQueue<>();
      var late = new AtomicBoolean();
      StoreConfig config = StoreConfig.of(place).withQueueCapacity(64);
      Store store = Store.open(config, Note.CATALOGUE);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        boolean durably = i % 2 == 0;
        Runnable work =
            () -> {
              try {
                while (true) {
                  tickets.add(store.submit(durably ? durable("n") : event("n")));
                }
              } catch (Closed e) {
                late.set(true);
              }
            };
        threads.add(i < 3 ? Thread.ofPlatform().start(work) : Thread.startVirtualThread(work));
      }
      Waiting.until("the writers are at work", () -> tickets.size() > 100);
      store.close();
      Waiting.join(threads);

      assertThat(late).isTrue();
      int written = 0;
      List<Receipt> receipts = new ArrayList<>();
      for (Ticket ticket : tickets) {
        try {
          receipts.add(ticket.await().orThrow());
          written++;
        } catch (Closed e) {
          assertThat(ticket.done()).isTrue();
        }
      }
      try (Store reopened = Store.open(config, Note.CATALOGUE)) {
        assertThat(reopened.query(Region.all()).count()).isEqualTo(written);
        for (Receipt receipt : receipts) {
          assertThat(reopened.at(receipt.sequence()).id()).isEqualTo(receipt.id());
        }
      }
    }
  }
}
