package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.testing.SourceMeasures;
import io.batpak.testing.SourceMeasures.Finding;
import io.batpak.testing.SourceMeasures.Rule;
import io.batpak.testing.SourceTree;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that all sources of the repository are formatted and keep the measurable rules of style.
/// Would catch an unformatted file (-Dtidy.fix=true rewrites), a method nobody can hold, a bad
/// name. Deterministic; each rule has a broken subject that it must find.
class TidyTest {

  /// Methods that may be longer than the limit, with the reason.
  private static final Map<String, String> LONG_METHODS =
      Map.of("Blake3.compress", "seven rounds written out; see the comment there");

  /// Modules whose packages are all null-marked; the annotations have no dependency, not even this.
  private static final Set<String> NULL_MARKED =
      Set.of("batpak-core", "batpak-processor", "batpak-testkit", "batpak-cli");

  @Test
  void every_file_is_formatted() throws IOException {
    SourceTree tree = SourceTree.ofRepository();
    if (Boolean.getBoolean("tidy.fix")) {
      format(tree.files(), "--replace");
    }

    List<String> unformatted = format(tree.files(), "--dry-run");

    assertThat(unformatted).as("not formatted; -Dtidy.fix=true rewrites them").isEmpty();
  }

  @Test
  void finds_a_file_that_is_not_formatted(@TempDir Path directory) throws IOException {
    Path crooked = Files.writeString(directory.resolve("Crooked.java"), "class  Crooked { }\n");
    Path straight = Files.writeString(directory.resolve("Straight.java"), "class Straight {}\n");

    List<String> unformatted = format(List.of(crooked, straight), "--dry-run");

    assertThat(unformatted).containsExactly(crooked.toString());
  }

  @Test
  void no_method_is_longer_than_the_limit() throws IOException {
    List<Finding> findings = measured(Rule.LONG_METHOD, SourceTree.ofRepository().files());

    assertThat(findings)
        .filteredOn(finding -> !LONG_METHODS.containsKey(finding.subject()))
        .extracting(Finding::text)
        .isEmpty();
    assertThat(findings)
        .as("every exception is still needed")
        .extracting(Finding::subject)
        .containsAll(LONG_METHODS.keySet());
  }

  @Test
  void no_type_is_named_for_how_it_is_made() throws IOException {
    List<Finding> findings = measured(Rule.TYPE_NAME, SourceTree.ofRepository().files());

    assertThat(findings).extracting(Finding::text).isEmpty();
  }

  @Test
  void the_core_reads_no_system_property() throws IOException {
    SourceTree tree = SourceTree.ofRepository();
    List<Path> core =
        tree.files().stream()
            .filter(file -> tree.isMain(file) && tree.module(file).equals("batpak-core"))
            .toList();

    assertThat(core).isNotEmpty();
    assertThat(measured(Rule.SYSTEM_PROPERTY, core)).extracting(Finding::text).isEmpty();
  }

  @Test
  void finds_a_long_method_a_bad_name_and_a_system_property() throws IOException {
    String longBody = "int i;\n".repeat(SourceMeasures.METHOD_LINES_MAX - 1);
    String shortBody = "int i;\n".repeat(SourceMeasures.METHOD_LINES_MAX - 2);
    String source =
        """
        import static java.lang.System.getProperty;
        class StoreImpl {
          static class Default { void brief() {\n%s} }
          static class DefaultClock { void endless() {\n%s} }
          record Implied(String name) { String read() { return System.getProperty(name); } }
        }
        """
            .formatted(shortBody, longBody);

    List<Finding> findings = SourceMeasures.of(List.of(new Text("StoreImpl", source)));

    assertThat(findings)
        .extracting(finding -> finding.rule() + " " + finding.subject())
        .containsExactlyInAnyOrder(
            "SYSTEM_PROPERTY ",
            "TYPE_NAME StoreImpl",
            "TYPE_NAME DefaultClock",
            "LONG_METHOD DefaultClock.endless",
            "SYSTEM_PROPERTY Implied");
  }

  @Test
  void every_shipped_package_says_what_it_is_and_is_null_marked() throws IOException {
    SourceTree tree = SourceTree.ofRepository();

    assertThat(packagesWithoutPage(tree, tree.files())).isEmpty();
  }

  @Test
  void finds_a_package_without_a_page() throws IOException {
    SourceTree tree = SourceTree.ofRepository();
    List<Path> withoutPages =
        tree.files().stream().filter(file -> !file.endsWith("package-info.java")).toList();

    assertThat(packagesWithoutPage(tree, withoutPages))
        .contains("batpak-core/src/main/java/io/batpak/event: no package-info.java");
  }

  private static Set<String> packagesWithoutPage(SourceTree tree, List<Path> files)
      throws IOException {
    Set<String> findings = new TreeSet<>();
    for (Path file : files) {
      if (!tree.isMain(file) || file.endsWith("module-info.java")) {
        continue;
      }
      Path directory = Objects.requireNonNull(file.getParent());
      Path page = directory.resolve("package-info.java");
      if (!files.contains(page)) {
        findings.add(tree.name(directory) + ": no package-info.java");
      } else if (NULL_MARKED.contains(tree.module(file))
          && !Files.readString(page).contains("\n@NullMarked\npackage ")) {
        findings.add(tree.name(directory) + ": not @NullMarked");
      }
    }
    return findings;
  }

  /// The files that are not formatted, or were not before they were replaced.
  private static List<String> format(List<Path> files, String mode) {
    List<String> arguments = new ArrayList<>();
    arguments.add(mode);
    files.forEach(file -> arguments.add(file.toString()));

    var out = new StringWriter();
    var errors = new StringWriter();
    var tool = ToolProvider.findFirst("google-java-format").orElseThrow();
    int status =
        tool.run(new PrintWriter(out), new PrintWriter(errors), arguments.toArray(String[]::new));

    assertThat(status).as(errors.toString()).isZero();
    return out.toString().lines().toList();
  }

  private static List<Finding> measured(Rule rule, List<Path> files) throws IOException {
    var compiler = javax.tools.ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      return SourceMeasures.of(manager.getJavaFileObjectsFromPaths(files)).stream()
          .filter(finding -> finding.rule() == rule)
          .toList();
    }
  }

  /// A source file that is only a text.
  private static final class Text extends SimpleJavaFileObject {

    private final String text;

    Text(String type, String text) {
      super(URI.create("text:///" + type + ".java"), JavaFileObject.Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
