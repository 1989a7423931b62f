package io.batpak.benches;

import io.batpak.benches.store.SurfaceTrial;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/// Measures the surfaces of a store of so many events: one child fills it and is killed, one opens
/// it after that, one opens it again and reads.
final class Surfaces {

  private static final double NANOS_PER_MICRO = 1e3;

  private final Path directory;
  private final long events;
  private final Duration warmUp;

  Surfaces(Path directory, long events, Duration warmUp) {
    this.directory = directory;
    this.events = events;
    this.warmUp = warmUp;
  }

  /// {@return what was found, by surface}
  ///
  /// @throws IOException if a child says something else than it should; the message holds its last
  ///   line
  Map<Surface, Double> measure() throws IOException, InterruptedException {
    Path store = Files.createTempDirectory(directory, "batpak-surfaces-");
    try {
      var _ = run(SurfaceTrial.Task.FILL, store);
      Map<String, Double> killed = run(SurfaceTrial.Task.OPEN, store);
      long bytes = Trial.bytesBelow(store);
      Map<String, Double> clean = run(SurfaceTrial.Task.READ, store);
      if (member(killed, "events") != events || member(clean, "events") != events) {
        throw new IOException("filled %d, found %s, %s".formatted(events, killed, clean));
      }
      Map<Surface, Double> found = new EnumMap<>(Surface.class);
      found.put(Surface.OPEN_CLEAN, member(clean, "openSeconds"));
      found.put(Surface.OPEN_KILLED, member(killed, "openSeconds"));
      found.put(Surface.HEAP, member(clean, "heapMebibytes"));
      found.put(Surface.GET, member(clean, "getNanos"));
      found.put(Surface.STREAM, member(clean, "streamNanos"));
      found.put(Surface.QUERY, member(clean, "queryNanos"));
      found.put(Surface.PAYLOAD, member(clean, "payloadNanos"));
      found.put(Surface.CONDITION_SINCE, member(clean, "conditionSinceNanos"));
      found.put(Surface.CONDITION_EVER, member(clean, "conditionEverNanos"));
      found.put(Surface.KEY, member(clean, "keyNanos"));
      found.put(Surface.WAITERS, member(clean, "waitersNanos"));
      found.put(Surface.FOLD, NANOS_PER_MICRO / member(clean, "foldNanos"));
      found.put(Surface.BYTES, (double) bytes / events);
      return found;
    } finally {
      Launcher.remove(store);
    }
  }

  private static double member(Map<String, Double> numbers, String name) throws IOException {
    Double number = numbers.get(name);
    if (number == null) {
      throw new IOException("no " + name + " in " + numbers);
    }
    return number;
  }

  private Map<String, Double> run(SurfaceTrial.Task task, Path store)
      throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Launcher.java(
                    SurfaceTrial.class,
                    task.name(),
                    store.toString(),
                    Long.toString(events),
                    Long.toString(warmUp.toMillis())))
            .redirectErrorStream(true)
            .start();
    String last = "";
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line;
        if (line.equals(SurfaceTrial.FILLED)) {
          return Map.of();
        }
        if (line.startsWith(SurfaceTrial.PREFIX)) {
          return Json.numbers(line);
        }
      }
      throw new IOException(task + " ended without a result: " + last);
    } finally {
      // SIGKILL where there is one: the filled store must not be closed
      if (task == SurfaceTrial.Task.FILL) {
        child.destroyForcibly();
      }
      child.waitFor();
    }
  }
}
