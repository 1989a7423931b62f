package io.batpak.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.batpak.testing.House;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Proves that the kit stands on the front door and the platform and on nothing else, and that it
/// needs no test framework. Would catch a kit that reaches into the engine or at the real time.
/// Deterministic; a table without the platform shows that the check bites.
class HouseTest {

  /// Everything of the core that the kit may name.
  private static final List<String> CORE =
      List.of(
          "io.batpak",
          "io.batpak.config",
          "io.batpak.engine.platform",
          "io.batpak.event",
          "io.batpak.failure",
          "io.batpak.payload",
          "io.batpak.query");

  private static final JavaClasses KIT = kit();

  @Test
  void a_package_names_only_packages_on_lower_lines() {
    var house =
        new House(
            List.of(CORE, List.of("io.batpak.testkit.simulated"), List.of("io.batpak.testkit")));

    assertThat(KIT).isNotEmpty();
    assertThat(house.arrowsUpwards(KIT)).isEmpty();
  }

  @Test
  void a_table_without_the_platform_is_rejected() {
    List<String> less = CORE.stream().filter(name -> !name.endsWith(".platform")).toList();
    var house =
        new House(
            List.of(less, List.of("io.batpak.testkit.simulated"), List.of("io.batpak.testkit")));

    assertThat(house.arrowsUpwards(KIT)).isNotEmpty();
  }

  @Test
  void nobody_names_files_clock_threads_or_reflection() {
    assertThat(House.reachesOutside(KIT, "")).isEmpty();
    assertThat(House.forbidden(KIT)).isEmpty();
  }

  @Test
  void only_the_platform_the_core_and_annotations_are_needed() {
    assertThat(
            KIT.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                .filter(type -> !type.isPrimitive())
                .map(type -> type.getPackageName()))
        .allMatch(name -> name.matches("(java|io\\.batpak|org\\.jspecify)(\\..*)?"));
  }

  private static JavaClasses kit() {
    try {
      Path classes =
          Path.of(Simulation.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return new ClassFileImporter().importPath(classes);
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
