package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.config.SyncPolicy;
import io.batpak.event.Coordinate;
import io.batpak.event.EventHeader;
import io.batpak.query.Query;
import io.batpak.query.Region;
import io.batpak.testing.Randoms;
import io.batpak.testkit.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Proves that what is unforced stays within the bound of the sync policy on a slow disk, whichever
/// way it is written, and that forces are shared. Would catch a submission that slips through, a
/// force too many, a durable append that waits for a timer. Seed: random, printed.
class BoundTest {

  private static final Coordinate AT = new Coordinate("a:1", "s");
  private static final Duration AGE_MAX = Duration.ofMillis(10);
  private static final int UNFORCED_BYTES_MAX = 1 << 16;

  /// Less than what any frame has besides its payload.
  private static final int OVERHEAD_BYTES = 72;

  private static Blob blob(int byteCount) {
    return Blob.of(new byte[byteCount]);
  }

  private static NewEvent event(int byteCount, AppendOptions options) {
    return NewEvent.of(AT, blob(byteCount)).options(options);
  }

  @Test
  void what_is_unforced_never_exceeds_the_bound_whichever_way_it_is_written() {
    Randoms.each(
        60,
        (random, size) ->
            assertThat(violations(random, 20 + size, SyncPolicy.bounded(AGE_MAX, 1 << 16)))
                .isEmpty());
  }

  @Test
  void the_check_finds_a_store_without_a_bound() {
    assertThat(violations(Randoms.seeded(1), 100, SyncPolicy.osDecides())).isNotEmpty();
  }

  private static List<String> violations(RandomGenerator random, int steps, SyncPolicy sync) {
    try (Simulation simulation =
        Simulation.of(random.nextLong(), Simulation.config().withSync(sync))) {
      simulation
          .faults()
          .duringForces(() ->
              simulation.clock().advance(Duration.ofNanos(random.nextLong(2 * AGE_MAX.toNanos()))));
      Store store = simulation.open(Blob.CATALOGUE);
      List<Ticket> tickets = new ArrayList<>();
      for (int i = 0; i < steps; i++) {
        simulation.clock().advance(Duration.ofNanos(random.nextLong(AGE_MAX.toNanos() / 2)));
        step(store, random, tickets);
        if (random.nextInt(4) == 0) {
          simulation.settle();
        }
      }
      for (Ticket ticket : tickets) {
        assertThat(ticket.await()).isInstanceOf(Receipt.class);
      }
      List<String> violations = violations(store);
      store.close();
      return violations;
    }
  }

  private static void step(Store store, RandomGenerator random, List<Ticket> tickets) {
    int byteCount = 1 + random.nextInt(random.nextBoolean() ? 16_000 : 100);
    AppendOptions options = random.nextInt(6) == 0 ? AppendOptions.durable() : AppendOptions.none();
    switch (random.nextInt(6)) {
      case 0, 1 -> store.append(AT, blob(byteCount), options);
      case 2, 3 -> tickets.add(store.submit(event(byteCount, options)));
      case 4 -> {
        List<NewEvent> batch = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          batch.add(event(byteCount, AppendOptions.none()));
        }
        store.appendBatch(batch);
      }
      default -> {
        try (VisibilityFence fence = store.fence(Duration.ofMinutes(1))) {
          fence.append(AT, blob(byteCount));
          fence.commit();
        }
      }
    }
  }

  /// Each frame says how many before it were not known to be durable when it was written, and when
  /// that was.
  private static List<String> violations(Store store) {
    List<String> violations = new ArrayList<>();
    List<EventHeader> headers = new ArrayList<>();
    List<Integer> bytes = new ArrayList<>();
    Query everything = Query.of(Region.all(), Region.all().category(0));
    for (StoredEvent event : store.query(everything).events()) {
      EventHeader header = event.header();
      headers.add(header);
      bytes.add(event.payload().length + OVERHEAD_BYTES);
      int last = headers.size() - 1;
      int oldest = last - Math.toIntExact(header.unforced());
      int unforced = bytes.subList(oldest, last + 1).stream().mapToInt(count -> count).sum();
      long age = header.hlc().wallMillis() - headers.get(oldest).hlc().wallMillis();
      if (unforced > UNFORCED_BYTES_MAX || age > AGE_MAX.toMillis()) {
        violations.add(
            header.kind() + " at sequence " + last + ": " + unforced + " bytes, " + age + " ms");
      }
    }
    return violations;
  }

  @Test
  void a_commit_larger_than_the_bound_is_durable_when_it_is_answered() {
    SyncPolicy sync = SyncPolicy.bounded(AGE_MAX, UNFORCED_BYTES_MAX);
    try (Simulation simulation = Simulation.of(1, Simulation.config().withSync(sync))) {
      Store store = simulation.open(Blob.CATALOGUE);
      store.append(AT, blob(10));
      store.append(AT, blob(UNFORCED_BYTES_MAX));
      assertThat(store.durableEnd()).isEqualTo(2);
      assertThat(store.submit(AT, blob(UNFORCED_BYTES_MAX)).await()).isInstanceOf(Receipt.class);
      assertThat(store.durableEnd()).isEqualTo(3);
    }
  }

  /// How many forces of files some work takes, on a store that is warm.
  private static int forces(
      SyncPolicy sync, java.util.function.BiConsumer<Simulation, Store> work) {
    try (Simulation simulation = Simulation.of(1, Simulation.config().withSync(sync))) {
      Store store = simulation.open(Blob.CATALOGUE);
      store.append(AT, blob(10), AppendOptions.durable());
      simulation.settle();
      var count = new int[1];
      simulation.faults().duringForces(() -> count[0]++);
      var before = simulation.clock().now();
      work.accept(simulation, store);
      assertThat(simulation.clock().now()).as("nobody waits for a timer").isEqualTo(before);
      return count[0];
    }
  }

  @Test
  void a_durable_append_on_an_idle_store_forces_once_and_at_once() {
    assertThat(
            forces(
                SyncPolicy.bounded(Duration.ofHours(1), 1 << 20),
                (_, store) -> {
                  store.append(AT, blob(10));
                  store.append(AT, blob(10), AppendOptions.durable());
                  assertThat(store.durableEnd()).isEqualTo(3);
                }))
        .isEqualTo(1);
  }

  @Test
  void a_durable_batch_forces_once() {
    assertThat(
            forces(
                SyncPolicy.osDecides(),
                (_, store) -> {
                  List<NewEvent> batch = new ArrayList<>();
                  for (int i = 0; i < 1_000; i++) {
                    batch.add(NewEvent.of(new Coordinate("a:" + i % 10, "s"), blob(10)));
                  }
                  store.appendBatchIf(batch, BatchOptions.durable());
                  assertThat(store.durableEnd()).isEqualTo(1_001);
                }))
        .isEqualTo(1);
  }

  @Test
  void durable_submissions_share_a_force() {
    assertThat(
            forces(
                SyncPolicy.osDecides(),
                (_, store) -> {
                  List<Ticket> tickets = new ArrayList<>();
                  for (int i = 0; i < 200; i++) {
                    tickets.add(store.submit(event(10, AppendOptions.durable())));
                  }
                  tickets.forEach(ticket -> assertThat(ticket.await()).isInstanceOf(Receipt.class));
                  assertThat(store.durableEnd()).isEqualTo(201);
                }))
        .isBetween(1, 2);
  }

  @Test
  void a_wait_for_durability_forces_once_for_all_that_is_written() {
    assertThat(
            forces(
                SyncPolicy.osDecides(),
                (_, store) -> {
                  for (int i = 0; i < 100; i++) {
                    store.append(AT, blob(10));
                  }
                  assertThat(store.awaitDurable(7, Duration.ofSeconds(1)))
                      .isInstanceOf(Awaited.Reached.class);
                  assertThat(store.durableEnd()).isEqualTo(101);
                  store.sync();
                }))
        .isEqualTo(1);
  }

  @Test
  void every_commit_is_durable_where_the_policy_says_so() {
    assertThat(
            forces(
                SyncPolicy.everyCommit(),
                (_, store) -> {
                  for (int i = 0; i < 5; i++) {
                    store.append(AT, blob(10));
                    assertThat(store.durableEnd()).isEqualTo(2 + i);
                  }
                }))
        .isEqualTo(5);
  }

  @Test
  void the_operating_system_is_left_alone_where_the_policy_says_so() {
    assertThat(
            forces(
                SyncPolicy.osDecides(),
                (simulation, store) -> {
                  for (int i = 0; i < 50; i++) {
                    store.append(AT, blob(10));
                    store.submit(AT, blob(10));
                  }
                  simulation.settle();
                  assertThat(store.end()).isEqualTo(101);
                }))
        .isZero();
  }

  @Test
  void the_background_forces_before_the_bound_is_reached() {
    try (Simulation simulation =
        Simulation.of(1, Simulation.config().withSync(SyncPolicy.bounded(AGE_MAX, 1 << 20)))) {
      Store store = simulation.open(Blob.CATALOGUE);
      store.append(AT, blob(10));
      simulation.settle();
      assertThat(store.durableEnd()).isZero();
      simulation.clock().advance(AGE_MAX.dividedBy(2));
      simulation.settle();
      assertThat(store.durableEnd()).isEqualTo(1);
    }
  }
}
