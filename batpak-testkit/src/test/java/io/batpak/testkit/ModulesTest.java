package io.batpak.testkit;

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
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that the kit works as a module: a named module compiles against it and runs a scenario,
/// and cannot see what is behind it. Would catch a descriptor that forgets the core's door for the
/// kit, or opens it for everybody. Deterministic.
class ModulesTest {

  /// As they stand in the test's own class path: jars, or directories of classes.
  private static final List<String> LIBRARIES =
      List.of("batpak-testkit", "batpak-core", "batpak-annotations", "jctools-core", "jspecify");

  private static final String DESCRIPTOR =
      """
      module scenes {
        requires io.batpak.testkit;
        provides io.batpak.payload.PayloadCodec with scenes.HelloCodec;
      }
      """;

  private static final String HELLO =
      """
      package scenes;

      @io.batpak.annotations.EventPayload(category = 0x1, type = 0x001)
      public record Hello(String name) {}
      """;

  private static final String MAIN =
      """
      package scenes;

      import io.batpak.event.Coordinate;
      import io.batpak.testkit.*;

      public final class Main {
        public static void main(String[] arguments) {
          var place = Coordinate.of("greeter", "test");
          Scenario.given(place, new Hello("a"))
              .when(store -> store.append(place, new Hello("b")).sequence())
              .thenReturned(1L)
              .thenSurvivesEveryCrash(store -> { if (store.end() == 0) throw new AssertionError(); });
          System.out.println(Scenario.class.getModule().getName());
        }
      }
      """;

  private static final String INTRUDER =
      """
      package scenes;

      final class Intruder {
        io.batpak.testkit.simulated.SimulatedDisk disk;
        io.batpak.engine.platform.Disk platform;
      }
      """;

  @TempDir private Path directory;

  @Test
  void a_named_module_plays_a_scenario() throws Exception {
    String errors = compile();
    assertThat(errors).isEmpty();

    assertThat(run().strip()).isEqualTo("io.batpak.testkit");
  }

  @Test
  void a_named_module_does_not_see_what_is_behind_the_kit() throws Exception {
    String errors = compile(INTRUDER);

    assertThat(errors)
        .contains("package io.batpak.testkit.simulated is not visible")
        .contains("package io.batpak.engine.platform is not visible");
  }

  private String compile(String... further) throws IOException {
    Path sources = Files.createDirectories(directory.resolve("sources/scenes"));
    Path descriptor = Files.writeString(directory.resolve("sources/module-info.java"), DESCRIPTOR);
    Path hello = Files.writeString(sources.resolve("Hello.java"), HELLO);
    Path main = Files.writeString(sources.resolve("Main.java"), MAIN);
    Stream<Path> files = Stream.of(descriptor, hello, main);
    for (String one : further) {
      files =
          Stream.concat(files, Stream.of(Files.writeString(sources.resolve("Intruder.java"), one)));
    }
    var errors = new java.io.ByteArrayOutputStream();
    Stream<String> options =
        Stream.of(
            "--module-path",
            entries(LIBRARIES),
            "--processor-path",
            entries(List.of("batpak-processor", "batpak-annotations")),
            "-d",
            directory.resolve("classes").toString());
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                errors,
                Stream.concat(options, files.map(Path::toString)).toArray(String[]::new));
    return status == 0 ? "" : errors.toString(StandardCharsets.UTF_8);
  }

  private String run() throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-p",
                entries(LIBRARIES) + File.pathSeparator + directory.resolve("classes"),
                "-m",
                "scenes/scenes.Main")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  private static String entries(List<String> names) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains("test-classes") && !entry.endsWith("-tests.jar"))
        .filter(entry -> names.stream().anyMatch(entry::contains))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
