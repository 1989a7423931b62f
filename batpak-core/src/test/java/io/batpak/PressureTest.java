package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.event.Coordinate;
import io.batpak.failure.Interrupted;
import io.batpak.testing.GatedDisk;
import io.batpak.testing.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Proves that a store under pressure says so, waits or gives way, and that who waits can be called
/// back. Would catch a queue without a bound, a producer that is never woken, an interrupt that
/// leaves an event behind. Deterministic but for the interleaving.
class PressureTest {

  private static final Coordinate AT = Coordinate.of("e", "s");
  private static final int CAPACITY = 8;
  private static final int PRESSURE_MARK = CAPACITY * 3 / 4;

  @TempDir private Path directory;

  /// A store whose disk stalls, so that nothing more may be written than the one event that is
  /// unforced for longer than the bound allows.
  private Store stalled(GatedDisk disk) {
    StoreConfig config =
        StoreConfig.of(directory)
            .withQueueCapacity(CAPACITY)
            .withSync(SyncPolicy.bounded(Duration.ofMillis(1), 1 << 16));
    Store store = Store.open(disk.platform(), config, Note.CATALOGUE);
    disk.hold();
    var _ = store.append(AT, new Note("unforced"));
    long sinceNanos = System.nanoTime();
    Waiting.until("the force is held", () -> disk.held() > 0);
    Waiting.until("the bound is reached", () -> System.nanoTime() - sinceNanos > 2_000_000);
    return store;
  }

  @Test
  void above_the_pressure_mark_the_store_says_how_busy_it_is() {
    var disk = new GatedDisk(directory);
    Store store = stalled(disk);
    List<Ticket> tickets = new ArrayList<>();
    for (int i = 0; i < PRESSURE_MARK; i++) {
      tickets.add((Ticket) store.trySubmit(event(i)));
    }

    Submitted refused = store.trySubmit(event(-1));

    assertThat(refused)
        .isInstanceOfSatisfying(
            Submitted.Busy.class,
            busy -> {
              assertThat(busy.queued()).isEqualTo(PRESSURE_MARK);
              assertThat(busy.capacity()).isEqualTo(CAPACITY);
              assertThat(busy.retryAfter()).isBetween(Duration.ofNanos(1), Duration.ofMinutes(1));
            });
    assertThat(tickets).noneMatch(Ticket::done);
    disk.release();
    assertInOrder(tickets);
    assertThat(store.trySubmit(event(PRESSURE_MARK))).isInstanceOf(Ticket.class);
    store.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_full_queue_lets_the_submitter_wait_for_room(boolean virtual) throws Exception {
    var disk = new GatedDisk(directory);
    Store store = stalled(disk);
    List<Ticket> tickets = fill(store);
    var last = new AtomicReference<Ticket>();

    Thread waiting = start(virtual, () -> last.set(store.submit(event(CAPACITY))));
    Waiting.until("it waits for room", () -> waiting.getState() == Thread.State.WAITING);
    disk.release();
    Waiting.join(List.of(waiting));

    tickets.add(last.get());
    assertInOrder(tickets);
    store.close();
  }

  @Test
  void what_is_called_off_gives_its_room_back() throws Exception {
    var disk = new GatedDisk(directory);
    Store store = stalled(disk);
    List<Ticket> tickets = fill(store);
    var last = new AtomicReference<Ticket>();
    Thread waiting = start(false, () -> last.set(store.submit(event(CAPACITY))));
    Waiting.until("it waits for room", () -> waiting.getState() == Thread.State.WAITING);

    assertThat(tickets).allMatch(Ticket::cancel);
    disk.release();
    Waiting.join(List.of(waiting));

    assertInOrder(List.of(last.get()));
    store.close();
    assertCount(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void an_interrupt_while_waiting_for_room_writes_nothing(boolean virtual) throws Exception {
    var disk = new GatedDisk(directory);
    Store store = stalled(disk);
    List<Ticket> tickets = fill(store);
    var thrown = new AtomicReference<Throwable>();

    Thread waiting = start(virtual, () -> thrown.set(interrupted(() -> store.submit(event(-1)))));
    Waiting.until("it waits for room", () -> waiting.getState() == Thread.State.WAITING);
    waiting.interrupt();
    Waiting.join(List.of(waiting));
    disk.release();

    assertThat(thrown.get())
        .isInstanceOf(Interrupted.class)
        .hasMessageContaining("room")
        .hasMessageContaining("nothing was written");
    assertInOrder(tickets);
    store.close();
    assertCount(1 + CAPACITY);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void an_interrupt_while_waiting_at_the_bound_writes_nothing(boolean virtual) throws Exception {
    var disk = new GatedDisk(directory);
    Store store = stalled(disk);
    var thrown = new AtomicReference<Throwable>();

    Thread waiting =
        start(virtual, () -> thrown.set(interrupted(() -> store.append(AT, new Note("late")))));
    Waiting.until("it waits", () -> waiting.getState() == Thread.State.WAITING);
    assertThat(store.end()).isEqualTo(1);
    waiting.interrupt();
    Waiting.join(List.of(waiting));
    disk.release();

    assertThat(thrown.get())
        .isInstanceOf(Interrupted.class)
        .hasMessageContaining("nothing was written");
    store.close();
    assertCount(1);
  }

  @Test
  void an_interrupted_thread_is_refused_only_if_it_would_have_to_wait() {
    var disk = new GatedDisk(directory);
    Store store = stalled(disk);

    Thread.currentThread().interrupt();
    Ticket ticket = store.submit(event(0));
    assertThat(Thread.interrupted()).isTrue();
    for (int i = 1; i < CAPACITY; i++) {
      var _ = store.submit(event(i));
    }
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> store.submit(event(-1))).isInstanceOf(Interrupted.class);
    assertThat(Thread.interrupted()).isTrue();

    disk.release();
    assertThat(ticket.await().orThrow().sequence()).isEqualTo(1);
    store.close();
  }

  @Test
  void many_who_wait_for_room_all_get_it() throws Exception {
    int threads = 64;
    int each = 100;
    Queue<Ticket> tickets = new ConcurrentLinkedQueue<>();
    StoreConfig config =
        StoreConfig.of(directory)
            .withQueueCapacity(CAPACITY)
            .withSync(SyncPolicy.bounded(Duration.ofMillis(50), 1 << 16));
    try (Store store = Store.open(config, Note.CATALOGUE)) {
      List<Thread> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Coordinate own = Coordinate.of("e" + i, "s");
        Runnable work =
            () -> {
              for (int n = 0; n < each; n++) {
                tickets.add(store.submit(own, new Note("n" + n)));
              }
            };
        running.add(start(i % 2 == 0, work));
      }
      Waiting.join(running);
      for (Ticket ticket : tickets) {
        assertThat(ticket.await().orThrow().sequence()).isNotNegative();
      }
      assertThat(store.end()).isEqualTo((long) threads * each);
      Chains.verify(store);
    }
  }

  @Test
  void a_stalled_disk_holds_no_more_unforced_than_the_bound() throws Exception {
    var disk = new GatedDisk(directory);
    StoreConfig config =
        StoreConfig.of(directory)
            .withQueueCapacity(CAPACITY)
            .withSync(SyncPolicy.bounded(Duration.ofHours(1), 1 << 16));
    // More than the bound and the queue can hold, so that each of them alone has to wait.
    int each = 100;
    try (Store store = Store.open(disk.platform(), config, Note.CATALOGUE)) {
      var _ = store.append(AT, new Note("first"), AppendOptions.durable());
      disk.hold();
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        int number = i;
        Runnable work =
            () -> {
              for (int n = 0; n < each; n++) {
                NewEvent event = NewEvent.of(AT, new Note("x".repeat(1_000)));
                var _ = number % 3 == 0 ? store.submit(event) : store.appendIf(event);
              }
            };
        writers.add(start(i % 2 == 0, work));
      }
      for (Thread writer : writers) {
        Waiting.until(
            "it waits, for room or in a force",
            () ->
                writer.getState() == Thread.State.WAITING
                    || writer.getState() == Thread.State.TIMED_WAITING);
      }

      long unforced = store.end() - store.durableEnd();
      assertThat(unforced).isBetween(1L, (1 << 16) / 1_000L);
      disk.release();
      Waiting.join(writers);
      var _ = store.append(AT, new Note("last"));
      assertThat(store.end()).isEqualTo(6L * each + 2);
    }
  }

  @Test
  void a_failing_disk_answers_everybody_who_waits() throws Exception {
    var disk = new GatedDisk(directory);
    Store store = stalled(disk);
    List<Ticket> tickets = fill(store);
    Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
    List<Thread> waiting = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Supplier<?> work =
          i % 2 == 0
              ? () -> store.append(AT, new Note("n"))
              : () -> store.submit(event(-1)).await();
      waiting.add(start(i < 2, () -> thrown.add(failed(work))));
    }
    for (Thread thread : waiting) {
      Waiting.until("it waits", () -> thread.getState() == Thread.State.WAITING);
    }

    disk.fail();
    disk.release();
    Waiting.join(waiting);

    assertThat(thrown)
        .hasSize(4)
        .allSatisfy(e -> assertThat(e).isInstanceOf(io.batpak.failure.DiskFailed.class));
    for (Ticket ticket : tickets) {
      assertThatThrownBy(ticket::await).isInstanceOf(io.batpak.failure.DiskFailed.class);
    }
    assertThat(store.end()).isEqualTo(1);
    assertThat(store.durableEnd()).isZero();
    assertThatThrownBy(store::close).isInstanceOf(io.batpak.failure.DiskFailed.class);
  }

  private List<Ticket> fill(Store store) {
    List<Ticket> tickets = new ArrayList<>();
    for (int i = 0; i < CAPACITY; i++) {
      tickets.add(store.submit(event(i)));
    }
    return tickets;
  }

  private static NewEvent event(int number) {
    return NewEvent.of(AT, new Note("n" + number));
  }

  private static void assertInOrder(List<Ticket> tickets) {
    for (int i = 0; i < tickets.size(); i++) {
      assertThat(tickets.get(i).await().orThrow().sequence()).isEqualTo(1L + i);
    }
  }

  private void assertCount(int count) {
    try (Store store = Store.open(StoreConfig.of(directory), Note.CATALOGUE)) {
      assertThat(store.end()).isEqualTo(count);
      Chains.verify(store);
    }
  }

  private static Thread start(boolean virtual, Runnable work) {
    return virtual ? Thread.ofVirtual().start(work) : Thread.ofPlatform().start(work);
  }

  /// {@return what a call throws, which must leave the interrupt flag set}
  private static Throwable interrupted(Supplier<?> call) {
    Throwable thrown = failed(call);
    return Thread.interrupted() ? thrown : new AssertionError("the flag is not set", thrown);
  }

  private static Throwable failed(Supplier<?> call) {
    try {
      return new AssertionError("answered: " + call.get());
    } catch (RuntimeException e) {
      return e;
    }
  }
}
