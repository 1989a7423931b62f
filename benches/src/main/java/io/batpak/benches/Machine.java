package io.batpak.benches;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Where and when it ran.
///
/// @param cores processors the JVM sees
/// @param cpu model of the first processor
/// @param os name, version and architecture
/// @param jdk version and vendor
/// @param date of the start, UTC
/// @param loadAverage of the last minute at the start; much above zero means others were at work
record Machine(int cores, String cpu, String os, String jdk, Instant date, double loadAverage) {

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  static Machine here() {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        cpuModel(),
        "%s %s %s".formatted(property("os.name"), property("os.version"), property("os.arch")),
        "%s %s".formatted(Runtime.version(), property("java.vendor")),
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  /// {@return the machine that was written}
  ///
  /// @param members as {@link #members} gave them
  static Machine of(Map<?, ?> members) {
    return new Machine(
        (int) Results.number(members, "cores"),
        Results.text(members, "cpu"),
        Results.text(members, "os"),
        Results.text(members, "jdk"),
        Instant.parse(Results.text(members, "date")),
        Double.parseDouble(Results.text(members, "loadAverage")));
  }

  private static String property(String key) {
    return String.valueOf(System.getProperty(key));
  }

  private static String cpuModel() {
    if (!Files.isReadable(CPU_INFO)) {
      return "unknown";
    }
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown (" + e.getMessage() + ")";
    }
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %s, JDK %s, %s, load %.1f",
        cpu,
        cores,
        os,
        jdk,
        date,
        loadAverage);
  }

  Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("cores", cores);
    members.put("cpu", cpu);
    members.put("os", os);
    members.put("jdk", jdk);
    members.put("date", date);
    members.put("loadAverage", loadAverage);
    return members;
  }
}
