package io.batpak.benches;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/// The tables of README.md, in Markdown, from results.
final class Page {

  private static final double THOUSAND = 1_000;
  private static final double MILLION = 1_000_000;

  private final Results results;
  private final StringBuilder out = new StringBuilder();

  private Page(Results results) {
    this.results = results;
  }

  /// {@return the tables}
  ///
  /// @param results from a run, or from its file
  static String markdown(Results results) {
    var page = new Page(results);
    page.head();
    page.throughput();
    page.latencies();
    page.costs();
    page.readingAndBytes();
    page.targets();
    return page.out.toString();
  }

  private void head() {
    out.append(
        String.format(
            Locale.ROOT,
            "%s form, %.1f s of warm-up, %.1f s measured: %s.\n",
            results.form(),
            results.warmUpMillis() / THOUSAND,
            results.measuredMillis() / THOUSAND,
            results.machine().line()));
  }

  private Set<String> subjects() {
    return results.shapes().values().stream()
        .flatMap(outcomes -> outcomes.keySet().stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private void throughput() {
    out.append("\nEvents per second, × the floor in the same shape:\n");
    cells((shape, subject, measure) ->
        count(measure.eventsPerSecond())
            + results
                .ratioToFloor(shape, subject)
                .map(ratio -> String.format(Locale.ROOT, ", %.2f", ratio))
                .orElse(""));
  }

  private String absent(Shape shape, String subject) {
    return results.shapes().getOrDefault(shape, Map.of()).get(subject) instanceof Outcome.NotRun
        ? "not run"
        : "";
  }

  private static String count(double perSecond) {
    return perSecond >= MILLION
        ? String.format(Locale.ROOT, "%.2f M", perSecond / MILLION)
        : String.format(
            Locale.ROOT, perSecond < 100 * THOUSAND ? "%.1f k" : "%.0f k", perSecond / THOUSAND);
  }

  private void latencies() {
    out.append("\nLatency of an append, p50 / p99 / p99.9 in µs:\n");
    cells((shape, subject, measure) -> latency(measure));
  }

  private void costs() {
    out.append(
        "\nPer event: bytes allocated on the heap / CPU ns of the process / of these, ns of the"
            + " callers:\n");
    cells((shape, subject, measure) -> cost(measure));
  }

  /// What one cell holds of a measure.
  private interface Cell {
    String text(Shape shape, String subject, Measure measure);
  }

  /// A row per subject and a column per shape.
  private void cells(Cell cell) {
    out.append("\n| |");
    results.shapes().keySet().forEach(shape -> out.append(' ').append(shape.label()).append(" |"));
    out.append("\n|---|").append("---|".repeat(results.shapes().size())).append('\n');
    for (String subject : subjects()) {
      out.append("| `").append(subject).append("` |");
      for (Shape shape : results.shapes().keySet()) {
        String text =
            results
                .measure(shape, subject)
                .map(measure -> cell.text(shape, subject, measure))
                .orElseGet(() -> absent(shape, subject));
        out.append(' ').append(text).append(" |");
      }
      out.append('\n');
    }
  }

  private void readingAndBytes() {
    out.append("\nReading back, ns per event; bytes per event on disk:\n");
    out.append("\n| | read, ns | B/event |\n|---|---|---|\n");
    Shape first = results.shapes().keySet().stream().findFirst().orElse(Shape.VISIBLE_1);
    for (String subject : subjects()) {
      results
          .measure(first, subject)
          .ifPresent(measure ->
              out.append(
                  String.format(
                      Locale.ROOT,
                      "| `%s` | %.0f | %.0f |\n",
                      subject,
                      measure.readNanos(),
                      measure.bytesPerEvent())));
    }
  }

  private static String cost(Measure measure) {
    return String.format(
        Locale.ROOT,
        "%.0f / %.0f / %s",
        measure.heapBytes(),
        measure.cpuNanos(),
        callerCpu(measure));
  }

  /// {@return the CPU time of the callers in whole nanoseconds, or a dash where it is not known}
  ///
  /// @param measure of a trial
  static String callerCpu(Measure measure) {
    OptionalDouble nanos = measure.callerCpuNanos();
    return nanos.isEmpty() ? "-" : String.format(Locale.ROOT, "%.0f", nanos.getAsDouble());
  }

  private static String latency(Measure measure) {
    return Target.rounded(measure.p50Micros())
        + " / "
        + Target.rounded(measure.p99Micros())
        + " / "
        + Target.rounded(measure.p999Micros());
  }

  private void targets() {
    out.append(
        "\nTargets; surfaces are of a store of %s events:\n"
            .formatted(count((double) results.surfaceEvents())));
    out.append("\n| surface | wanted | measured | |\n|---|---|---|---|\n");
    for (Target target : Target.ALL) {
      target
          .figure()
          .in(results)
          .ifPresent(value ->
              out.append(
                  "| %s | %s | %s | %s |\n"
                      .formatted(
                          target.figure().label(),
                          target.wanted(),
                          Target.rounded(value),
                          target.verdict(value))));
    }
  }
}
