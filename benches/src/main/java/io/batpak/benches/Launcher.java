package io.batpak.benches;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Starts one trial in a child JVM and brings back its measure or the reason why there is none.
///
/// All children get the same heap and collector; only the flags of the entrant differ. Owns the
/// directories that trials with cold entities start from; closing removes them.
final class Launcher implements AutoCloseable {

  /// Heap and collector of every child. The young generation is small and touched before the start:
  /// otherwise a short trial measures the first use of its memory. The old one grows only for those
  /// who fill it.
  static final List<String> COMMON_FLAGS =
      List.of("-Xms512m", "-Xmx1g", "-Xmn128m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC");

  private static final long GRACE_SECONDS = 60;

  private final Plan plan;
  private final Map<String, ColdDirectory> coldDirectories = new HashMap<>();

  Launcher(Plan plan) {
    this.plan = plan;
  }

  /// What one trial came to.
  sealed interface Result {

    /// A measure.
    record Ran(Measure measure) implements Result {}

    /// A reason.
    record Failed(String reason) implements Result {}
  }

  /// Fills what the shapes of the plan need, once for all their trials.
  void prepare() throws IOException, InterruptedException {
    if (plan.shapes().stream().noneMatch(Shape::cold)) {
      return;
    }
    for (Entrant entrant : plan.entrants()) {
      Optional<Class<?>> main = entrant.coldFill();
      if (main.isPresent()) {
        coldDirectories.put(
            entrant.name(), ColdDirectory.fill(main.get(), plan.coldEntities(), plan.directory()));
      }
    }
  }

  Result launch(Entrant entrant, Shape shape) throws IOException, InterruptedException {
    ColdDirectory cold = shape.cold() ? coldDirectories.get(entrant.name()) : null;
    if (cold != null && cold.failure().isPresent()) {
      return new Result.Failed("not filled: " + cold.failure().get());
    }
    Path directory = Files.createTempDirectory(plan.directory(), "batpak-bench-");
    try {
      if (cold != null) {
        cold.copyTo(directory);
      }
      long seconds = plan.warmUp().plus(plan.measured()).toSeconds() + GRACE_SECONDS;
      return read(Child.run(command(entrant, shape, directory), plan.directory(), seconds));
    } finally {
      remove(directory);
    }
  }

  /// {@return the command of a child without flags of its own}
  ///
  /// @param main its class
  /// @param arguments what it is given
  static List<String> java(Class<?> main, String... arguments) {
    return java(List.of(), main, List.of(arguments));
  }

  private static List<String> java(List<String> flags, Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(COMMON_FLAGS);
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path", "target/classes" + File.pathSeparator));
    command.add(main.getName());
    command.addAll(arguments);
    return command;
  }

  private List<String> command(Entrant entrant, Shape shape, Path directory) {
    return java(
        entrant.flags(),
        Trial.class,
        List.of(
            entrant.name(),
            shape.label(),
            Long.toString(plan.warmUp().toMillis()),
            Long.toString(plan.measured().toMillis()),
            Long.toString(plan.bytesMax()),
            directory.toString()));
  }

  private static Result read(Child.End end) {
    if (end.failure().isPresent()) {
      return new Result.Failed(end.failure().get());
    }
    return end.output()
        .lines()
        .filter(line -> line.startsWith(Trial.PREFIX))
        .findFirst()
        .<Result>map(line -> new Result.Ran(Measure.parse(line)))
        .orElseGet(() -> new Result.Failed(Child.reason(end.output(), 0)));
  }

  @Override
  public void close() throws IOException {
    for (ColdDirectory cold : coldDirectories.values()) {
      cold.close();
    }
  }

  static void remove(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(Launcher::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
