package io.batpak.benches;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// What one trial, or the median of several, found.
///
/// @param eventsPerSecond appends that returned, per second
/// @param p50Micros median latency of an append, in microseconds
/// @param p99Micros 99th percentile, in microseconds
/// @param p999Micros 99.9th percentile, in microseconds
/// @param maxMicros the slowest append, in microseconds
/// @param heapBytes bytes that all threads of the JVM allocated on the heap, per event
/// @param cpuNanos CPU time of the whole process, per event, in nanoseconds
/// @param callerCpuNanos the part of it that the callers took; empty if they are virtual threads
/// @param readNanos time to read one event back in order, in nanoseconds
/// @param bytesPerEvent bytes of all files after close, per event
public record Measure(
    double eventsPerSecond,
    double p50Micros,
    double p99Micros,
    double p999Micros,
    double maxMicros,
    double heapBytes,
    double cpuNanos,
    OptionalDouble callerCpuNanos,
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
        member(numbers, "heapBytes"),
        member(numbers, "cpuNanos"),
        optional(numbers.get("callerCpuNanos")),
        member(numbers, "readNanos"),
        member(numbers, "bytesPerEvent"));
  }

  private static OptionalDouble optional(@Nullable Double number) {
    return number == null ? OptionalDouble.empty() : OptionalDouble.of(number);
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
        median(rounds, Measure::heapBytes),
        median(rounds, Measure::cpuNanos),
        medianCallerCpuNanos(rounds),
        median(rounds, Measure::readNanos),
        median(rounds, Measure::bytesPerEvent));
  }

  /// Rounds of one shape have it in all or in none.
  private static OptionalDouble medianCallerCpuNanos(List<Measure> rounds) {
    return rounds.stream().anyMatch(round -> round.callerCpuNanos.isEmpty())
        ? OptionalDouble.empty()
        : OptionalDouble.of(median(rounds, round -> round.callerCpuNanos.orElseThrow()));
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
    members.put("heapBytes", heapBytes);
    members.put("cpuNanos", cpuNanos);
    callerCpuNanos.ifPresent(nanos -> members.put("callerCpuNanos", nanos));
    members.put("readNanos", readNanos);
    members.put("bytesPerEvent", bytesPerEvent);
    return members;
  }
}
