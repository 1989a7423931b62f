package io.batpak.benches;

import java.util.Optional;

/// What a target compares with its bound: one number, found in the results of a run.
sealed interface Figure {

  /// {@return what is measured, as the first column of the table has it}
  String label();

  /// {@return the unit of the number, and of the bound}
  String unit();

  /// {@return the number; empty if the run did not measure it}
  ///
  /// @param results of a run
  Optional<Double> in(Results results);

  /// {@return whether the number depends on how a subject did in a shape}
  ///
  /// @param shape of a trial
  /// @param subject its name
  boolean reads(Shape shape, String subject);

  /// Events per second of the store, divided by those of a subject.
  ///
  /// @param shape of the store
  /// @param subject which to divide by; may be the store itself, in another shape
  /// @param subjectShape of that subject
  record Ratio(Shape shape, String subject, Shape subjectShape) implements Figure {

    @Override
    public String label() {
      return shape.label();
    }

    @Override
    public String unit() {
      return "× " + subject + (shape == subjectShape ? "" : " in " + subjectShape.label());
    }

    @Override
    public Optional<Double> in(Results results) {
      return results
          .measure(shape, Entrants.STORE.name())
          .flatMap(own ->
              results
                  .measure(subjectShape, subject)
                  .map(other -> own.eventsPerSecond() / other.eventsPerSecond()));
    }

    @Override
    public boolean reads(Shape shape, String subject) {
      return isStore(this.shape, shape, subject)
          || shape == subjectShape && subject.equals(this.subject);
    }
  }

  /// A percentile of the store's latencies: of an append, or of a whole batch.
  ///
  /// @param shape of the store
  /// @param percentile which
  record Latency(Shape shape, Percentile percentile) implements Figure {

    @Override
    public String label() {
      return shape.label() + ", " + percentile.label;
    }

    @Override
    public String unit() {
      return shape.batch() == 1 ? "µs" : "µs a batch";
    }

    @Override
    public Optional<Double> in(Results results) {
      return results.measure(shape, Entrants.STORE.name()).map(percentile::micros);
    }

    @Override
    public boolean reads(Shape shape, String subject) {
      return isStore(this.shape, shape, subject);
    }
  }

  /// The mean time per event of the store: the measured time divided by the events. Unlike a median
  /// it holds every wait.
  ///
  /// @param shape of the store
  record TimePerEvent(Shape shape) implements Figure {

    private static final double MICROS_PER_SECOND = 1e6;

    @Override
    public String label() {
      return shape.label() + ", mean";
    }

    @Override
    public String unit() {
      return "µs per event";
    }

    @Override
    public Optional<Double> in(Results results) {
      return results
          .measure(shape, Entrants.STORE.name())
          .map(measure -> MICROS_PER_SECOND / measure.eventsPerSecond());
    }

    @Override
    public boolean reads(Shape shape, String subject) {
      return isStore(this.shape, shape, subject);
    }
  }

  /// A surface of the store.
  ///
  /// @param surface which
  record OfSurface(Surface surface) implements Figure {

    @Override
    public String label() {
      return surface.label();
    }

    @Override
    public String unit() {
      return surface.unit();
    }

    @Override
    public Optional<Double> in(Results results) {
      return Optional.ofNullable(results.surfaces().get(surface));
    }

    @Override
    public boolean reads(Shape shape, String subject) {
      return false;
    }
  }

  /// The percentiles that a measure has.
  enum Percentile {
    P50("p50"),
    P99("p99"),
    P999("p99.9");

    private final String label;

    Percentile(String label) {
      this.label = label;
    }

    private double micros(Measure measure) {
      return switch (this) {
        case P50 -> measure.p50Micros();
        case P99 -> measure.p99Micros();
        case P999 -> measure.p999Micros();
      };
    }
  }

  private static boolean isStore(Shape own, Shape shape, String subject) {
    return own == shape && subject.equals(Entrants.STORE.name());
  }
}
