package io.batpak.testkit;

import io.batpak.Store;
import io.batpak.event.Coordinate;
import io.batpak.payload.Catalogue;
import io.batpak.testkit.Scenario.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What came of a decision in a [Scenario]. Each expectation that is not met is an
/// [AssertionError].
///
/// @param <T> what the decision's caller is told
public final class Decided<T extends @Nullable Object> {

  private final Scenario scenario;
  private final Decision<T> decision;
  private final List<EventLine> given;
  private final List<EventLine> appended;
  private final @Nullable T returned;
  private final @Nullable Exception thrown;
  private boolean throwingExpected;

  private Decided(
      Scenario scenario,
      Decision<T> decision,
      List<EventLine> given,
      List<EventLine> appended,
      @Nullable T returned,
      @Nullable Exception thrown) {
    this.scenario = scenario;
    this.decision = decision;
    this.given = given;
    this.appended = appended;
    this.returned = returned;
    this.thrown = thrown;
  }

  static <T extends @Nullable Object> Decided<T> by(Scenario scenario, Decision<T> decision) {
    try (Stage stage = scenario.stage(Scenario.SEED)) {
      Store store = stage.store();
      List<EventLine> given = EventLine.all(store);
      long before = store.end();
      T returned = null;
      Exception thrown = null;
      try {
        returned = decision.decide(store);
      } catch (Exception e) {
        thrown = e;
      }
      List<EventLine> appended = EventLine.from(store, before);
      return new Decided<>(scenario, decision, given, appended, returned, thrown);
    }
  }

  /// {@return what the decision's caller is told}
  ///
  /// @throws AssertionError if the decision threw
  @SuppressWarnings("NullAway") // null only if T is
  public T returned() {
    refuseThrown();
    return returned;
  }

  /// Expects what the decision's caller is told.
  ///
  /// @param expected equal to it
  /// @return this
  public Decided<T> thenReturned(T expected) {
    refuseThrown();
    if (!Objects.equals(returned, expected)) {
      throw failure(
          "returned something else", "\n  expected  " + expected + "\n  returned  " + returned);
    }
    return this;
  }

  /// Expects that the decision threw. What it appended before is expected as ever.
  ///
  /// @param type of the exception, or above it
  /// @return this
  public Decided<T> thenThrew(Class<? extends Exception> type) {
    if (!type.isInstance(thrown)) {
      throw failure(
          thrown == null ? "threw nothing" : "threw something else",
          "\n  expected  " + type.getName() + (thrown == null ? "" : "\n  threw     " + thrown));
    }
    throwingExpected = true;
    return this;
  }

  /// Expects all events that were appended, wherever they live.
  ///
  /// @param payloads in order
  /// @return this
  public Decided<T> thenAppended(Record... payloads) {
    refuseThrown();
    return expect("", appended, payloads);
  }

  /// Expects the events that were appended to one entity.
  ///
  /// @param coordinate where they live
  /// @param payloads in order
  /// @return this
  public Decided<T> thenAppended(Coordinate coordinate, Record... payloads) {
    refuseThrown();
    return expect(
        " to " + coordinate,
        appended.stream().filter(line -> line.coordinate().equals(coordinate)).toList(),
        payloads);
  }

  /// Expects that nothing was appended.
  ///
  /// @return this
  public Decided<T> thenAppendedNothing() {
    return thenAppended();
  }

  private Decided<T> expect(String place, List<EventLine> lines, Record... payloads) {
    Catalogue catalogue = scenario.catalogue();
    boolean same = lines.size() == payloads.length;
    for (int i = 0; same && i < payloads.length; i++) {
      same = lines.get(i).says(payloads[i], catalogue);
    }
    if (!same) {
      throw failure(
          "appended other events" + place,
          EventLine.lines("expected", Arrays.asList(payloads))
              + EventLine.lines("appended", lines));
    }
    return this;
  }

  /// Looks at the store after the decision, which is run once more for it.
  ///
  /// @param check throws if something is not as it should be
  /// @return this
  public Decided<T> thenStore(Consumer<Store> check) {
    refuseThrown();
    try (Stage stage = scenario.stage(Scenario.SEED)) {
      Sweep.decide(decision, stage.store());
      check.accept(stage.store());
    }
    return this;
  }

  /// Expects that something holds after every crash.
  ///
  /// Runs the decision again and again: each time the process dies one step later, once killed and
  /// several times by a loss of power, until it outlives the decision and what the store does in
  /// the background afterwards. Each time the store is opened again and the invariant is asked. It
  /// may append, so it may also repeat the decision and look what comes of that.
  ///
  /// The decision must not catch errors of all sorts: the process dies by one.
  ///
  /// @param invariant throws if it does not hold
  /// @return this
  public Decided<T> thenSurvivesEveryCrash(Consumer<Store> invariant) {
    new Sweep(scenario, decision, invariant).crashes();
    return this;
  }

  /// Expects that something holds after every failure of the disk.
  ///
  /// Runs the decision again and again: each time one operation on the disk fails, one later than
  /// before. Afterwards the process is killed or the power lost, or the power is lost when the next
  /// process has opened the store; it is opened again on a disk that works, and the invariant is
  /// asked.
  ///
  /// @param invariant throws if it does not hold
  /// @return this
  public Decided<T> thenSurvivesEveryFailure(Consumer<Store> invariant) {
    new Sweep(scenario, decision, invariant).failures();
    return this;
  }

  private void refuseThrown() {
    if (thrown != null && !throwingExpected) {
      throw failure("threw " + thrown, "");
    }
  }

  private AssertionError failure(String what, String comparison) {
    return new AssertionError(what + comparison + EventLine.lines("given   ", given), thrown);
  }
}
