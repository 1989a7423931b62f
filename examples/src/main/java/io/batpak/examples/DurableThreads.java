package io.batpak.examples;

import io.batpak.AppendOptions;
import io.batpak.Store;
import io.batpak.annotations.EventPayload;
import io.batpak.event.Coordinate;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/// A thousand virtual threads append durably: each waits until its event survives loss of power,
/// and many share one force of the disk.
///
/// `DurableThreads DIRECTORY`
public final class DurableThreads {

  private static final int THREADS = 1_000;

  private DurableThreads() {}

  /// A sensor was read.
  ///
  /// @param sensor which
  /// @param celsius what it said
  @EventPayload(category = 0x1, type = 0x003)
  record Measured(int sensor, double celsius) {}

  /// Runs it.
  ///
  /// @param arguments the store's directory
  public static void main(String[] arguments) {
    try (Store store = Store.open(Path.of(arguments[0]))) {
      long startNanos = System.nanoTime();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < THREADS; i++) {
          int sensor = i;
          threads.execute(() -> {
            var _ =
                store.append(
                    Coordinate.of("sensor:" + sensor, "roof"),
                    new Measured(sensor, 20 + sensor % 10),
                    AppendOptions.durable());
          });
        }
      }
      long millis = (System.nanoTime() - startNanos) / 1_000_000;
      System.out.println(store.durableEnd() + " durable events in " + millis + " ms");
    }
  }
}
