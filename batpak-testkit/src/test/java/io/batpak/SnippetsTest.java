package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.testing.Snippet;
import io.batpak.testing.SnippetRun;
import io.batpak.testing.SourceTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Proves that every Java snippet of the words and of the Javadoc compiles, runs, and prints what
/// stands behind it. Would catch words that have fallen behind the code; names file and line.
/// Deterministic; each sort of failure has a broken page in which it must be found.
class SnippetsTest {

  private static final List<String> WORDS = List.of("README.md", "GUIDE.md", "REFERENCE.md");

  static List<String> pages() throws IOException {
    SourceTree tree = SourceTree.ofRepository();
    var pages = new ArrayList<>(WORDS);
    for (Path file : tree.files()) {
      if (tree.isMain(file) && !Snippet.of(tree.name(file), file).isEmpty()) {
        pages.add(tree.name(file));
      }
    }
    return pages;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void every_snippet_compiles_runs_and_prints_what_it_should(String page, @TempDir Path directory)
      throws IOException {
    List<Snippet> snippets = Snippet.of(page, SourceTree.ofRepository().root().resolve(page));

    assertThat(snippets).isNotEmpty();
    assertThat(SnippetRun.failures(snippets, directory)).isEmpty();
  }

  @Test
  void the_front_page_of_the_javadoc_has_snippets() throws IOException {
    assertThat(pages()).contains("batpak-core/src/main/java/io/batpak/package-info.java");
  }

  @Test
  void finds_a_snippet_that_does_not_compile(@TempDir Path directory) throws IOException {
    assertThat(failuresOf(directory, "Words.", "```java", "store.end();", "store.ende();", "```"))
        .singleElement()
        .asString()
        .startsWith("Broken.md:4: cannot find symbol");
  }

  @Test
  void finds_a_payload_that_the_processor_refuses(@TempDir Path directory) throws IOException {
    assertThat(
            failuresOf(
                directory,
                "```java",
                "@EventPayload(category = 0, type = 1)",
                "record A() {}",
                "```"))
        .singleElement()
        .asString()
        .startsWith("Broken.md:2: ")
        .contains("CATEGORY_RESERVED");
  }

  @Test
  void finds_a_snippet_that_throws(@TempDir Path directory) throws IOException {
    assertThat(failuresOf(directory, "```java", "", "store.at(7);", "```"))
        .singleElement()
        .asString()
        .startsWith("Broken.md:3: io.batpak.failure.BeyondEnd: sequence 7");
  }

  @Test
  void finds_a_snippet_that_prints_something_else(@TempDir Path directory) throws IOException {
    assertThat(
            failuresOf(
                directory, "```java", "System.out.println(1);", "```", "", "```text", "2", "```"))
        .singleElement()
        .asString()
        .startsWith("Broken.md:2: prints\n1\nand the page says\n2\n");
  }

  @Test
  void finds_a_module_that_lacks_something(@TempDir Path directory) throws IOException {
    assertThat(failuresOf(directory, "```java", "module a {", "  requires b;", "}", "```"))
        .singleElement()
        .asString()
        .startsWith("Broken.md:3: module not found: b");
  }

  private static List<String> failuresOf(Path directory, String... lines) throws IOException {
    return SnippetRun.failures(Snippet.of("Broken.md", List.of(lines)), directory);
  }
}
