package io.batpak.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.LogReader;
import io.batpak.LogVerifier;
import io.batpak.Store;
import io.batpak.examples.zones.Demo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that every example runs and leaves a sound store, the demo with its killed process too.
/// Would catch an example that no longer says what the library does. Deterministic but for the
/// moment of the kill, which the demo chooses at random.
class ExamplesTest {

  @TempDir private Path directory;

  @Test
  void first_steps() {
    FirstSteps.main(new String[] {directory.toString()});

    assertThat(events()).isEqualTo(2);
  }

  @Test
  void expected_revision() {
    ExpectedRevision.main(new String[] {directory.toString()});

    assertThat(events()).isEqualTo(1);
  }

  @Test
  void durable_threads() {
    DurableThreads.main(new String[] {directory.toString()});

    assertThat(events()).isEqualTo(1_000);
  }

  @Test
  void the_ledger_makes_each_transfer_once_however_often_it_runs() {
    Ledger.main(new String[] {directory.toString()});
    assertThat(events()).isEqualTo(4 + 2 * 200);

    Ledger.main(new String[] {directory.toString()});
    assertThat(events()).isEqualTo(4 + 2 * 200);
  }

  @Test
  void courses_have_no_more_students_than_places() {
    CourseSubscription.main(new String[] {directory.toString()});
    assertThat(events()).isEqualTo(4 + 4 * 10);

    CourseSubscription.main(new String[] {directory.toString()});
    assertThat(events()).isEqualTo(4 + 4 * 10);
  }

  @Test
  void an_import_that_is_started_again_doubles_nothing() {
    ImportMillion.main(new String[] {directory.toString(), "5000"});
    assertThat(events()).isEqualTo(5_000);

    ImportMillion.main(new String[] {directory.toString(), "5000"});
    assertThat(events()).isEqualTo(5_000);
  }

  @Test
  void order_states() {
    OrderStates.main(new String[] {directory.toString()});
    assertThat(events()).isEqualTo(3);
  }

  @Test
  void answers() {
    Answers.main(new String[] {directory.toString()});
    assertThat(events()).isEqualTo(4);
  }

  @Test
  void the_demo_holds_and_does_not_double_a_store_that_it_kept() {
    // what the library tells of the store, as after a crash too, takes positions of its own
    try (Store store = Store.open(directory)) {
      store.fence(Duration.ofSeconds(1)).close();
    }
    var text = new ByteArrayOutputStream();
    try (var out = new PrintStream(text, false, StandardCharsets.UTF_8)) {
      int status = Demo.run(List.of("--dir", directory.toString()), out);
      assertThat(status).as(text.toString(StandardCharsets.UTF_8)).isZero();
    }

    assertThat(text.toString(StandardCharsets.UTF_8).lines().toList().getLast())
        .matches("demo: events=\\d+ zones=\\d+ checked=\\d+ mismatches=0 recovered=\\d+");
    long events = events();

    text.reset();
    try (var out = new PrintStream(text, false, StandardCharsets.UTF_8)) {
      assertThat(Demo.run(List.of("--dir", directory.toString()), out)).isZero();
    }

    assertThat(text.toString(StandardCharsets.UTF_8)).contains("has them all already");
    assertThat(events()).isEqualTo(events);
  }

  @Test
  void the_demo_leaves_a_store_with_other_events_alone() throws IOException {
    FirstSteps.main(new String[] {directory.toString()});
    Map<Path, FileTime> before = files();

    var text = new ByteArrayOutputStream();
    try (var out = new PrintStream(text, false, StandardCharsets.UTF_8)) {
      assertThat(Demo.run(List.of("--dir", directory.toString()), out)).isEqualTo(2);
    }

    assertThat(text.toString(StandardCharsets.UTF_8))
        .isEqualToIgnoringNewLines(directory + " holds other events; choose another directory");
    assertThat(files()).isEqualTo(before);
    assertThat(events()).isEqualTo(2);
  }

  private Map<Path, FileTime> files() throws IOException {
    var times = new HashMap<Path, FileTime>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        times.put(file, Files.getLastModifiedTime(file));
      }
    }
    return times;
  }

  @Test
  void the_demo_refuses_what_it_does_not_understand() {
    var text = new ByteArrayOutputStream();
    try (var out = new PrintStream(text, false, StandardCharsets.UTF_8)) {
      assertThat(Demo.run(List.of("--what"), out)).isEqualTo(64);
    }
  }

  private long events() {
    assertThat(LogVerifier.verify(directory).problems()).isEmpty();
    try (LogReader reader = LogReader.open(directory)) {
      return reader.end();
    }
  }
}
