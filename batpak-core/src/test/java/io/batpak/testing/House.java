package io.batpak.testing;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// A table of packages, from the lowest line to the highest: a package names only packages on lower
/// lines. Two packages on one line do not name each other.
public final class House {

  private static final String ROOT = "io.batpak";

  /// What only the platform may name, as a whole.
  private static final List<String> OUTSIDE_TYPES =
      List.of(
          "java.nio.channels.",
          "java.nio.file.Files",
          "java.io.File",
          "java.io.RandomAccessFile",
          "java.util.concurrent.Executors");

  /// What only the platform may call, of types that others may name.
  private static final Set<String> OUTSIDE_MEMBERS =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.lang.Thread.<init>",
          "java.lang.Thread.currentThread",
          "java.lang.Thread.ofPlatform",
          "java.lang.Thread.ofVirtual",
          "java.lang.Thread.sleep",
          "java.lang.Thread.startVirtualThread",
          "java.time.Clock.systemUTC",
          "java.time.Instant.now");

  /// What nobody may name.
  private static final List<String> FORBIDDEN_TYPES =
      List.of("java.lang.reflect.", "java.util.logging.", "sun.misc.");

  private final Map<String, Integer> lines = new HashMap<>();

  /// A house of some lines.
  ///
  /// @param table from the lowest line to the highest, each the names of its packages
  public House(List<List<String>> table) {
    for (int line = 0; line < table.size(); line++) {
      for (String name : table.get(line)) {
        if (lines.put(name, line) != null) {
          throw new IllegalArgumentException(name + " stands twice in the table");
        }
      }
    }
  }

  /// {@return the arrows that do not point downwards, and the packages without a line}
  ///
  /// @param classes the classes to look at
  public Set<String> arrowsUpwards(Iterable<JavaClass> classes) {
    Set<String> findings = new TreeSet<>();
    for (JavaClass origin : classes) {
      Integer originLine = lines.get(origin.getPackageName());
      if (originLine == null) {
        findings.add(origin.getPackageName() + " stands on no line of the table");
        continue;
      }
      for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        Integer targetLine = lines.get(target.getPackageName());
        if (isOurs(target)
            && !target.getPackageName().equals(origin.getPackageName())
            && (targetLine == null || targetLine >= originLine)) {
          findings.add(dependency.getDescription());
        }
      }
    }
    return findings;
  }

  /// {@return the places outside the platform that name disk, clock or threads}
  ///
  /// @param classes the classes to look at
  /// @param platform the package that may
  public static Set<String> reachesOutside(Iterable<JavaClass> classes, String platform) {
    Set<String> findings = new TreeSet<>();
    for (JavaClass origin : classes) {
      if (origin.getPackageName().equals(platform)) {
        continue;
      }
      findings.addAll(named(origin, OUTSIDE_TYPES));
      for (JavaAccess<?> access : origin.getAccessesFromSelf()) {
        String member = access.getTargetOwner().getFullName() + "." + access.getTarget().getName();
        if (OUTSIDE_MEMBERS.contains(member)) {
          findings.add(access.getDescription());
        }
      }
    }
    return findings;
  }

  /// {@return the places that name what nobody may: reflection, logging, unsafe memory}
  ///
  /// @param classes the classes to look at
  public static Set<String> forbidden(Iterable<JavaClass> classes) {
    Set<String> findings = new TreeSet<>();
    for (JavaClass origin : classes) {
      findings.addAll(named(origin, FORBIDDEN_TYPES));
    }
    return findings;
  }

  private static Set<String> named(JavaClass origin, List<String> prefixes) {
    Set<String> findings = new TreeSet<>();
    for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
      String target = dependency.getTargetClass().getBaseComponentType().getFullName();
      if (prefixes.stream().anyMatch(target::startsWith)) {
        findings.add(dependency.getDescription());
      }
    }
    return findings;
  }

  private static boolean isOurs(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(ROOT) || name.startsWith(ROOT + ".");
  }
}
