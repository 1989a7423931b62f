package io.batpak.benches;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The load harness: every subject in every shape, interleaved, in rounds; prints a table and
/// writes the same as JSON.
///
/// `Bench [--full] [--only SUBJECT,…] [--shape SHAPE,…] [--rounds N] [--surfaces EVENTS] [--dir
/// DIRECTORY] [--out FILE]`, or `Bench --table FILE`, which prints what was written as Markdown.
public final class Bench {

  private static final Path RESULTS = Path.of("results", "latest.json");

  private final Plan plan;
  private final PrintStream progress;
  private final Map<Shape, Map<String, List<Launcher.Result>>> trials = new LinkedHashMap<>();

  Bench(Plan plan, PrintStream progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /// Runs it.
  ///
  /// @param arguments as above
  /// @throws Exception if the trials cannot be started or the results not be written
  public static void main(String[] arguments) throws Exception {
    Map<String, String> options = options(List.of(arguments));
    String written = options.get("--table");
    if (written != null) {
      String text = Files.readString(Path.of(written));
      System.out.print(Page.markdown(Results.of(JsonReader.object(text))));
      return;
    }
    Plan plan = plan(options);
    Results results = new Bench(plan, System.err).run();
    System.out.print(results.table());
    System.out.println("written to " + plan.results());
  }

  private static Plan plan(Map<String, String> options) throws IOException {
    Path directory =
        Path.of(options.getOrDefault("--dir", System.getProperty("java.io.tmpdir", ".")));
    Path results = Path.of(options.getOrDefault("--out", benches().resolve(RESULTS).toString()));
    Files.createDirectories(directory);
    Plan plan =
        options.containsKey("--full")
            ? Plan.fullForm(directory, results)
            : Plan.shortForm(directory, results);
    String names = options.get("--only");
    if (names != null) {
      plan = plan.only(List.of(names.split(",", -1)).stream().map(Entrants::named).toList());
    }
    String labels = options.get("--shape");
    if (labels != null) {
      plan = plan.in(List.of(labels.split(",", -1)).stream().map(Shape::of).toList());
    }
    String events = options.get("--surfaces");
    if (events != null) {
      plan = plan.withSurfaces(Long.parseLong(events));
    } else if (names != null || labels != null) {
      plan = plan.withSurfaces(0);
    }
    String rounds = options.get("--rounds");
    if (rounds != null) {
      plan = plan.times(Integer.parseInt(rounds));
    }
    return plan;
  }

  /// Works from the root of the repository as well as from the module.
  private static Path benches() {
    Path module = Path.of("benches");
    return Files.isDirectory(module) ? module : Path.of("");
  }

  private static Map<String, String> options(List<String> arguments) {
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      String option = arguments.get(i);
      switch (option) {
        case "--full" -> options.put(option, "");
        case "--only", "--shape", "--rounds", "--surfaces", "--dir", "--out", "--table" -> {
          i++;
          if (i == arguments.size()) {
            throw new IllegalArgumentException(option + " needs a value");
          }
          options.put(option, arguments.get(i));
        }
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
    return options;
  }

  /// {@return what was found, after it was written to the file of the plan}
  Results run() throws IOException, InterruptedException {
    Machine machine = Machine.here();
    Timetable timetable = new Timetable(plan.limit(), plan.trial(), System::nanoTime);
    Map<Surface, Double> surfaces = surfaces();
    try (Launcher launcher = new Launcher(plan)) {
      launcher.prepare();
      for (int round = 1; round <= plan.rounds(); round++) {
        if (round > 1 && !timetable.fits(plan.trials(round))) {
          progress.println("no time for round " + round);
          break;
        }
        progress.println("round " + round + " of " + plan.rounds());
        runRound(round, launcher, timetable);
      }
    }
    return written(machine, surfaces);
  }

  /// A trial that no later round repeats gives way if there is no time for it and for all that the
  /// next round repeats.
  private void runRound(int round, Launcher launcher, Timetable timetable)
      throws IOException, InterruptedException {
    List<Pairing> planned = plan.trials(round);
    List<Pairing> next = plan.trials(round + 1);
    for (int i = 0; i < planned.size(); i++) {
      Pairing pairing = planned.get(i);
      if (!next.contains(pairing)) {
        List<Pairing> needed = new ArrayList<>(planned.subList(i + 1, planned.size()));
        needed.retainAll(next);
        needed.addAll(next);
        needed.add(pairing);
        if (!timetable.fits(needed)) {
          progress.println("  " + pairing.label() + " no time");
          continue;
        }
      }
      long fromNanos = timetable.now();
      Launcher.Result result = launcher.launch(pairing.entrant(), pairing.shape());
      timetable.record(pairing, fromNanos);
      trials
          .computeIfAbsent(pairing.shape(), key -> new LinkedHashMap<>())
          .computeIfAbsent(pairing.entrant().name(), key -> new ArrayList<>())
          .add(result);
      progress.println("  " + pairing.label() + " " + brief(result));
    }
  }

  private Results written(Machine machine, Map<Surface, Double> surfaces) throws IOException {
    Results results =
        new Results(
            machine,
            plan.form(),
            plan.warmUp().toMillis(),
            plan.measured().toMillis(),
            outcomes(),
            plan.surfaceEvents(),
            surfaces);
    Path parent = plan.results().toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.writeString(plan.results(), Json.text(results.members()) + "\n");
    return results;
  }

  private Map<Surface, Double> surfaces() throws IOException, InterruptedException {
    if (plan.surfaceEvents() == 0) {
      return Map.of();
    }
    progress.printf("surfaces of %,d events%n", plan.surfaceEvents());
    Map<Surface, Double> found =
        new Surfaces(plan.directory(), plan.surfaceEvents(), plan.warmUp()).measure();
    found.forEach((surface, value) ->
        progress.printf("  %-42s %s %s%n", surface.label(), Target.rounded(value), surface.unit()));
    return found;
  }

  private static String brief(Launcher.Result result) {
    return switch (result) {
      case Launcher.Result.Ran ran ->
          String.format(Locale.ROOT, "%,.0f/s", ran.measure().eventsPerSecond());
      case Launcher.Result.Failed failed -> "not run: " + failed.reason();
    };
  }

  private Map<Shape, Map<String, Outcome>> outcomes() {
    Map<Shape, Map<String, Outcome>> outcomes = new LinkedHashMap<>();
    trials.forEach((shape, subjects) -> {
      Map<String, Outcome> row = new LinkedHashMap<>();
      subjects.forEach((subject, results) -> row.put(subject, outcome(results)));
      outcomes.put(shape, row);
    });
    return outcomes;
  }

  /// One failed round makes the row a failure: a median of the lucky rounds would hide it.
  private static Outcome outcome(List<Launcher.Result> results) {
    List<Measure> measures = new ArrayList<>();
    for (Launcher.Result result : results) {
      switch (result) {
        case Launcher.Result.Ran ran -> measures.add(ran.measure());
        case Launcher.Result.Failed failed -> {
          return new Outcome.NotRun(failed.reason());
        }
      }
    }
    return new Outcome.Measured(measures);
  }
}
