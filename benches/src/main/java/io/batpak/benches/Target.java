package io.batpak.benches;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// A figure that the store is to reach, beside its floor and peers.
///
/// @param surface what is measured
/// @param relation which side of the bound is good
/// @param bound the figure to reach
/// @param unit of the figure
/// @param measured finds the figure in what a run found
record Target(
    String surface,
    Relation relation,
    double bound,
    String unit,
    Function<Results, Optional<Double>> measured) {

  /// Which side of the bound is good.
  enum Relation {
    AT_LEAST("≥"),
    AT_MOST("≤");

    private final String sign;

    Relation(String sign) {
      this.sign = sign;
    }
  }

  private static final String FLOOR = Entrants.FLOOR.name();
  private static final String STORE = Entrants.STORE.name();
  private static final double MICROS_PER_MILLI = 1_000;

  /// All of them, from the design.
  static final List<Target> ALL =
      List.of(
          ratio("visible-1", Shape.VISIBLE_1, 1.2, FLOOR, Shape.VISIBLE_1),
          ratio("visible-1", Shape.VISIBLE_1, 3, "rocksdb", Shape.VISIBLE_1),
          tail("visible-1, p99", 5, Shape.VISIBLE_1, Measure::p99Micros),
          ratio("visible-8", Shape.VISIBLE_8, 1.5, "chronicle-queue", Shape.VISIBLE_8),
          tail("visible-8, p99.9", MICROS_PER_MILLI, Shape.VISIBLE_8, Measure::p999Micros),
          ratio("visible-64v", Shape.VISIBLE_64V, 1.5, "chronicle-queue", Shape.VISIBLE_8),
          tail("visible-64v, p99.9", MICROS_PER_MILLI, Shape.VISIBLE_64V, Measure::p999Micros),
          ratio("batch-100", Shape.BATCH_100, 2.5, FLOOR, Shape.BATCH_100),
          ratio("submit-1024", Shape.SUBMIT_1024, 1.2, FLOOR, Shape.SUBMIT_1024),
          ratio("durable-1", Shape.DURABLE_1, 1.25, FLOOR, Shape.DURABLE_1),
          ratio("durable-8", Shape.DURABLE_8, 1, "aeron-archive", Shape.DURABLE_8),
          ratio("durable-64v", Shape.DURABLE_64V, 25, STORE, Shape.DURABLE_1),
          ratio("durable-256v", Shape.DURABLE_256V, 60, STORE, Shape.DURABLE_1),
          surface(Surface.GET, Relation.AT_MOST, 1_000),
          surface(Surface.STREAM, Relation.AT_MOST, 30),
          surface(Surface.QUERY, Relation.AT_MOST, 50),
          surface(Surface.PAYLOAD, Relation.AT_MOST, 200),
          surface(Surface.FOLD, Relation.AT_LEAST, 4),
          surface(Surface.CONDITION_SINCE, Relation.AT_MOST, 2_000),
          surface(Surface.CONDITION_EVER, Relation.AT_MOST, 2_000),
          surface(Surface.KEY, Relation.AT_MOST, 2_000),
          surface(Surface.WAITERS, Relation.AT_MOST, 100),
          surface(Surface.OPEN_CLEAN, Relation.AT_MOST, 0.15),
          surface(Surface.OPEN_KILLED, Relation.AT_MOST, 0.7),
          surface(Surface.HEAP, Relation.AT_MOST, 64),
          surface(Surface.BYTES, Relation.AT_MOST, 350));

  private static Target ratio(
      String surface, Shape shape, double bound, String other, Shape otherShape) {
    return new Target(
        surface,
        Relation.AT_LEAST,
        bound,
        "× " + other + (shape == otherShape ? "" : " in " + otherShape.label()),
        results ->
            results
                .measure(shape, STORE)
                .flatMap(own ->
                    results
                        .measure(otherShape, other)
                        .map(peer -> own.eventsPerSecond() / peer.eventsPerSecond())));
  }

  private static Target tail(
      String surface, double bound, Shape shape, Function<Measure, Double> percentile) {
    return new Target(
        surface,
        Relation.AT_MOST,
        bound,
        "µs",
        results -> results.measure(shape, STORE).map(percentile));
  }

  private static Target surface(Surface surface, Relation relation, double bound) {
    return new Target(
        surface.label(),
        relation,
        bound,
        surface.unit(),
        results -> Optional.ofNullable(results.surfaces().get(surface)));
  }

  /// {@return the bound with its sign and unit}
  String wanted() {
    return relation.sign + " " + figure(bound) + " " + unit;
  }

  /// {@return reached, or missed and by how much}
  ///
  /// @param value what was measured
  String verdict(double value) {
    double distance =
        switch (relation) {
          case AT_LEAST -> bound / value;
          case AT_MOST -> value / bound;
        };
    if (distance <= 1) {
      return "reached";
    }
    return switch (relation) {
      case AT_LEAST -> String.format(Locale.ROOT, "missed by %.0f %%", 100 * (1 - 1 / distance));
      case AT_MOST -> String.format(Locale.ROOT, "missed, %.2f times as much", distance);
    };
  }

  static String figure(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value)
        .replace(',', ' ');
  }
}
