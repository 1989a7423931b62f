package io.batpak.benches;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
        2,
        Duration.ofMillis(20),
        Duration.ofMillis(30),
        Duration.ofMinutes(5),
        10_000_000,
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
    Plan plan =
        plan(List.of(Entrants.ALL.getFirst()), Shape.VISIBLE_1, Shape.VISIBLE_64V, Shape.DURABLE_8);

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
    assertThat(Json.numbers(json.substring(json.indexOf("\"median\""))))
        .containsKeys("eventsPerSecond", "p50Micros", "p99Micros", "p999Micros", "readNanos")
        .allSatisfy((name, number) -> assertThat(number).as(name).isPositive());
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).containsExactly(directory.resolve("results"));
    }
  }

  @Test
  void a_subject_that_cannot_start_keeps_its_row_and_says_why() throws Exception {
    Entrant impossible =
        new Entrant("raw-file", 108, List.of("-XX:NoSuchFlag"), Entrants.ALL.getFirst().opening());

    Results results = run(plan(List.of(impossible), Shape.VISIBLE_1));

    assertThat(results.table()).contains("raw-file", "not run: exit 1");
    assertThat(Json.text(results.members())).contains("\"notRun\":\"exit 1");
  }

  @Test
  void the_median_is_taken_of_each_component_by_itself() {
    Measure low = new Measure(1, 9, 1, 1, 1, 1, 1);
    Measure middle = new Measure(2, 7, 1, 1, 1, 1, 1);
    Measure high = new Measure(30, 8, 1, 1, 1, 1, 1);

    Measure median = Measure.median(List.of(high, low, middle));

    assertThat(median).isEqualTo(new Measure(2, 8, 1, 1, 1, 1, 1));
    assertThat(Measure.parse(Trial.PREFIX + Json.text(median.members()))).isEqualTo(median);
  }
}
