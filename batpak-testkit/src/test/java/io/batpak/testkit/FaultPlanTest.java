package io.batpak.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.AppendOptions;
import io.batpak.Store;
import io.batpak.failure.Corrupt;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.DiskFull;
import io.batpak.testkit.Account.Deposited;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Proves that each fault of a plan happens, when it should and as what it should, and that nothing
/// happens without one. Would catch a fault that is scheduled and never strikes, or strikes twice.
/// Deterministic; where chance decides, fixed seeds are tried.
class FaultPlanTest {

  private static final AppendOptions DURABLE = AppendOptions.durable();

  private final Simulation simulation = Simulation.of(1);
  private final FaultPlan faults = simulation.faults();

  @AfterEach
  void give_the_memory_back() {
    simulation.close();
  }

  private static void append(Store store, long cents) {
    store.append(Account.of(1), new Deposited(cents));
  }

  private static void appendDurably(Store store, long cents) {
    store.append(Account.of(1), new Deposited(cents), DURABLE);
  }

  @Test
  void without_a_plan_nothing_goes_wrong() {
    Store store = simulation.open();
    for (int i = 0; i < 1_000; i++) {
      append(store, i);
    }
    simulation.settle();
    store.close();

    assertThat(faults.happened()).isZero();
    assertThat(simulation.crashed()).isFalse();
    assertThat(simulation.crashPlace()).isEmpty();
    assertThat(simulation.open().openReport().recovered()).isFalse();
  }

  @Test
  void the_process_dies_at_the_step_that_was_asked_for() {
    Store store = simulation.open();
    append(store, 0);
    simulation.settle();
    long before = simulation.steps();
    faults.crashAt(3);

    boolean outlived =
        simulation.outlives(() -> {
          append(store, 1);
          append(store, 2);
          append(store, 3);
        });

    assertThat(outlived).isFalse();
    assertThat(simulation.crashed()).isTrue();
    assertThat(simulation.steps()).isEqualTo(before + 3);
    assertThat(simulation.crashPlace()).isEqualTo("a look at the clock");
    simulation.kill();
    assertThat(simulation.crashed()).isFalse();
    assertThat(simulation.open().end()).isEqualTo(3);
  }

  @Test
  void every_append_has_a_step_of_its_own_to_die_at() {
    Set<Long> ends = new HashSet<>();
    boolean outlived = false;
    for (int step = 1; !outlived; step++) {
      try (var machine = Simulation.of(step)) {
        Store store = machine.open();
        append(store, 0);
        machine.settle();
        machine.faults().crashAt(step);
        outlived =
            machine.outlives(() -> {
              for (int i = 0; i < 4; i++) {
                append(store, i);
              }
            });
        machine.kill();
        ends.add(machine.open().end());
      }
    }
    assertThat(ends).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void a_torn_write_leaves_a_part_that_is_cut() {
    Set<Boolean> cut = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      try (var machine = Simulation.of(seed)) {
        Store store = machine.open();
        appendDurably(store, 0);
        machine.settle();
        machine.faults().tearWrite(1);

        assertThat(machine.outlives(() -> appendDurably(store, 1))).isFalse();

        assertThat(machine.crashPlace()).startsWith("WRITE of ");
        machine.losePower();
        Store next = machine.open();
        assertThat(next.end()).isBetween(1L, 2L);
        cut.add(next.openReport().cutBytes() > 0);
      }
    }
    assertThat(cut).contains(true, false);
  }

  @Test
  void a_stalled_force_never_answers() {
    Store store = simulation.open();
    append(store, 0);
    simulation.settle();
    faults.stallForce(1);

    assertThat(simulation.outlives(() -> appendDurably(store, 1))).isFalse();

    assertThat(simulation.crashPlace()).startsWith("FORCE of ");
    simulation.kill();
    assertThat(simulation.open().end()).isEqualTo(2);
  }

  @Test
  void a_failing_write_is_a_failed_disk_and_keeps_what_was_committed() {
    Store store = simulation.open();
    appendDurably(store, 0);
    simulation.settle();
    faults.failWrite(2);
    appendDurably(store, 1);

    assertThatThrownBy(() -> appendDurably(store, 2)).isInstanceOf(DiskFailed.class);

    assertThat(faults.happened()).isEqualTo(1);
    assertThat(store.end()).isEqualTo(3);
    simulation.kill();
    assertThat(simulation.open().end()).isEqualTo(3);
    assertThat(faults.happened()).isEqualTo(1);
  }

  @Test
  void a_failing_force_ends_writing_and_loses_what_it_was_to_write() {
    Set<Long> ends = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      try (var machine = Simulation.of(seed)) {
        Store store = machine.open();
        appendDurably(store, 0);
        machine.settle();
        machine.faults().failForce(1);

        assertThatThrownBy(() -> appendDurably(store, 1)).isInstanceOf(DiskFailed.class);
        assertThatThrownBy(() -> append(store, 2)).isInstanceOf(DiskFailed.class);
        assertThat(store.durableEnd()).isEqualTo(1);

        machine.losePower();
        ends.add(machine.open().end());
      }
    }
    assertThat(ends).containsExactlyInAnyOrder(1L, 2L);
  }

  @Test
  void a_name_that_cannot_be_made_is_a_failed_disk() {
    faults.failNames(1);

    assertThatThrownBy(simulation::open).isInstanceOf(DiskFailed.class);

    assertThat(faults.happened()).isEqualTo(1);
    simulation.open().close();
  }

  @Test
  void any_operation_can_be_the_one_that_fails() {
    int failures = 0;
    for (int operation = 1; operation <= 5; operation++) {
      faults.failAt(operation);
      try {
        simulation.open().close();
      } catch (DiskFailed e) {
        failures++;
      }
      faults.clear();
    }
    assertThat(failures).isEqualTo(5);
    assertThat(faults.happened()).isEqualTo(5);
  }

  @Test
  void a_full_disk_stays_full_until_there_is_room() {
    simulation.open().close();
    faults.fullAfter(0);
    Store store = simulation.open();

    assertThatThrownBy(() -> append(store, 1)).isInstanceOf(DiskFull.class);
    simulation.kill();
    Store next = simulation.open();
    assertThatThrownBy(() -> append(next, 1)).isInstanceOf(DiskFull.class);

    faults.clear();
    append(next, 1);
    assertThat(next.end()).isEqualTo(1);
  }

  @Test
  void lost_forces_show_when_the_power_goes() {
    int lost = 0;
    for (int seed = 0; seed < 20; seed++) {
      try (var machine = Simulation.of(seed)) {
        machine.faults().loseForces();
        Store store = machine.open();
        appendDurably(store, 1);
        assertThat(store.durableEnd()).isEqualTo(1);

        machine.losePower();
        lost += lost(machine) ? 1 : 0;
      }
    }
    assertThat(lost).isPositive();
  }

  @Test
  void a_plan_that_is_cleared_leaves_nothing_behind() {
    for (int seed = 0; seed < 20; seed++) {
      try (var machine = Simulation.of(seed)) {
        FaultPlan plan = machine.faults();
        plan.crashAt(1);
        plan.tearWrite(1);
        plan.failAt(1);
        plan.loseForces();
        plan.fullAfter(0);
        plan.clear();
        appendDurably(machine.open(), 1);

        machine.losePower();
        assertThat(machine.open().end()).isEqualTo(1);
        assertThat(plan.happened()).isZero();
      }
    }
  }

  /// The event that was promised is gone, or even more than that.
  private static boolean lost(Simulation machine) {
    try {
      return machine.open().end() == 0;
    } catch (Corrupt e) {
      return true;
    }
  }

  @Test
  void honest_forces_lose_nothing() {
    for (int seed = 0; seed < 20; seed++) {
      try (var machine = Simulation.of(seed)) {
        appendDurably(machine.open(), 1);

        machine.losePower();
        assertThat(machine.open().end()).isEqualTo(1);
      }
    }
  }

  @Test
  void a_slow_force_takes_its_time_on_the_clock_also_in_the_next_process() {
    Store store = simulation.open();
    appendDurably(store, 0);
    simulation.settle();
    faults.slowForces(Duration.ofSeconds(3));

    assertThat(timeOf(() -> appendDurably(store, 1))).isEqualTo(Duration.ofSeconds(3));

    simulation.kill();
    Store next = simulation.open();
    assertThat(timeOf(() -> appendDurably(next, 2))).isEqualTo(Duration.ofSeconds(3));
    faults.clear();
    assertThat(timeOf(() -> appendDurably(next, 3))).isZero();
  }

  private Duration timeOf(Runnable work) {
    Instant start = simulation.clock().now();
    work.run();
    return Duration.between(start, simulation.clock().now());
  }

  @Test
  void others_go_on_during_a_force() {
    Store store = simulation.open();
    append(store, 0);
    simulation.settle();
    faults.duringForces(() -> {
      faults.clear();
      append(store, 1);
    });

    store.sync();

    assertThat(store.end()).isEqualTo(2);
    assertThat(store.durableEnd()).isEqualTo(1);
  }

  @Test
  void a_count_below_one_is_refused() {
    assertThatThrownBy(() -> faults.crashAt(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
