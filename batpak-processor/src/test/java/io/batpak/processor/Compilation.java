package io.batpak.processor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/// One run of the compiler with the processor, in this process.
///
/// @param succeeded whether there were classes to write
/// @param diagnostics what the compiler said
/// @param output where classes and generated sources went
record Compilation(
    boolean succeeded, List<Diagnostic<? extends JavaFileObject>> diagnostics, Path output) {

  /// Compiles sources with the processor, every warning on.
  ///
  /// @param sources the texts, by file name
  /// @param output an empty directory
  /// @param options more options of the compiler
  static Compilation of(Map<String, String> sources, Path output, String... options) {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    try (var files =
        compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(output));
      files.setLocationFromPaths(StandardLocation.SOURCE_OUTPUT, List.of(output));
      var classPath = new ArrayList<Path>(List.of(PayloadRuntime.CLASSES));
      files.getLocationAsPaths(StandardLocation.CLASS_PATH).forEach(classPath::add);
      files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
      var arguments = new ArrayList<>(List.of("-Xlint:all,-processing,-path,-classfile"));
      arguments.addAll(List.of(options));
      var units =
          sources.entrySet().stream().map(it -> new Text(it.getKey(), it.getValue())).toList();
      var task = compiler.getTask(null, files, diagnostics, arguments, null, units);
      task.setProcessors(List.of(new PayloadProcessor()));
      boolean succeeded = task.call();
      return new Compilation(succeeded, diagnostics.getDiagnostics(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// {@return the text of everything the processor wrote, by path}
  Map<String, String> generated() {
    try (Stream<Path> paths = Files.walk(output)) {
      return paths
          .filter(path -> Files.isRegularFile(path) && !path.toString().endsWith(".class"))
          .collect(Collectors.toMap(path -> output.relativize(path).toString(), Compilation::text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(String name, String text) {
      super(URI.create("string:///" + name), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public boolean isNameCompatible(String simpleName, Kind kind) {
      return kind == Kind.SOURCE && !simpleName.endsWith("-info");
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
