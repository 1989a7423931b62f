package io.batpak.benches;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// What one trial, or the median of several, found.
///
/// @param eventsPerSecond appends that returned, per second
/// @param p50Micros median latency of an append, in microseconds
/// @param p99Micros 99th percentile, in microseconds
/// @param p999Micros 99.9th percentile, in microseconds
/// @param maxMicros the slowest append, in microseconds
/// @param readNanos time to read one event back in order, in nanoseconds
/// @param bytesPerEvent bytes of all files after close, per event
public record Measure(
    double eventsPerSecond,
    double p50Micros,
    double p99Micros,
    double p999Micros,
    double maxMicros,
    double readNanos,
    double bytesPerEvent) {

  /// {@return the measure of a trial's line}
  ///
  /// @param line one JSON object, as {@link #members} gives it
  static Measure parse(String line) {
    Map<String, Double> numbers = Json.numbers(line);
    return new Measure(
        member(numbers, "eventsPerSecond"),
        member(numbers, "p50Micros"),
        member(numbers, "p99Micros"),
        member(numbers, "p999Micros"),
        member(numbers, "maxMicros"),
        member(numbers, "readNanos"),
        member(numbers, "bytesPerEvent"));
  }

  private static double member(Map<String, Double> numbers, String name) {
    Double number = numbers.get(name);
    if (number == null) {
      throw new IllegalArgumentException("a trial's line without " + name);
    }
    return number;
  }

  /// {@return the median of each component by itself}
  ///
  /// @param rounds at least one
  static Measure median(List<Measure> rounds) {
    return new Measure(
        median(rounds, Measure::eventsPerSecond),
        median(rounds, Measure::p50Micros),
        median(rounds, Measure::p99Micros),
        median(rounds, Measure::p999Micros),
        median(rounds, Measure::maxMicros),
        median(rounds, Measure::readNanos),
        median(rounds, Measure::bytesPerEvent));
  }

  private static double median(List<Measure> rounds, ToDoubleFunction<Measure> component) {
    double[] sorted = rounds.stream().mapToDouble(component).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /// {@return the components by name, for JSON}
  Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("eventsPerSecond", eventsPerSecond);
    members.put("p50Micros", p50Micros);
    members.put("p99Micros", p99Micros);
    members.put("p999Micros", p999Micros);
    members.put("maxMicros", maxMicros);
    members.put("readNanos", readNanos);
    members.put("bytesPerEvent", bytesPerEvent);
    return members;
  }
}
