package io.batpak.benches;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that the harness runs a subject in child JVMs and reports what it found. Would catch a
/// child that cannot start, a row that is dropped, a directory left behind. Deterministic in what
/// it asserts: no time is compared with another.
class BenchTest {

  @TempDir Path directory;

  private Plan plan(List<Entrant> entrants, Shape... shapes) {
    return new Plan(
        "test",
        entrants,
        List.of(shapes),
        Attendance.EVERYBODY,
        2,
        Duration.ofMillis(20),
        Duration.ofMillis(100),
        Duration.ofMinutes(5),
        10_000_000,
        1 << 10,
        0,
        directory,
        directory.resolve("results/latest.json"));
  }

  private static Results run(Plan plan) throws Exception {
    return new Bench(
            plan, new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .run();
  }

  @Test
  void a_floor_gives_a_row_per_shape_in_table_and_json() throws Exception {
    Plan plan = plan(List.of(Entrants.FLOOR), Shape.VISIBLE_1, Shape.VISIBLE_64V, Shape.DURABLE_8);

    Results results = run(plan);

    String json = Files.readString(plan.results());
    assertThat(results.shapes())
        .containsOnlyKeys(Shape.VISIBLE_1, Shape.VISIBLE_64V, Shape.DURABLE_8);
    assertThat(results.table().lines().filter(line -> line.startsWith("raw-file")))
        .hasSize(3)
        .allMatch(line -> line.contains(" 1.00 "));
    assertThat(json)
        .contains(
            "\"machine\":{\"cores\":", "\"shape\":\"visible-64v\"", "\"ratioToFloor\":1.0000");
    Map<String, Double> numbers =
        Json.numbers(json.substring(json.indexOf("\"median\""), json.indexOf("\"surfaceEvents\"")));
    assertThat(numbers)
        .containsKeys("heapBytes", "cpuNanos", "callerCpuNanos")
        .allSatisfy((name, number) -> assertThat(number).as(name).isNotNegative());
    assertThat(List.of("eventsPerSecond", "p50Micros", "p99Micros", "p999Micros", "readNanos"))
        .allSatisfy(name -> assertThat(numbers.get(name)).as(name).isPositive());
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).containsExactly(directory.resolve("results"));
    }
  }

  @Test
  void a_subject_that_cannot_start_keeps_its_row_and_says_why() throws Exception {
    Entrant impossible =
        new Entrant("raw-file", 108, List.of("-XX:NoSuchFlag"), Entrants.FLOOR.opening());

    Results results = run(plan(List.of(impossible), Shape.VISIBLE_1));

    assertThat(results.table()).contains("raw-file", "not run: exit 1");
    assertThat(Json.text(results.members())).contains("\"notRun\":\"exit 1");
  }

  @Test
  void new_and_cold_entities_are_appended_to_and_judged() throws Exception {
    Plan plan = plan(List.of(Entrants.STORE), Shape.VISIBLE_1_NEW, Shape.BATCH_10_COLD).times(1);

    Results results = run(plan);

    assertThat(results.shapes().values())
        .allSatisfy(
            outcomes -> assertThat(outcomes.get("batpak")).isInstanceOf(Outcome.Measured.class));
    assertThat(results.table())
        .contains("visible-1-new, p50", "≤ 1.50 µs per event", "≤ 10.0 µs a batch");
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).containsExactly(directory.resolve("results"));
    }
  }

  @Test
  void a_fill_that_fails_is_the_reason_of_its_trials() throws Exception {
    Entrant unfilled =
        new Entrant("batpak", 300, List.of(), Optional.of(Json.class), Entrants.STORE.opening());

    Results results = run(plan(List.of(unfilled), Shape.VISIBLE_1_COLD));

    assertThat(results.table()).contains("not run: not filled: exit 1");
  }

  @Test
  void the_surfaces_of_a_killed_store_are_found_and_judged() throws Exception {
    Plan plan = plan(List.of(Entrants.FLOOR, Entrants.STORE), Shape.BATCH_100).withSurfaces(20_000);

    Results results = run(plan);

    assertThat(results.surfaces())
        .containsOnlyKeys(Surface.values())
        .allSatisfy((surface, value) -> assertThat(value).as(surface.label()).isPositive());
    assertThat(results.table())
        .contains("surfaces of 20,000 events", "batch-100", "heap after open", "≥ 1.50 × raw-file");
  }

  @Test
  void what_was_written_is_read_back_and_gives_a_page() throws Exception {
    Plan plan = plan(List.of(Entrants.FLOOR, Entrants.STORE), Shape.VISIBLE_1);
    Results results = run(plan);

    Results again = Results.of(JsonReader.object(Files.readString(plan.results())));

    Results third = Results.of(JsonReader.object(Json.text(again.members())));
    assertThat(third).isEqualTo(again);
    assertThat(again.machine().date()).isEqualTo(results.machine().date());
    assertThat(Page.markdown(again))
        .isEqualTo(Page.markdown(third))
        .contains("| `batpak` |", "× raw-file");
  }

  @Test
  void a_verdict_says_by_how_much_a_target_is_missed() {
    Target open = target(Surface.OPEN_KILLED);
    Target fold = target(Surface.FOLD);

    assertThat(List.of(open.verdict(0.6), open.verdict(1.2), open.verdict(0.1)))
        .containsExactly("reached", "missed, 2.00 times as much", "reached");
    assertThat(List.of(fold.verdict(8), fold.verdict(2), fold.verdict(9)))
        .containsExactly("reached", "missed by 75 %", "reached");
  }

  private static Target target(Surface surface) {
    return Target.ALL.stream()
        .filter(target -> target.figure().equals(new Figure.OfSurface(surface)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void the_median_is_taken_of_each_component_by_itself() {
    Measure low = measure(1, 9, 3);
    Measure middle = measure(2, 7, 5);
    Measure high = measure(30, 8, 4);

    Measure median = Measure.median(List.of(high, low, middle));

    assertThat(median).isEqualTo(measure(2, 8, 4));
    assertThat(Measure.parse(Trial.PREFIX + Json.text(median.members()))).isEqualTo(median);
  }

  @Test
  void virtual_callers_have_no_time_of_their_own() {
    Measure measure = new Measure(1, 1, 1, 1, 1, 200, 1_500, OptionalDouble.empty(), 1, 1);

    Measure median = Measure.median(List.of(measure, measure));

    assertThat(median.callerCpuNanos()).isEmpty();
    assertThat(median.members()).doesNotContainKey("callerCpuNanos");
    assertThat(Measure.parse(Json.text(median.members()))).isEqualTo(measure);
  }

  private static Measure measure(double eventsPerSecond, double p50Micros, double callerCpuNanos) {
    return new Measure(
        eventsPerSecond, p50Micros, 1, 1, 1, 1, 1, OptionalDouble.of(callerCpuNanos), 1, 1);
  }
}
