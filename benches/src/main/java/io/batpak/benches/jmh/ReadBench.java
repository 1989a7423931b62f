package io.batpak.benches.jmh;

import io.batpak.EventEntry;
import io.batpak.NewEvent;
import io.batpak.Store;
import io.batpak.benches.store.Sample;
import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.event.EventId;
import io.batpak.query.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Reading from sealed segments of 64 MiB: {@value #EVENT_COUNT} events of {@value #ENTITY_COUNT}
/// entities in turn.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ReadBench {

  private static final int EVENT_COUNT = 500_000;
  private static final int ENTITY_COUNT = 1_000;
  private static final int STREAM_EVENTS = EVENT_COUNT / ENTITY_COUNT;
  private static final int BATCH_COUNT = 100;
  private static final int ID_COUNT = 1 << 12;

  private final EventId[] ids = new EventId[ID_COUNT];
  private Path directory = Path.of("");
  private @Nullable Store store;
  private int turn;

  /// Creates the state of one benchmark thread.
  public ReadBench() {}

  /// Fills a store.
  ///
  /// @throws IOException if there is no room for it
  @Setup
  public void fill() throws IOException {
    directory = Files.createTempDirectory("batpak-read-");
    Store filled = Store.open(StoreConfig.of(directory));
    store = filled;
    Random random = new Random(1);
    for (int done = 0; done < EVENT_COUNT; done += BATCH_COUNT) {
      List<NewEvent> items = new ArrayList<>(BATCH_COUNT);
      for (int i = 0; i < BATCH_COUNT; i++) {
        byte[] body = new byte[100];
        random.nextBytes(body);
        items.add(NewEvent.of(coordinate(done + i), new Sample(body)));
      }
      var _ = filled.appendBatch(items);
    }
    for (int i = 0; i < ID_COUNT; i++) {
      ids[i] = filled.at(random.nextInt(EVENT_COUNT / 2)).id();
    }
  }

  private static Coordinate coordinate(int turn) {
    return new Coordinate("entity:" + turn % ENTITY_COUNT, "bench");
  }

  private Store store() {
    return Objects.requireNonNull(store);
  }

  private String entity() {
    turn = (turn + 1) % ENTITY_COUNT;
    return "entity:" + turn;
  }

  /// {@return the sum of the clocks of a stream; per event}
  @Benchmark
  @OperationsPerInvocation(STREAM_EVENTS)
  public long stream() {
    long sum = 0;
    for (EventEntry entry : store().entity(entity())) {
      sum += entry.clock();
    }
    return sum;
  }

  /// {@return the sum of a byte of each payload of a stream; per event}
  @Benchmark
  @OperationsPerInvocation(STREAM_EVENTS)
  public long typedStream() {
    long sum = 0;
    for (Sample sample : store().entity(entity()).payloads(Sample.class)) {
      sum += sample.body()[0];
    }
    return sum;
  }

  /// {@return the sum of a byte of every payload; per event}
  @Benchmark
  @OperationsPerInvocation(EVENT_COUNT)
  public long typedAll() {
    long sum = 0;
    for (Sample sample : store().query(Region.all()).payloads(Sample.class)) {
      sum += sample.body()[0];
    }
    return sum;
  }

  /// {@return a payload by its event's id}
  @Benchmark
  public Sample get() {
    turn = turn + 1 & ID_COUNT - 1;
    return store().get(ids[turn]).orElseThrow().payload(Sample.class);
  }

  /// Closes the store and removes it.
  ///
  /// @throws IOException if it cannot be removed
  @TearDown
  public void close() throws IOException {
    store().close();
    AppendBench.removeTree(directory);
  }
}
