package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that the transitions which the states allow compile, and that those which they do not are
/// an error at their own line. Would catch a signature that lets an order be shipped before it is
/// paid, or refuses what is legal. Deterministic.
class StatesCompileTest {

  private static final String STATES =
      """
      import io.batpak.*;
      import io.batpak.event.Coordinate;

      class Orders {
        sealed interface Order permits Open, Shipped, Dropped, Noted {}
        sealed interface Open extends Order permits Placed, Paid {}
        record Placed(long cents) implements Open, After<Start> {}
        record Paid(String by) implements Open, After<Placed> {}
        record Shipped() implements Order, After<Paid> {}
        record Dropped() implements Order, After<Open> {}
        record Noted() implements Order, After<Object> {}

        sealed interface Door permits Ajar {}
        record Ajar() implements Door, After<Start> {}

        record Unsaid() {}

        static final StateMachine<Order> orders = StateMachine.of(Order.class);
        static final Coordinate at = Coordinate.of("order:1", "s");

        void use(Store store) {
      """;

  private static final String ALLOWED =
      """
      Transition<Start, Placed> t = orders.start(Placed.class);
      Transition<Placed, Paid> t = orders.transition(Placed.class, Paid.class);
      Transition<Paid, Shipped> t = orders.transition(Paid.class, Shipped.class);
      Transition<Placed, Dropped> t = orders.transition(Placed.class, Dropped.class);
      Transition<Paid, Dropped> t = orders.transition(Paid.class, Dropped.class);
      Transition<Open, Dropped> t = orders.transition(Open.class, Dropped.class);
      Transition<Start, Noted> t = orders.start(Noted.class);
      Transition<Shipped, Noted> t = orders.transition(Shipped.class, Noted.class);
      Transition<Order, Noted> t = orders.transition(Order.class, Noted.class);
      var t = orders.start(Placed.class).event(at, new Placed(5));
      store.appendIf(orders.start(Placed.class).event(at, new Placed(5)));
      java.util.Optional<Order> now = store.state(orders, "order:1");
      """;

  private static final String NOT_ALLOWED =
      """
      orders.transition(Placed.class, Shipped.class);
      orders.transition(Shipped.class, Placed.class);
      orders.transition(Placed.class, Placed.class);
      orders.transition(Paid.class, Paid.class);
      orders.transition(Shipped.class, Dropped.class);
      orders.transition(Order.class, Dropped.class);
      orders.transition(Open.class, Paid.class);
      orders.start(Paid.class);
      orders.start(Dropped.class);
      orders.transition(Ajar.class, Noted.class);
      orders.transition(Start.class, Placed.class);
      orders.transition(Placed.class, Open.class);
      orders.transition(Placed.class, Unsaid.class);
      orders.start(Unsaid.class);
      orders.start(Placed.class).event(at, new Paid("ada"));
      Transition<Placed, Shipped> t = orders.transition(Paid.class, Shipped.class);
      StateMachine<Placed> t = StateMachine.of(Order.class);
      Door now = store.state(orders, "order:1").orElseThrow();
      """;

  @TempDir private Path output;

  @Test
  void what_the_states_allow_compiles() throws IOException {
    assertThat(errors(ALLOWED)).isEmpty();
  }

  @Test
  void what_they_do_not_allow_is_an_error_at_its_line() throws IOException {
    assertThat(errors(NOT_ALLOWED)).containsExactlyElementsOf(NOT_ALLOWED.lines().toList());
  }

  @Test
  void each_of_what_is_allowed_is_looked_at() throws IOException {
    assertThat(errors(ALLOWED + "int wrong = \"text\";\n"))
        .containsExactly("int wrong = \"text\";");
  }

  /// {@return the statements that are errors, each once}
  private List<String> errors(String statements) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    var program = new StringBuilder(STATES);
    statements.lines().forEach(line -> program.append("{ ").append(line).append(" }\n"));
    var text = new Text(program.append("  }\n}\n").toString());
    List<String> lines = text.text.lines().toList();
    try (var files =
        compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
      List<String> options = List.of("-d", output.toString(), "-proc:none");
      boolean compiles =
          compiler.getTask(null, files, diagnostics, options, null, List.of(text)).call();
      Set<String> wrong = new LinkedHashSet<>();
      for (Diagnostic<? extends JavaFileObject> found : diagnostics.getDiagnostics()) {
        if (found.getKind() == Diagnostic.Kind.ERROR) {
          String line = lines.get((int) found.getLineNumber() - 1);
          wrong.add(line.substring(2, line.length() - 2));
        }
      }
      assertThat(compiles).isEqualTo(wrong.isEmpty());
      return List.copyOf(wrong);
    }
  }

  /// The program as a file of its own.
  private static final class Text extends SimpleJavaFileObject {

    private final String text;

    Text(String text) {
      super(URI.create("text:///Orders.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
