package io.batpak.benches.jmh;

import io.batpak.Receipt;
import io.batpak.Store;
import io.batpak.benches.store.Sample;
import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.event.Coordinate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The whole append of one thread, VISIBLE. With `-prof gc` it says what an append allocates: the
/// receipt and the draft, and the growth of the index.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class AppendBench {

  private static final int ENTITY_COUNT = 1_000;

  /// The sync policy: the default, or none.
  @Param({"bounded", "os"})
  public String sync = "bounded";

  private final Coordinate[] coordinates = new Coordinate[ENTITY_COUNT];
  private final Sample sample = new Sample(new byte[100]);
  private Path directory = Path.of("");
  private @Nullable Store store;
  private int turn;

  /// Creates the state of one benchmark thread.
  public AppendBench() {}

  /// Opens an empty store.
  ///
  /// @throws IOException if there is no room for it
  @Setup
  public void open() throws IOException {
    new Random(1).nextBytes(sample.body());
    for (int i = 0; i < ENTITY_COUNT; i++) {
      coordinates[i] = new Coordinate("entity:" + i, "bench");
    }
    directory = Files.createTempDirectory("batpak-append-");
    StoreConfig config = StoreConfig.of(directory);
    store = Store.open(sync.equals("os") ? config.withSync(SyncPolicy.osDecides()) : config);
  }

  /// {@return the receipt of an append}
  @Benchmark
  public Receipt append() {
    turn = (turn + 1) % ENTITY_COUNT;
    return Objects.requireNonNull(store).append(coordinates[turn], sample);
  }

  /// Closes the store and removes it.
  ///
  /// @throws IOException if it cannot be removed
  @TearDown
  public void close() throws IOException {
    Objects.requireNonNull(store).close();
    removeTree(directory);
  }

  static void removeTree(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(AppendBench::remove);
    }
  }

  private static void remove(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
