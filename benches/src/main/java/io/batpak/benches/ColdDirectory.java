package io.batpak.benches;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// What trials with cold entities start from: a directory that is filled once and copied for each
/// of them.
///
/// Owns the directory; closing removes it.
final class ColdDirectory implements AutoCloseable {

  private static final long FILL_SECONDS_MAX = 120;

  private final Path directory;
  private final Optional<String> failure;

  private ColdDirectory(Path directory, Optional<String> failure) {
    this.directory = directory;
    this.failure = failure;
  }

  /// {@return it, filled by a child of its own; or not, with the reason}
  ///
  /// @param main the class of the child
  /// @param entities how many entities to make, a power of two
  /// @param parent where to make it
  static ColdDirectory fill(Class<?> main, int entities, Path parent)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(parent, "batpak-bench-cold-");
    List<String> command = Launcher.java(main, directory.toString(), Integer.toString(entities));
    Child.End end = Child.run(command, parent, FILL_SECONDS_MAX);
    return new ColdDirectory(directory, end.failure());
  }

  /// {@return why there is nothing to copy; empty if there is}
  Optional<String> failure() {
    return failure;
  }

  /// Copies the files, and makes the copies durable, so that no trial begins while the system still
  /// writes them.
  ///
  /// @param target an empty directory
  void copyTo(Path target) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = target.resolve(directory.relativize(file));
        Files.createDirectories(Objects.requireNonNull(copy.getParent()));
        Files.copy(file, copy);
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    Launcher.remove(directory);
  }
}
