package io.batpak.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Frozen samples are written once, decode by the real codecs, and turn a change that would break
/// stored events into an error at the component, while harmless changes pass. Would catch a rule
/// that is looser or stricter than the generated code. No seed: the changes are listed.
class FrozenTest {

  private static final String BEFORE =
      """
      package p;
      import io.batpak.annotations.*;
      import java.math.*;
      import java.time.*;
      import java.util.*;
      @EventPayload(category = 1, type = 1)
      record Payload(
          byte aByte,
          int anInt,
          long aLong,
          float aFloat,
          double aDouble,
          String text,
          byte[] bytes,
          UUID id,
          Instant at,
          Duration duration,
          LocalDate date,
          BigInteger integer,
          Color color,
          List<Integer> list,
          Map<String, Long> map,
          Optional<Shape> shape,
          Part part) {}
      enum Color { RED, GREEN, BLUE }
      record Part(short inner) {}
      sealed interface Shape {}
      record Circle(double radius) implements Shape {}
      record Dot() implements Shape {}
      """;

  private static final Pattern FILE_NAME = Pattern.compile("good\\.(.*)\\.v(\\d+)\\.hex");

  @TempDir private Path directory;

  static List<Path> good() {
    return Golden.sources("good");
  }

  @Test
  void a_missing_sample_is_written_once_and_never_over() throws IOException {
    assertThat(errors(BEFORE)).containsPattern("no frozen sample of Payload at .*p\\.Payload\\.v1");

    assertThat(errors(BEFORE, "-Abatpak.freeze=true")).isEmpty();
    Path file = samples().resolve("p.Payload.v1.hex");
    String written = Files.readString(file);
    assertThat(written).startsWith("# Stored events of p.Payload, kind 1:001 version 1");
    String edited = written.replace("# Stored", "# Still stored");
    Files.writeString(file, edited);

    assertThat(errors(BEFORE, "-Abatpak.freeze=true")).isEmpty();
    assertThat(errors(BEFORE)).isEmpty();
    assertThat(file).hasContent(edited);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          byte aByte,      | short aByte,
          byte aByte,      | Long aByte,
          int anInt,       | long anInt,
          float aFloat,    | double aFloat,
          String text,     | Optional<String> text,
          byte aByte,      |
          String text,     | String text, Optional<Part> more,
          String text,     | String text, @Default("7") int more,
          UUID id,         | byte[] id,
          LocalDate date,  | String date,
          integer,         | integer, @Default("") List<Part> more,
          BigInteger int   | BigDecimal int
          Color color,     | String color,
          BLUE }           | BLUE, PINK }
          record Dot() implements Shape {} | record Dot() implements Shape {} record Box() implements Shape {}
          Part(short inner)| Part(int inner)
          Part(short inner)| Part(short inner, Optional<Part> deeper)
          """)
  void a_change_that_old_events_survive_passes(String was, String is) {
    assertThat(errors(BEFORE, "-Abatpak.freeze=true")).isEmpty();

    String after = BEFORE.replace(was, is == null ? "" : is);

    assertThat(after).isNotEqualTo(BEFORE);
    assertThat(errors(after)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          int anInt,       | short anInt,      | field anInt
          int anInt,       | char anInt,       | field anInt
          long aLong,      | int aLong,        | field aLong
          long aLong,      | String aLong,     | field aLong
          double aDouble,  | float aDouble,    | field aDouble
          String text,     | String words,     | field words: they have no such field
          String text,     | String text, int more, | field more: they have no such field
          String text,     | Color text,       | a constant of Color
          String text,     | LocalDate text,   | expected is a LocalDate
          String text,     | BigDecimal text,  | expected is a BigDecimal
          byte[] bytes,    | UUID bytes,       | expected is a UUID
          Instant at,      | long at,          | they hold a timestamp
          Duration duration, | Instant duration, | they hold an array
          RED, GREEN, BLUE | RED, BLUE         | the str "GREEN"
          List<Integer> list | Set<Integer> list | holds nothing twice
          List<Integer> list | List<Short> list | field list
          List<Integer> list | Optional<Integer> list | field list
          Map<String, Long> map | Map<String, Integer> map | field map
          Map<String, Long> map | List<Long> map | field map
          Optional<Shape> shape | Shape shape  | they hold nil
          Dot              | Point             | the alternative Dot
          Circle(double radius) | Circle(double diameter) | field shape.diameter
          Part(short inner)| Part(byte inner)  | field part.inner
          Part(short inner)| Part(short inside)| field part.inside
          """)
  void a_change_that_old_events_do_not_survive_is_an_error_at_the_component(
      String was, String is, String message) {
    assertThat(errors(BEFORE, "-Abatpak.freeze=true")).isEmpty();

    String after = BEFORE.replace(was, is);

    assertThat(after).isNotEqualTo(BEFORE);
    assertThat(errors(after))
        .contains(message)
        .contains("add a new version with an @Upcast method")
        .containsPattern("^(8|9|1[0-9]|2[0-4]): ");
  }

  @ParameterizedTest
  @MethodSource("good")
  void every_sample_decodes_by_the_generated_codec(Path source) throws Exception {
    var sources = Map.of(source.getFileName().toString(), Compilation.text(source));
    Path output = Files.createTempDirectory(directory, "out");

    var compilation =
        Compilation.of(sources, output, "-Abatpak.frozen=" + samples(), "-Abatpak.freeze=true");

    assertThat(compilation.succeeded()).isTrue();
    URL[] classPath = {output.toUri().toURL(), PayloadRuntime.CLASSES.toUri().toURL()};
    try (var loader = new URLClassLoader(classPath);
        Stream<Path> files = Files.list(samples())) {
      List<Path> frozen = files.toList();
      assertThat(frozen).isNotEmpty();
      for (Path file : frozen) {
        decode(file, loader);
      }
    }
  }

  private static void decode(Path file, ClassLoader loader) throws Exception {
    var name = FILE_NAME.matcher(file.getFileName().toString());
    assertThat(name.matches()).isTrue();
    int version = Integer.parseInt(name.group(2));
    String codecName = "good." + name.group(1).replace('.', '_') + "Codec";
    Object codec = loader.loadClass(codecName).getConstructor().newInstance();
    Class<?> reader = loader.loadClass("io.batpak.payload.MessageReader");
    var read = codec.getClass().getMethod("read", reader, int.class);
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSizeGreaterThan(1);
    for (String line : lines.subList(1, lines.size())) {
      byte[] sample = HexFormat.of().parseHex(line);
      Object in = reader.getConstructor(byte[].class).newInstance(sample);

      assertThat(read.invoke(codec, in, version)).isInstanceOf(Record.class);

      assertThat(reader.getMethod("exhausted").invoke(in)).isEqualTo(true);
    }
  }

  private Path samples() {
    return directory.resolve("samples");
  }

  private String errors(String source, String... more) {
    String[] options =
        Stream.concat(Stream.of("-proc:only", "-Abatpak.frozen=" + samples()), Stream.of(more))
            .toArray(String[]::new);
    try {
      Path output = Files.createTempDirectory(directory, "out");
      return Compilation.of(Map.of("Payload.java", source), output, options).diagnostics().stream()
          .filter(it -> it.getKind() == Diagnostic.Kind.ERROR)
          .map(it -> it.getLineNumber() + ": " + it.getMessage(Locale.ROOT))
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
