package io.batpak.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that the jars work as modules: a named module compiles against them with the processor
/// on, and runs on the module path with its codecs found through `provides`. Would catch a
/// descriptor that forgets an export, a `uses` or a transitive requirement. Deterministic.
class ModulesTest {

  private static final List<String> LIBRARIES =
      List.of("batpak-core", "batpak-annotations", "jspecify", "jctools-core");

  private static final String DESCRIPTOR =
      """
      module greeting {
        requires io.batpak;
        provides io.batpak.payload.PayloadCodec with greeting.HelloCodec;
      }
      """;

  private static final String HELLO =
      """
      package greeting;

      @io.batpak.annotations.EventPayload(category = 0x1, type = 0x001)
      public record Hello(String name) {}
      """;

  private static final String MAIN =
      """
      package greeting;

      import io.batpak.*;
      import io.batpak.event.Coordinate;
      import java.nio.file.Path;

      public final class Main {
        public static void main(String[] arguments) {
          try (Store store = Store.open(Path.of(arguments[0]))) {
            Receipt receipt = store.append(Coordinate.of("greeter", "test"), new Hello("modules"));
            for (Hello hello : store.entity("greeter").payloads(Hello.class)) {
              System.out.println(receipt.sequence() + " " + hello.name() + " "
                  + Main.class.getModule().isNamed() + " " + Store.class.getModule().getName());
            }
          }
        }
      }
      """;

  @TempDir private Path directory;

  @Test
  void a_named_module_compiles_with_the_processor_and_runs_on_the_module_path() throws Exception {
    String libraries = entries(LIBRARIES);
    Path classes = compile(libraries);

    String output = run(libraries + File.pathSeparator + classes);

    assertThat(output.strip()).isEqualTo("0 modules true io.batpak");
  }

  private Path compile(String libraries) throws IOException {
    Path sources = Files.createDirectories(directory.resolve("sources/greeting"));
    Path descriptor = directory.resolve("sources/module-info.java");
    Files.writeString(descriptor, DESCRIPTOR);
    Files.writeString(sources.resolve("Hello.java"), HELLO);
    Files.writeString(sources.resolve("Main.java"), MAIN);
    Path classes = Files.createDirectories(directory.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int status =
        compiler.run(
            null,
            null,
            null,
            "-Xlint:all,-processing,-classfile,-path,-requires-automatic",
            "--module-path",
            libraries,
            "--processor-path",
            entries(List.of("batpak-processor", "batpak-annotations")),
            "-d",
            classes.toString(),
            descriptor.toString(),
            sources.resolve("Hello.java").toString(),
            sources.resolve("Main.java").toString());
    assertThat(status).isZero();
    return classes;
  }

  private String run(String modules) throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(
                java.toString(),
                "-p",
                modules,
                "-m",
                "greeting/greeting.Main",
                directory.resolve("store").toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  /// What the test's own class path has of the named libraries: jars, or directories of classes.
  private static String entries(List<String> names) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> names.stream().anyMatch(name -> entry.contains(name)))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
