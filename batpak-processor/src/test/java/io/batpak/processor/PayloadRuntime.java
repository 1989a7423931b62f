package io.batpak.processor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/// The part of the core that generated code calls, compiled from its source: the core is built
/// after this module, with this module.
final class PayloadRuntime {

  /// Where its classes are.
  static final Path CLASSES = compile();

  private PayloadRuntime() {}

  private static Path compile() {
    var source = Path.of("../batpak-core/src/main/java/io/batpak");
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      var output = Files.createDirectories(Path.of("target/runtime-classes"));
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(output));
      var units =
          files.getJavaFileObjectsFromPaths(
              Stream.of("payload", "event", "failure")
                  .map(source::resolve)
                  .flatMap(PayloadRuntime::sources)
                  .toList());
      var task = compiler.getTask(null, files, null, List.of("-proc:none"), null, units);
      if (!task.call()) {
        throw new IllegalStateException("the runtime does not compile");
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> sources(Path directory) {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.filter(path -> path.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
