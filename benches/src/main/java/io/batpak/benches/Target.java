package io.batpak.benches;

import io.batpak.benches.Figure.Latency;
import io.batpak.benches.Figure.OfSurface;
import io.batpak.benches.Figure.Percentile;
import io.batpak.benches.Figure.Ratio;
import io.batpak.benches.Figure.TimePerEvent;
import java.util.List;
import java.util.Locale;

/// A figure that the store is to reach.
///
/// @param figure what is compared
/// @param relation which side of the bound is good
/// @param bound the number to reach, in the unit of the figure
record Target(Figure figure, Relation relation, double bound) {

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
  private static final String ROCKSDB = "rocksdb";
  private static final String AERON = "aeron-archive";
  private static final double MICROS_PER_MILLI = 1_000;

  /// All of them, from the design.
  static final List<Target> ALL =
      List.of(
          atLeast(1.4, new Ratio(Shape.VISIBLE_1, FLOOR, Shape.VISIBLE_1)),
          atLeast(3, new Ratio(Shape.VISIBLE_1, ROCKSDB, Shape.VISIBLE_1)),
          atMost(1.5, new Latency(Shape.VISIBLE_1, Percentile.P99)),
          atLeast(1.25, new Ratio(Shape.VISIBLE_8, FLOOR, Shape.VISIBLE_8)),
          atMost(MICROS_PER_MILLI, new Latency(Shape.VISIBLE_8, Percentile.P999)),
          atLeast(1.1, new Ratio(Shape.VISIBLE_64V, FLOOR, Shape.VISIBLE_64V)),
          atMost(MICROS_PER_MILLI, new Latency(Shape.VISIBLE_64V, Percentile.P999)),
          atLeast(1.5, new Ratio(Shape.BATCH_100, FLOOR, Shape.BATCH_100)),
          atLeast(1.2, new Ratio(Shape.SUBMIT_1024, FLOOR, Shape.SUBMIT_1024)),
          atLeast(1.25, new Ratio(Shape.DURABLE_1, FLOOR, Shape.DURABLE_1)),
          atLeast(1.1, new Ratio(Shape.DURABLE_8, AERON, Shape.DURABLE_8)),
          atLeast(16, new Ratio(Shape.DURABLE_64V, STORE, Shape.DURABLE_1)),
          atLeast(2, new Ratio(Shape.DURABLE_64V, AERON, Shape.DURABLE_64V)),
          atLeast(38, new Ratio(Shape.DURABLE_256V, STORE, Shape.DURABLE_1)),
          atLeast(2, new Ratio(Shape.DURABLE_256V, AERON, Shape.DURABLE_256V)),
          atMost(2, new Latency(Shape.VISIBLE_1_COLD, Percentile.P50)),
          atMost(2, new TimePerEvent(Shape.VISIBLE_1_COLD)),
          atMost(1.5, new Latency(Shape.VISIBLE_1_NEW, Percentile.P50)),
          atMost(1.5, new TimePerEvent(Shape.VISIBLE_1_NEW)),
          atMost(10, new Latency(Shape.BATCH_10_COLD, Percentile.P50)),
          atMost(1, new TimePerEvent(Shape.BATCH_10_COLD)),
          atMost(800, new OfSurface(Surface.GET)),
          atMost(30, new OfSurface(Surface.STREAM)),
          atMost(50, new OfSurface(Surface.QUERY)),
          atMost(190, new OfSurface(Surface.PAYLOAD)),
          atLeast(8, new OfSurface(Surface.FOLD)),
          atMost(2_000, new OfSurface(Surface.CONDITION_SINCE)),
          atMost(2_000, new OfSurface(Surface.CONDITION_EVER)),
          atMost(2_000, new OfSurface(Surface.KEY)),
          atMost(100, new OfSurface(Surface.WAITERS)),
          atMost(0.15, new OfSurface(Surface.OPEN_CLEAN)),
          atMost(0.6, new OfSurface(Surface.OPEN_KILLED)),
          atMost(40, new OfSurface(Surface.HEAP)),
          atMost(290, new OfSurface(Surface.BYTES)));

  private static Target atLeast(double bound, Figure figure) {
    return new Target(figure, Relation.AT_LEAST, bound);
  }

  private static Target atMost(double bound, Figure figure) {
    return new Target(figure, Relation.AT_MOST, bound);
  }

  /// {@return the bound with its sign and unit}
  String wanted() {
    return relation.sign + " " + rounded(bound) + " " + figure.unit();
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

  /// {@return a number as the tables show it}
  ///
  /// @param value not negative
  static String rounded(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value)
        .replace(',', ' ');
  }
}
