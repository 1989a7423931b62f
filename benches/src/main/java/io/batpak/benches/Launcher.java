package io.batpak.benches;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Starts one trial in a child JVM and brings back its measure or the reason why there is none.
///
/// All children get the same heap and collector; only the flags of the entrant differ.
final class Launcher {

  /// Heap and collector of every child. The young generation is small and touched before the start:
  /// otherwise a short trial measures the first use of its memory.
  static final List<String> COMMON_FLAGS =
      List.of("-Xms512m", "-Xmx512m", "-Xmn128m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC");

  private static final long GRACE_SECONDS = 60;
  private static final int REASON_CHARACTERS_MAX = 240;

  private final Plan plan;

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

  Result launch(Entrant entrant, Shape shape) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(plan.directory(), "batpak-bench-");
    Path output = Files.createTempFile(plan.directory(), "batpak-bench-", ".log");
    try {
      Process child =
          new ProcessBuilder(command(entrant, shape, directory))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      long seconds = plan.warmUp().plus(plan.measured()).toSeconds() + GRACE_SECONDS;
      boolean ended = child.waitFor(seconds, TimeUnit.SECONDS);
      if (!ended) {
        child.destroyForcibly().waitFor();
        return new Result.Failed("no result after " + seconds + " s");
      }
      return read(Files.readString(output, StandardCharsets.UTF_8), child.exitValue());
    } finally {
      remove(directory);
      Files.deleteIfExists(output);
    }
  }

  /// {@return the command of a child without flags of its own}
  ///
  /// @param main its class
  /// @param arguments what it is told
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

  private static Result read(String output, int exitValue) {
    return output
        .lines()
        .filter(line -> line.startsWith(Trial.PREFIX))
        .findFirst()
        .<Result>map(line -> new Result.Ran(Measure.parse(line)))
        .orElseGet(() -> new Result.Failed(reason(output, exitValue)));
  }

  /// The deepest cause, or the first line that names an exception, or the last line.
  private static String reason(String output, int exitValue) {
    List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
    String last = lines.isEmpty() ? "no output" : lines.getLast();
    String thrown =
        lines.stream()
            .filter(line -> line.startsWith("Exception in thread") || line.startsWith("Caused by"))
            .reduce((first, second) -> second)
            .orElse(last);
    String reason = "exit " + exitValue + ": " + thrown.strip();
    return reason.substring(0, Math.min(reason.length(), REASON_CHARACTERS_MAX));
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
