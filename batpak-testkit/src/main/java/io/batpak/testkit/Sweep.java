package io.batpak.testkit;

import io.batpak.Store;
import io.batpak.testkit.Scenario.Stage;
import java.util.List;
import java.util.function.Consumer;

/// The same decision run again and again, with one thing going wrong at every step in turn, and an
/// invariant asked of what is left.
final class Sweep {

  /// So often each step dies by a loss of power: what survives is left to chance.
  private static final int POWER_LOSSES = 4;

  /// A decision that takes longer is a program: simulate it at random instead.
  private static final int STEPS_MAX = 10_000;

  private final Scenario scenario;
  private final Decision<?> decision;
  private final Consumer<Store> invariant;

  Sweep(Scenario scenario, Decision<?> decision, Consumer<Store> invariant) {
    this.scenario = scenario;
    this.decision = decision;
    this.invariant = invariant;
  }

  void crashes() {
    withNothingWrong();
    for (int step = 1; crash(step, Scenario.SEED, Simulation::kill, "a kill"); step++) {
      for (int i = 0; i < POWER_LOSSES; i++) {
        long seed = (long) step * POWER_LOSSES + i;
        var _ = crash(step, seed, Simulation::losePower, "a power loss");
      }
      refuseEndless(step);
    }
    for (int i = 0; i < POWER_LOSSES; i++) {
      var _ = crash(Long.MAX_VALUE / 2, i, Simulation::losePower, "a power loss");
    }
  }

  void failures() {
    withNothingWrong();
    for (int operation = 1; fail(operation, Scenario.SEED, Simulation::kill); operation++) {
      for (int i = 0; i < POWER_LOSSES; i++) {
        var _ = fail(operation, (long) operation * POWER_LOSSES + i, Simulation::losePower);
      }
      var _ = fail(operation, operation, this::losePowerBehindOpening);
      refuseEndless(operation);
    }
  }

  /// What a failed force has lost is seen by the next process, and must not be lost then.
  private void losePowerBehindOpening(Simulation simulation) {
    simulation.kill();
    var _ = simulation.open(scenario.catalogue());
    simulation.losePower();
  }

  private static void refuseEndless(int step) {
    if (step == STEPS_MAX) {
      throw new AssertionError("the decision takes more than " + STEPS_MAX + " steps");
    }
  }

  private void withNothingWrong() {
    try (Stage stage = scenario.stage(Scenario.SEED)) {
      decide(decision, stage.store());
      check(stage.store(), "with nothing going wrong");
    }
  }

  /// {@return whether the process died of it}
  private boolean crash(long step, long seed, Consumer<Simulation> end, String how) {
    try (Stage stage = scenario.stage(seed)) {
      Simulation simulation = stage.simulation();
      simulation.faults().crashAt(step);
      boolean outlived =
          simulation.outlives(() -> {
            decide(decision, stage.store());
            simulation.settle();
          });
      String place = outlived ? " after the decision" : " at step " + step;
      String where = outlived ? "" : ", " + simulation.crashPlace();
      end.accept(simulation);
      reopenAndCheck(simulation, "after " + how + place + where + " (seed " + seed + ")");
      return !outlived;
    }
  }

  /// {@return whether an operation failed}
  private boolean fail(long operation, long seed, Consumer<Simulation> end) {
    try (Stage stage = scenario.stage(seed)) {
      Simulation simulation = stage.simulation();
      simulation.faults().failAt(operation);
      decide(decision, stage.store());
      simulation.settle();
      boolean failed = simulation.faults().happened() > 0;
      simulation.faults().clear();
      end.accept(simulation);
      reopenAndCheck(
          simulation, "after a failure of operation " + operation + " (seed " + seed + ")");
      return failed;
    }
  }

  private void reopenAndCheck(Simulation simulation, String when) {
    check(simulation.open(scenario.catalogue()), when);
  }

  private void check(Store store, String when) {
    List<EventLine> events = EventLine.all(store);
    try {
      invariant.accept(store);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(when + ": " + e.getMessage() + EventLine.lines("event", events), e);
    }
  }

  /// Runs a decision whose answer does not count; refusing is an answer.
  static void decide(Decision<?> decision, Store store) {
    try {
      var _ = decision.decide(store);
    } catch (Exception e) {
      // An answer like any other: what the store holds is asked of the invariant.
    }
  }
}
