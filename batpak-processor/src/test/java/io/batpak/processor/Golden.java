package io.batpak.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The files that tests are driven by. `-Dgolden.update=true` writes what was found over what was
/// expected.
final class Golden {

  static final Path RESOURCES = Path.of("src/test/resources");

  private Golden() {}

  static List<Path> sources(String directory) {
    try (Stream<Path> paths = Files.list(RESOURCES.resolve(directory))) {
      return paths.filter(path -> path.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void check(String name, String actual) {
    Path file = RESOURCES.resolve("expected").resolve(name);
    if (Boolean.getBoolean("golden.update")) {
      try {
        Files.createDirectories(file.getParent());
        Files.writeString(file, actual);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    assertThat(file).as("written by -Dgolden.update=true").exists();
    assertThat(actual).isEqualTo(Compilation.text(file));
  }
}
