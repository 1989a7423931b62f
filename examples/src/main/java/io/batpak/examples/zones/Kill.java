package io.batpak.examples.zones;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/// Starts {@link Child} and kills it, without a warning, while it appends.
final class Kill {

  private Kill() {}

  /// Lets a child append to a directory and kills it.
  ///
  /// @param directory the store's directory
  /// @param total how many events the child would append
  /// @param random decides when
  /// @return how many events the child said were acknowledged
  static long midway(Path directory, long total, RandomGenerator random)
      throws IOException, InterruptedException {
    // what a pipe holds lets the child be some thousand events ahead of what is read here
    long enough = random.nextLong(total / 10, total * 3 / 4);
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path", ""),
                Child.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long acknowledged = 0;
    try (BufferedReader lines = child.inputReader(StandardCharsets.US_ASCII)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        // the last line may be cut: then it says less than was acknowledged
        acknowledged = Math.max(acknowledged, line.isEmpty() ? 0 : Long.parseLong(line));
        if (acknowledged >= enough && child.isAlive()) {
          // by its handle: Process.destroyForcibly would close the pipe, with what is still in it
          var _ = child.toHandle().destroyForcibly();
        }
      }
    } finally {
      var _ = child.destroyForcibly();
    }
    int status = child.waitFor();
    if (status == 0 || acknowledged < enough) {
      throw new IllegalStateException(
          "the child ended by itself, status " + status + ", after " + acknowledged + " events");
    }
    return acknowledged;
  }
}
