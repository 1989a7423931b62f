package io.batpak.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.processor.check.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every problem has a file in `bad` that shows it: an error at each line that says `// here`, with
/// the expected message, and none elsewhere. Would catch a check that is lost, misplaced or that
/// others trip over. No seed: the files are fixed.
class BadTest {

  @TempDir private Path output;

  @ParameterizedTest
  @EnumSource
  void each_problem_is_reported_at_its_line(Problem problem) {
    Path source = Golden.RESOURCES.resolve("bad").resolve(problem + ".java");
    assertThat(Files.exists(source)).as("%s has a failing example", problem).isTrue();
    String text = Compilation.text(source);

    var compilation = Compilation.of(Map.of(problem + ".java", text), output, options(problem));

    var errors = compilation.diagnostics().stream().filter(BadTest::isError).toList();
    assertThat(errors).isNotEmpty().allMatch(error -> message(error).endsWith("[" + problem + "]"));
    assertThat(errors)
        .extracting(error -> (int) error.getLineNumber())
        .containsExactlyInAnyOrderElementsOf(markedLines(text));
    var messages = new StringBuilder();
    errors.stream()
        .map(error -> error.getLineNumber() + ": " + message(error) + "\n")
        .forEach(messages::append);
    Golden.check("bad/" + problem + ".txt", messages.toString());
  }

  private static String[] options(Problem problem) {
    boolean frozen = problem.name().startsWith("FROZEN");
    return frozen ? new String[] {"-Abatpak.frozen=src/test/resources/bad/frozen"} : new String[0];
  }

  private static boolean isError(Diagnostic<? extends JavaFileObject> diagnostic) {
    return diagnostic.getKind() == Diagnostic.Kind.ERROR;
  }

  private static String message(Diagnostic<? extends JavaFileObject> diagnostic) {
    return diagnostic.getMessage(Locale.ROOT);
  }

  private static List<Integer> markedLines(String text) {
    var marked = new ArrayList<Integer>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).endsWith("// here")) {
        marked.add(i + 1);
      }
    }
    return marked;
  }
}
