package io.batpak.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.AppendOptions;
import io.batpak.Appended;
import io.batpak.Awaited;
import io.batpak.NewEvent;
import io.batpak.Outbox;
import io.batpak.Receipt;
import io.batpak.Store;
import io.batpak.Ticket;
import io.batpak.VisibilityFence;
import io.batpak.config.AckLevel;
import io.batpak.config.SyncPolicy;
import io.batpak.query.Region;
import io.batpak.testkit.Account.Deposited;
import io.batpak.testkit.Account.Withdrawn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Proves that every shape of a write works on the one thread of a simulation and survives a crash
/// at every step as it promises. Would catch a wait that hangs or lets no time pass, and a ticket,
/// key, outbox or fence that a crash leaves half done. Deterministic.
class WriteContractTest {

  private static final Scenario RICH = Scenario.given(Account.of(1), new Deposited(500));

  @Test
  void who_waits_for_a_ticket_lets_the_writer_work() {
    RICH.when(store -> store.submit(Account.of(1), new Deposited(1)).await() instanceof Receipt)
        .thenReturned(true)
        .thenAppended(new Deposited(1));
  }

  @Test
  void what_was_submitted_is_committed_when_things_settle() {
    try (var simulation = Simulation.of(1)) {
      Store store = simulation.open();
      List<Ticket> tickets = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        tickets.add(store.submit(Account.of(i), new Deposited(i)));
      }

      simulation.settle();

      assertThat(tickets).allMatch(Ticket::done);
      assertThat(store.end()).isEqualTo(10);
    }
  }

  @Test
  void who_waits_until_it_is_durable_waits_for_the_force_that_is_due() {
    try (var simulation = Simulation.of(1)) {
      Store store = simulation.open();
      Receipt receipt = store.append(Account.of(1), new Deposited(1));
      Instant start = simulation.clock().now();

      Awaited awaited = store.await(receipt, AckLevel.DURABLE, Duration.ofSeconds(1));

      assertThat(awaited).isEqualTo(new Awaited.Reached(AckLevel.DURABLE));
      assertThat(store.durableEnd()).isEqualTo(1);
      assertThat(Duration.between(start, simulation.clock().now()))
          .isLessThanOrEqualTo(Duration.ofMillis(10));
    }
  }

  @Test
  void who_waits_for_what_never_comes_is_told_when_the_time_is_up() {
    var config = Simulation.config().withSync(SyncPolicy.osDecides());
    try (var simulation = Simulation.of(1, config)) {
      Store store = simulation.open();
      Instant start = simulation.clock().now();

      Awaited awaited = store.awaitDurable(7, Duration.ofSeconds(30));

      assertThat(awaited).isEqualTo(new Awaited.TimedOut(AckLevel.DURABLE));
      assertThat(Duration.between(start, simulation.clock().now()))
          .isEqualTo(Duration.ofSeconds(30));
    }
  }

  private static void withdrawOnce(Store store) {
    var _ =
        store.appendIf(
            NewEvent.of(Account.of(1), new Withdrawn(200))
                .options(AppendOptions.durable())
                .key("transfer 7"));
  }

  @Test
  void a_retry_with_a_key_after_any_crash_withdraws_once() {
    RICH.whenRun(WriteContractTest::withdrawOnce)
        .thenSurvivesEveryCrash(store -> {
          withdrawOnce(store);
          assertThat(Account.balance(store, 1)).isEqualTo(300);
        });
  }

  @Test
  void an_outbox_is_there_whole_or_not_at_all_after_any_crash_or_failure() {
    RICH.whenRun(
            store -> {
              Outbox outbox = store.outbox();
              for (int i = 0; i < 10; i++) {
                outbox.add(Account.of(i), new Deposited(i));
              }
              var _ = outbox.flush();
            })
        .thenSurvivesEveryCrash(store -> assertThat(visible(store)).isIn(1L, 11L))
        .thenSurvivesEveryFailure(store -> assertThat(visible(store)).isIn(1L, 11L));
  }

  @Test
  void a_fence_is_seen_whole_or_never_after_any_crash_or_failure() {
    RICH.whenRun(
            store -> {
              try (VisibilityFence fence = store.fence(Duration.ofSeconds(10))) {
                Appended first = fence.appendIf(NewEvent.of(Account.of(1), new Withdrawn(200)));
                Appended second = fence.appendIf(NewEvent.of(Account.of(2), new Deposited(200)));
                assertThat(List.of(first, second)).allMatch(Receipt.class::isInstance);
                var _ = fence.commit();
              }
            })
        .thenAppended(new Withdrawn(200), new Deposited(200))
        .thenSurvivesEveryCrash(WriteContractTest::assertNothingLost)
        .thenSurvivesEveryFailure(WriteContractTest::assertNothingLost);
  }

  private static void assertNothingLost(Store store) {
    assertThat(Account.balance(store, 1) + Account.balance(store, 2)).isEqualTo(500);
    assertThat(visible(store)).isIn(1L, 3L);
  }

  private static long visible(Store store) {
    return store.query(Region.all()).count();
  }
}
