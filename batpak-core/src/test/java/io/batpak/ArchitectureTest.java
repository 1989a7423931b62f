package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.batpak.event.Hash;
import io.batpak.testing.House;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/// Proves that the classes of the core stand as the table below says, from bottom to top. Would
/// catch an arrow upwards, a cycle, a clock, a file or a thread outside the platform, reflection.
/// Deterministic; wrong tables and a class that breaks every rule show that the checks bite.
class ArchitectureTest {

  private static final String PLATFORM = "io.batpak.engine.platform";

  /// A package names only packages on lower lines; those it names need not exist yet.
  private static final List<List<String>> TABLE =
      List.of(
          List.of("io.batpak.annotations"),
          List.of("io.batpak.failure"),
          List.of("io.batpak.event", "io.batpak.config", PLATFORM),
          List.of("io.batpak.payload", "io.batpak.query"),
          List.of(
              "io.batpak.engine.frame",
              "io.batpak.guard",
              "io.batpak.fold",
              "io.batpak.delivery",
              "io.batpak.evidence"),
          // a segment hands over its footer as an index: the index stands below
          List.of("io.batpak.engine.index", "io.batpak.engine.ring"),
          List.of("io.batpak.engine.segment"),
          // conditions are searches, and so is what recovery must know: both stand above
          List.of("io.batpak.engine.search"),
          List.of(
              "io.batpak.engine.recovery", "io.batpak.engine.commit", "io.batpak.engine.fanout"),
          List.of("io.batpak.engine.upkeep", "io.batpak.engine.replay"),
          List.of("io.batpak.engine"),
          List.of("io.batpak"));

  private static final ArchRule NO_CYCLES =
      SlicesRuleDefinition.slices().matching("(**)").should().beFreeOfCycles();

  private static final JavaClasses CORE = core();

  @Test
  void a_package_names_only_packages_on_lower_lines() {
    assertThat(CORE).isNotEmpty();
    assertThat(new House(TABLE).arrowsUpwards(CORE)).isEmpty();
  }

  @Test
  void there_are_no_cycles() {
    NO_CYCLES.check(CORE);
  }

  @Test
  void a_cycle_is_rejected() {
    JavaClasses broken = new ClassFileImporter().importClasses(String.class, Locale.class);

    assertThatThrownBy(() -> NO_CYCLES.check(broken))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Cycle detected");
  }

  @Test
  void only_the_platform_names_disk_clock_and_threads() {
    assertThat(House.reachesOutside(CORE, PLATFORM)).isEmpty();
  }

  @Test
  void nobody_names_reflection_or_a_logging_framework() {
    assertThat(House.forbidden(CORE)).isEmpty();
  }

  @Test
  void a_table_turned_upside_down_is_rejected() {
    Set<String> findings = new House(TABLE.reversed()).arrowsUpwards(CORE);

    assertThat(findings)
        .anySatisfy(finding ->
            assertThat(finding).contains("io.batpak.event.Names", "io.batpak.failure.InvalidName"));
  }

  @Test
  void two_packages_on_one_line_may_not_name_each_other() {
    var flat = new House(List.of(TABLE.stream().flatMap(List::stream).toList()));

    assertThat(flat.arrowsUpwards(CORE)).isNotEmpty();
  }

  @Test
  void a_package_without_a_line_is_rejected() {
    var withoutEvents =
        new House(
            TABLE.stream()
                .map(line -> line.contains("io.batpak.event") ? List.<String>of() : line)
                .toList());

    assertThat(withoutEvents.arrowsUpwards(CORE))
        .contains("io.batpak.event stands on no line of the table");
  }

  @Test
  void a_package_on_two_lines_is_rejected() {
    assertThatThrownBy(() -> new House(List.of(TABLE.getFirst(), TABLE.getFirst())))
        .hasMessageContaining("io.batpak.annotations stands twice");
  }

  @Test
  void a_class_that_reaches_outside_is_rejected_anywhere_but_in_the_platform() {
    JavaClasses broken = new ClassFileImporter().importClasses(ReachesOutside.class);

    Set<String> findings = House.reachesOutside(broken, PLATFORM);

    for (String named :
        List.of("FileChannel", "Files", "nanoTime", "currentThread", "sleep", "Instant.now")) {
      assertThat(findings).anySatisfy(finding -> assertThat(finding).contains(named));
    }
    assertThat(House.reachesOutside(broken, ReachesOutside.class.getPackageName())).isEmpty();
  }

  @Test
  void a_class_that_reflects_or_logs_is_rejected() {
    JavaClasses broken = new ClassFileImporter().importClasses(ReachesOutside.class);

    assertThat(House.forbidden(broken))
        .anySatisfy(finding -> assertThat(finding).contains("java.lang.reflect.Method"))
        .anySatisfy(finding -> assertThat(finding).contains("java.util.logging.Logger"));
  }

  private static JavaClasses core() {
    try {
      Path classes =
          Path.of(Hash.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return new ClassFileImporter().importPath(classes);
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /// The broken subject: never run, only looked at.
  static final class ReachesOutside {

    private static final Logger LOGGER = Logger.getLogger("broken");

    static long everything(Path path) throws IOException, InterruptedException {
      try (FileChannel channel = FileChannel.open(path)) {
        Thread.sleep(Files.size(path));
        LOGGER.info(ReachesOutside.class.getDeclaredMethods()[0].getName() + Instant.now());
        return System.nanoTime() + channel.size() + Thread.currentThread().threadId();
      }
    }
  }
}
