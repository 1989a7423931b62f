package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.engine.segment.SegmentLayout;
import io.batpak.event.EventKind;
import io.batpak.event.EventLimits;
import io.batpak.event.Hlc;
import io.batpak.event.LifecycleKinds;
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
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Proves that the tables of REFERENCE.md name every limit, failure, answer, condition, guarantee,
/// refusal, level and policy, and the page of the engine existing classes. Would catch a table that
/// has fallen behind the code. Deterministic; tables without rows are broken subjects.
class ReferenceTest {

  /// Where limits are declared.
  private static final List<Class<?>> LIMITS =
      List.of(
          EventLimits.class,
          Condition.class,
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

  /// What a caller takes apart.
  private static final List<Class<?>> ANSWERS =
      List.of(Appended.class, BatchAppended.class, Submitted.class, Awaited.class, Decoded.class);

  @Test
  void every_answer_has_a_row_with_its_fields() throws IOException {
    assertThat(answers()).hasSizeGreaterThanOrEqualTo(12);
    assertThat(missing(answers(), reference())).isEmpty();
  }

  @Test
  void every_condition_mark_end_and_event_of_the_library_has_a_row() throws IOException {
    assertThat(others()).hasSizeGreaterThanOrEqualTo(19);
    assertThat(missing(others(), reference())).isEmpty();
  }

  @Test
  void every_guarantee_of_the_javadoc_has_a_row() throws IOException {
    List<String> guarantees =
        found(source("package-info"), "/// - \\*\\*([a-z ]+)\\*\\*:").stream()
            .map(name -> "| **" + name + "** |")
            .toList();

    assertThat(guarantees).hasSizeGreaterThanOrEqualTo(8);
    assertThat(missing(guarantees, reference())).isEmpty();
  }

  @Test
  void every_class_on_the_ways_through_the_engine_exists() throws IOException {
    String page = source("engine/package-info");
    SourceTree tree = SourceTree.ofRepository();
    List<String> classes =
        tree.files().stream()
            .filter(tree::isMain)
            .map(tree::name)
            .map(ReferenceTest::type)
            .toList();

    assertThat(found(page, "\\{@link ([\\w.]+)")).hasSizeGreaterThan(15).isSubsetOf(classes);
    assertThat(found(page, "`(\\w+)`"))
        .hasSizeGreaterThan(4)
        .allMatch(name -> classes.stream().anyMatch(type -> type.endsWith("." + name)));
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
    assertThat(missing(answers(), table)).containsAll(answers());
    assertThat(missing(others(), table)).containsAll(others());
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

  /// The beginning of a row for each answer that is a record: name, fields.
  private static List<String> answers() {
    return ANSWERS.stream()
        .flatMap(ReferenceTest::leaves)
        .filter(Class::isRecord)
        .distinct()
        .map(type -> "| `" + name(type) + "` | " + components(type) + " |")
        .toList();
  }

  /// The beginning of a row for each condition, mark, end of a fence and event of the library's
  /// own.
  private static List<String> others() {
    var rows = new ArrayList<String>();
    leaves(Condition.class).forEach(type -> rows.add("| `" + name(type) + "` | "));
    for (RecordComponent mark : Frontier.class.getRecordComponents()) {
      rows.add("| `" + mark.getName() + "` | ");
    }
    for (VisibilityFence.End end : VisibilityFence.End.values()) {
      rows.add("| `" + end + "` | ");
    }
    for (Field field : LifecycleKinds.class.getFields()) {
      if (field.getType() == EventKind.class) {
        rows.add("| `" + field.getName() + "` | `" + kind(field) + "` | ");
      }
    }
    return rows;
  }

  private static EventKind kind(Field constant) {
    try {
      return (EventKind) constant.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(ReferenceTest::leaves)
        : Stream.of(type);
  }

  private static String name(Class<?> type) {
    return type.getCanonicalName().substring(type.getPackageName().length() + 1);
  }

  private static String components(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(component -> "`" + component.getName() + "`")
        .collect(Collectors.joining(", "));
  }

  private static String source(String page) throws IOException {
    return Files.readString(
        SourceTree.ofRepository()
            .root()
            .resolve("batpak-core/src/main/java/io/batpak/" + page + ".java"));
  }

  private static List<String> found(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().map(hit -> hit.group(1)).toList();
  }

  /// The name of the class that a source file declares.
  private static String type(String file) {
    return file.replaceAll(".*/java/|\\.java$", "").replace('/', '.');
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
