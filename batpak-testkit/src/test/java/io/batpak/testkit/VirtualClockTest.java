package io.batpak.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.Receipt;
import io.batpak.Store;
import io.batpak.engine.platform.Threads.Worker;
import io.batpak.testkit.Account.Deposited;
import io.batpak.testkit.simulated.SimulatedClock;
import io.batpak.testkit.simulated.SimulatedThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Proves that a simulated store lives by the virtual clock: its events' times, its background
/// work, its waiting. Would catch a store that looks at the real time, and a wait that never ends.
/// Deterministic.
class VirtualClockTest {

  private final Simulation simulation = Simulation.of(1);
  private final VirtualClock clock = simulation.clock();

  @AfterEach
  void give_the_memory_back() {
    simulation.close();
  }

  private static Receipt append(Store store) {
    return store.append(Account.of(1), new Deposited(1));
  }

  @Test
  void events_carry_the_virtual_time() {
    Store store = simulation.open();
    clock.advance(Duration.ofDays(400));

    Receipt receipt = append(store);

    assertThat(receipt.hlc().wallMillis()).isEqualTo(clock.now().toEpochMilli());
    assertThat(receipt.id().wallMillis()).isEqualTo(clock.now().toEpochMilli());
  }

  @Test
  void a_wall_clock_that_jumps_back_takes_no_event_with_it() {
    Store store = simulation.open();
    Receipt before = append(store);
    clock.jump(Duration.ofHours(-1));

    Receipt after = append(store);

    assertThat(clock.now().toEpochMilli()).isLessThan(before.hlc().wallMillis());
    assertThat(after.hlc()).isGreaterThan(before.hlc());
    assertThat(after.hlc().wallMillis()).isEqualTo(before.hlc().wallMillis());
  }

  @Test
  void time_does_not_pass_by_itself_nor_back() {
    Store store = simulation.open();
    var start = clock.now();
    for (int i = 0; i < 100; i++) {
      var _ = append(store);
    }
    simulation.settle();

    assertThat(clock.now()).isEqualTo(start);
    assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void what_is_due_is_done_when_its_time_has_come() {
    Store store = simulation.open();
    var _ = append(store);
    clock.advance(Duration.ofMillis(1));
    simulation.settle();
    assertThat(store.durableEnd()).isZero();

    clock.advance(Duration.ofMillis(49));
    simulation.settle();

    assertThat(store.durableEnd()).isEqualTo(1);
  }

  @Test
  void who_waits_lets_the_woken_run_and_then_the_time_pass() {
    var nanos = new SimulatedClock(0);
    var threads = new SimulatedThreads(nanos);
    List<String> rounds = new ArrayList<>();
    Worker lazy =
        threads.start(
            "lazy",
            () -> {
              rounds.add("lazy at " + nanos.nanos());
              return 500;
            });
    threads.settle(10);

    threads.parker().park();
    threads.parker().park();
    lazy.wake();
    threads.parker().park();

    assertThat(rounds).containsExactly("lazy at 0", "lazy at 500", "lazy at 500");
  }

  @Test
  void who_waits_for_nobody_is_told_so() {
    var threads = new SimulatedThreads(new SimulatedClock(0));
    var _ = threads.start("idle", () -> Long.MAX_VALUE);
    threads.settle(10);

    assertThatThrownBy(threads.parker()::park)
        .isInstanceOf(AssertionError.class)
        .hasMessage("waits for ever: [idle] have no work");
  }

  @Test
  void a_worker_that_never_rests_is_told_so() {
    var threads = new SimulatedThreads(new SimulatedClock(0));
    var _ = threads.start("eager", () -> 0);

    assertThatThrownBy(() -> threads.settle(10))
        .isInstanceOf(AssertionError.class)
        .hasMessage("[eager] are still busy after 10 rounds");
  }
}
