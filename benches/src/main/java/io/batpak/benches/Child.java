package io.batpak.benches;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A child JVM that runs to its end within a time.
final class Child {

  private static final int REASON_CHARACTERS_MAX = 240;

  private Child() {}

  /// How it ended.
  ///
  /// @param output all that it printed
  /// @param failure one line; empty if it ended by itself with 0
  record End(String output, Optional<String> failure) {}

  /// {@return how it ended}
  ///
  /// @param command with all arguments
  /// @param directory where its output is kept meanwhile
  /// @param secondsMax after which it is killed
  static End run(List<String> command, Path directory, long secondsMax)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(directory, "batpak-bench-", ".log");
    try {
      Process child =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = child.waitFor(secondsMax, TimeUnit.SECONDS);
      if (!ended) {
        child.destroyForcibly().waitFor();
      }
      String text = Files.readString(output, StandardCharsets.UTF_8);
      return new End(text, failure(ended, child.exitValue(), text, secondsMax));
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static Optional<String> failure(
      boolean ended, int exitValue, String output, long secondsMax) {
    if (!ended) {
      return Optional.of("no result after " + secondsMax + " s");
    }
    return exitValue == 0 ? Optional.empty() : Optional.of(reason(output, exitValue));
  }

  /// {@return the deepest cause, or the first line that names an exception, or the last line}
  ///
  /// @param output of the child
  /// @param exitValue of the child
  static String reason(String output, int exitValue) {
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
}
