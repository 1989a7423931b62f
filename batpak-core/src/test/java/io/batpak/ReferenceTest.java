package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.engine.segment.SegmentLayout;
import io.batpak.event.EventLimits;
import io.batpak.event.Hlc;
import io.batpak.failure.StoreException;
import io.batpak.payload.MessageReader;
import io.batpak.processor.check.Problem;
import io.batpak.processor.model.TypeModel.RecordModel;
import io.batpak.query.Query;
import io.batpak.testing.SourceTree;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// Proves that the tables of REFERENCE.md name every limit with its value, every failure with its
/// fields, every refusal, level and policy. Would catch a table that has fallen behind the code.
/// Deterministic; a table without a row is a broken subject in which each must be missed.
class ReferenceTest {

  /// Where limits are declared.
  private static final List<Class<?>> LIMITS =
      List.of(
          EventLimits.class,
          Query.class,
          StoreConfig.class,
          SegmentLayout.class,
          Hlc.class,
          MessageReader.class,
          RecordModel.class);

  @Test
  void every_limit_has_a_row_with_its_value() throws IOException {
    assertThat(limits()).hasSizeGreaterThanOrEqualTo(16);
    assertThat(missing(limits(), reference())).isEmpty();
  }

  @Test
  void every_failure_has_a_row_with_its_fields() throws IOException {
    assertThat(failures()).hasSizeGreaterThanOrEqualTo(15);
    assertThat(missing(failures(), reference())).isEmpty();
  }

  @Test
  void every_refusal_level_and_policy_is_named() throws IOException {
    List<String> rows = reference().stream().filter(row -> row.startsWith("| `")).toList();

    assertThat(words()).allMatch(word -> rows.stream().anyMatch(row -> row.contains(word)));
  }

  @Test
  void finds_a_limit_with_another_value_and_a_failure_without_its_fields() {
    List<String> table =
        List.of("| `EventLimits.NAME_BYTES_MAX` | 1 025 | bytes |", "| `Locked` | `directory` |");

    assertThat(missing(limits(), table)).containsAll(limits());
    assertThat(missing(failures(), table)).containsAll(failures());
  }

  /// The beginning of a row for each limit: `class.NAME`, value.
  private static List<String> limits() {
    var rows = new ArrayList<String>();
    for (Class<?> type : LIMITS) {
      for (Field field : type.getDeclaredFields()) {
        if (field.getName().matches(".*_(MAX|MIN|DEFAULT)")
            && Modifier.isPublic(field.getModifiers())) {
          rows.add(
              "| `%s.%s` | %s |"
                  .formatted(type.getSimpleName(), field.getName(), spaced(value(field))));
        }
      }
    }
    return rows;
  }

  private static long value(Field constant) {
    try {
      return constant.getLong(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static String spaced(long value) {
    return String.format(Locale.ROOT, "%,d", value).replace(',', ' ');
  }

  /// The beginning of a row for each failure: name, fields.
  private static List<String> failures() {
    return Arrays.stream(StoreException.class.getPermittedSubclasses())
        .map(type -> "| `" + type.getSimpleName() + "` | " + String.join(", ", fields(type)) + " |")
        .toList();
  }

  /// In the order of the constructor, which is that of the declared fields.
  private static List<String> fields(Class<?> failure) {
    List<String> accessors =
        Arrays.stream(failure.getDeclaredMethods()).map(Method::getName).toList();
    return Arrays.stream(failure.getDeclaredFields())
        .map(Field::getName)
        .filter(accessors::contains)
        .map(name -> "`" + name + "`")
        .toList();
  }

  private static List<String> words() {
    var words = new ArrayList<String>();
    for (Problem problem : Problem.values()) {
      words.add("`" + problem.name() + "`");
    }
    for (AckLevel level : AckLevel.values()) {
      words.add("`AckLevel." + level.name() + "`");
    }
    for (Class<?> policy : SyncPolicy.class.getPermittedSubclasses()) {
      words.add("`" + policy.getSimpleName());
    }
    return words;
  }

  private static List<String> missing(List<String> beginnings, List<String> table) {
    return beginnings.stream()
        .filter(beginning -> table.stream().noneMatch(row -> row.startsWith(beginning)))
        .toList();
  }

  private static List<String> reference() throws IOException {
    return Files.readAllLines(SourceTree.ofRepository().root().resolve("REFERENCE.md"));
  }
}
