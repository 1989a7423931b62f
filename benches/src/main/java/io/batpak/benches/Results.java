package io.batpak.benches;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a run found: per shape, in the order of the plan, what became of each subject; and the
/// surfaces.
///
/// @param machine where and when
/// @param form short or full
/// @param warmUpMillis of each trial
/// @param measuredMillis of each trial
/// @param shapes outcomes by subject name, by shape
/// @param surfaceEvents how many events the store of the surfaces held; 0 if there was none
/// @param surfaces values by surface
record Results(
    Machine machine,
    String form,
    long warmUpMillis,
    long measuredMillis,
    Map<Shape, Map<String, Outcome>> shapes,
    long surfaceEvents,
    Map<Surface, Double> surfaces) {

  private static final String COLUMNS =
      "   events/s   × floor    p50 µs    p99 µs   p99.9 µs  heap B   CPU ns  caller ns  read ns"
          + "    B/ev  spread rounds";

  /// Median events per second divided by those of the floor in the same shape.
  Optional<Double> ratioToFloor(Shape shape, String subject) {
    return measure(shape, subject)
        .flatMap(own ->
            measure(shape, Entrants.FLOOR.name())
                .map(floor -> own.eventsPerSecond() / floor.eventsPerSecond()));
  }

  /// The median of a subject in a shape, if it ran.
  Optional<Measure> measure(Shape shape, String subject) {
    Map<String, Outcome> outcomes = shapes.getOrDefault(shape, Map.of());
    return outcomes.get(subject) instanceof Outcome.Measured measured
        ? Optional.of(measured.median())
        : Optional.empty();
  }

  Map<String, Object> members() {
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("form", form);
    run.put("payloadBytes", Subject.PAYLOAD_BYTES);
    run.put("warmUpMillis", warmUpMillis);
    run.put("measuredMillis", measuredMillis);
    run.put("jvmFlags", Launcher.COMMON_FLAGS);
    run.put("machine", machine.members());
    List<Object> rows = new ArrayList<>();
    shapes.forEach((shape, outcomes) ->
        outcomes.forEach((subject, outcome) -> rows.add(row(shape, subject, outcome))));
    run.put("rows", rows);
    run.put("surfaceEvents", surfaceEvents);
    Map<String, Object> values = new LinkedHashMap<>();
    surfaces.forEach((surface, value) -> values.put(surface.name(), value));
    run.put("surfaces", values);
    run.put("targets", targets());
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

  private List<Object> targets() {
    List<Object> targets = new ArrayList<>();
    for (Target target : Target.ALL) {
      target
          .figure()
          .in(this)
          .ifPresent(value -> {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("surface", target.figure().label());
            members.put("target", target.wanted());
            members.put("measured", value);
            members.put("verdict", target.verdict(value));
            targets.add(members);
          });
    }
    return targets;
  }

  /// {@return the results that were written}
  ///
  /// @param members as {@link #members} gave them
  static Results of(Map<String, Object> members) {
    Map<Shape, Map<String, Outcome>> shapes = new LinkedHashMap<>();
    for (Object row : (List<?>) member(members, "rows")) {
      Map<?, ?> cells = (Map<?, ?>) row;
      shapes
          .computeIfAbsent(Shape.of(text(cells, "shape")), shape -> new LinkedHashMap<>())
          .put(text(cells, "subject"), outcome(cells));
    }
    Map<Surface, Double> surfaces = new EnumMap<>(Surface.class);
    ((Map<?, ?>) member(members, "surfaces"))
        .forEach(
            (name, value) -> surfaces.put(Surface.valueOf(String.valueOf(name)), (Double) value));
    return new Results(
        Machine.of((Map<?, ?>) member(members, "machine")),
        text(members, "form"),
        number(members, "warmUpMillis"),
        number(members, "measuredMillis"),
        shapes,
        number(members, "surfaceEvents"),
        surfaces);
  }

  private static Outcome outcome(Map<?, ?> cells) {
    if (cells.containsKey("notRun")) {
      return new Outcome.NotRun(text(cells, "notRun"));
    }
    List<Measure> rounds = new ArrayList<>();
    for (Object round : (List<?>) member(cells, "rounds")) {
      rounds.add(Measure.parse(Json.text(round)));
    }
    return new Outcome.Measured(rounds);
  }

  static Object member(Map<?, ?> members, String name) {
    Object value = members.get(name);
    if (value == null) {
      throw new IllegalArgumentException("results without " + name);
    }
    return value;
  }

  static String text(Map<?, ?> members, String name) {
    return String.valueOf(member(members, name));
  }

  static long number(Map<?, ?> members, String name) {
    return ((Double) member(members, name)).longValue();
  }

  /// The table, a section per shape, then the surfaces, then the targets.
  String table() {
    StringBuilder out = new StringBuilder();
    out.append(machine.line()).append('\n');
    shapes.forEach((shape, outcomes) -> section(shape, outcomes, out));
    if (!surfaces.isEmpty()) {
      out.append("\nsurfaces of %,d events\n".formatted(surfaceEvents));
      surfaces.forEach((surface, value) ->
          out.append(
              "%-42s %10s %s\n".formatted(surface.label(), Target.rounded(value), surface.unit())));
    }
    targetSection(out);
    return out.toString();
  }

  private void targetSection(StringBuilder out) {
    String line = "%-42s %-38s %10s  %s\n";
    out.append('\n').append(line.formatted("targets", "wanted", "measured", "verdict"));
    for (Target target : Target.ALL) {
      target
          .figure()
          .in(this)
          .ifPresent(value ->
              out.append(
                  line.formatted(
                      target.figure().label(),
                      target.wanted(),
                      Target.rounded(value),
                      target.verdict(value))));
    }
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
        "%-16s %,11.0f %9s %9.2f %9.2f %10.2f %7.0f %8.0f %10s %8.0f %7.0f %6.0f%% %6d\n",
        subject,
        median.eventsPerSecond(),
        ratio,
        median.p50Micros(),
        median.p99Micros(),
        median.p999Micros(),
        median.heapBytes(),
        median.cpuNanos(),
        Page.callerCpu(median),
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
