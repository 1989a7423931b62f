package io.batpak.benches;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a run found: per shape, in the order of the plan, what became of each subject.
///
/// @param machine where and when
/// @param plan what was asked for
/// @param shapes outcomes by subject name, by shape
record Results(Machine machine, Plan plan, Map<Shape, Map<String, Outcome>> shapes) {

  private static final String COLUMNS =
      "   events/s   × floor    p50 µs    p99 µs   p99.9 µs  read ns    B/ev  spread rounds";

  /// Median events per second divided by those of the floor in the same shape.
  Optional<Double> ratioToFloor(Shape shape, String subject) {
    String floor = Entrants.FLOOR.name();
    return eventsPerSecond(shape, subject)
        .flatMap(events -> eventsPerSecond(shape, floor).map(floorEvents -> events / floorEvents));
  }

  private Optional<Double> eventsPerSecond(Shape shape, String subject) {
    Map<String, Outcome> outcomes = shapes.getOrDefault(shape, Map.of());
    return outcomes.get(subject) instanceof Outcome.Measured measured
        ? Optional.of(measured.median().eventsPerSecond())
        : Optional.empty();
  }

  Map<String, Object> members() {
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("form", plan.form());
    run.put("payloadBytes", Subject.PAYLOAD_BYTES);
    run.put("warmUpMillis", plan.warmUp().toMillis());
    run.put("measuredMillis", plan.measured().toMillis());
    run.put("jvmFlags", Launcher.COMMON_FLAGS);
    run.put("machine", machine.members());
    List<Object> rows = new ArrayList<>();
    shapes.forEach((shape, outcomes) ->
        outcomes.forEach((subject, outcome) -> rows.add(row(shape, subject, outcome))));
    run.put("rows", rows);
    return run;
  }

  private Map<String, Object> row(Shape shape, String subject, Outcome outcome) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("shape", shape.label());
    row.put("subject", subject);
    switch (outcome) {
      case Outcome.Measured measured -> {
        row.put("median", measured.median().members());
        ratioToFloor(shape, subject).ifPresent(ratio -> row.put("ratioToFloor", ratio));
        row.put("rounds", measured.rounds().stream().map(Measure::members).toList());
      }
      case Outcome.NotRun notRun -> row.put("notRun", notRun.reason());
    }
    return row;
  }

  /// The table, a section per shape.
  String table() {
    StringBuilder out = new StringBuilder();
    out.append(machine.line()).append('\n');
    shapes.forEach((shape, outcomes) -> section(shape, outcomes, out));
    return out.toString();
  }

  private void section(Shape shape, Map<String, Outcome> outcomes, StringBuilder out) {
    out.append("\n%-16s ".formatted(shape.label())).append(COLUMNS).append('\n');
    outcomes.forEach((subject, outcome) -> out.append(line(shape, subject, outcome)));
  }

  private String line(Shape shape, String subject, Outcome outcome) {
    return switch (outcome) {
      case Outcome.NotRun notRun -> "%-16s not run: %s\n".formatted(subject, notRun.reason());
      case Outcome.Measured measured -> line(shape, subject, measured);
    };
  }

  private String line(Shape shape, String subject, Outcome.Measured measured) {
    Measure median = measured.median();
    String ratio =
        ratioToFloor(shape, subject)
            .map(value -> String.format(Locale.ROOT, "%.2f", value))
            .orElse("-");
    return String.format(
        Locale.ROOT,
        "%-16s %,11.0f %9s %9.2f %9.2f %10.2f %8.0f %7.0f %6.0f%% %6d\n",
        subject,
        median.eventsPerSecond(),
        ratio,
        median.p50Micros(),
        median.p99Micros(),
        median.p999Micros(),
        median.readNanos(),
        median.bytesPerEvent(),
        spreadPercent(measured.rounds()),
        measured.rounds().size());
  }

  /// How far the fastest and the slowest round are apart, in percent of the median.
  private static double spreadPercent(List<Measure> rounds) {
    double fastest = rounds.stream().mapToDouble(Measure::eventsPerSecond).max().orElse(0);
    double slowest = rounds.stream().mapToDouble(Measure::eventsPerSecond).min().orElse(0);
    return 100 * (fastest - slowest) / Measure.median(rounds).eventsPerSecond();
  }
}
