package io.batpak.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The generated text is the product: each file in `good` gives exactly the files in `expected`,
/// and those compile against the runtime without a warning. Would catch any unintended change of
/// generated code. No seed: the files are fixed.
class GoodTest {

  @TempDir private Path output;

  static List<Path> good() {
    return Golden.sources("good");
  }

  @ParameterizedTest
  @MethodSource("good")
  void generates_what_is_expected_and_it_compiles_without_a_warning(Path source) {
    String name = source.getFileName().toString();

    var compilation = Compilation.of(Map.of(name, Compilation.text(source)), output);

    assertThat(compilation.diagnostics()).isEmpty();
    assertThat(compilation.succeeded()).isTrue();
    var generated = compilation.generated();
    assertThat(generated).isNotEmpty();
    generated.forEach((path, text) ->
        Golden.check(
            path.startsWith("META-INF") ? "good/" + name.replace(".java", ".services") : path,
            text));
  }
}
