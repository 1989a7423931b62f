package io.batpak.benches.store;

import io.batpak.AppendOptions;
import io.batpak.BatchOptions;
import io.batpak.Condition;
import io.batpak.EventEntry;
import io.batpak.NewEvent;
import io.batpak.Store;
import io.batpak.benches.Subject;
import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.event.EventId;
import io.batpak.failure.Interrupted;
import io.batpak.query.Region;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/// The child of the surfaces: fills a store and waits to be killed, opens one, or opens and reads
/// one.
///
/// The log holds {@value #GROUP_COUNT} namespaces of {@value #GROUP_ENTITIES} entities, written in
/// turn in batches of {@value #BATCH_COUNT}.
public final class SurfaceTrial {

  /// What stands before a result on its line.
  public static final String PREFIX = "SURFACES ";

  /// The line that a filled store waits behind.
  public static final String FILLED = "FILLED";

  private static final int GROUP_COUNT = 10;
  private static final int GROUP_ENTITIES = 100;
  private static final int BATCH_COUNT = 100;
  private static final int GET_COUNT = 50_000;
  private static final int STREAM_COUNT = 100;
  private static final int PASSES = 5;
  private static final int DECISION_PASSES = 9;
  private static final int WAITERS = 1_000;
  private static final long FAR_AHEAD = 1L << 40;
  private static final int DECISIONS = 4_000;
  private static final Coordinate DECIDED = new Coordinate("decided", "bench");
  private static final Sample DECIDED_SAMPLE = new Sample(new byte[Subject.PAYLOAD_BYTES]);

  /// Of the log, from its start; the rest may not be sealed.
  private static final double SEALED_SHARE = 0.75;

  private final Store store;
  private final Duration warmUp;
  private final Random random = new Random(7);
  private long decided;

  private SurfaceTrial(Store store, Duration warmUp) {
    this.store = store;
    this.warmUp = warmUp;
  }

  /// What a child does.
  public enum Task {
    /// Appends events, says so, and waits for its end.
    FILL,
    /// Opens and closes.
    OPEN,
    /// Opens, reads, closes.
    READ
  }

  /// Runs one task.
  ///
  /// @param arguments task, directory, number of events, milliseconds of warm-up of each surface
  /// @throws IOException if the parent went away
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[1]);
    long count = Long.parseLong(arguments[2]);
    Duration warmUp = Duration.ofMillis(Long.parseLong(arguments[3]));
    Map<String, Double> found =
        switch (Task.valueOf(arguments[0])) {
          case FILL -> fill(directory, count);
          case OPEN -> open(directory, (store, measured) -> {});
          case READ -> open(directory, (store, measured) -> read(store, warmUp, measured));
        };
    System.out.println(PREFIX + json(found));
  }

  private static String json(Map<String, Double> found) {
    List<String> members = new ArrayList<>();
    found.forEach((name, value) -> members.add("\"%s\":%.4f".formatted(name, value)));
    return "{" + String.join(",", members) + "}";
  }

  private static Coordinate[] coordinates() {
    var coordinates = new Coordinate[GROUP_COUNT * GROUP_ENTITIES];
    for (int i = 0; i < coordinates.length; i++) {
      coordinates[i] =
          new Coordinate("group:%d/entity:%d".formatted(i % GROUP_COUNT, i / GROUP_COUNT), "bench");
    }
    return coordinates;
  }

  private static Map<String, Double> fill(Path directory, long count) throws IOException {
    Coordinate[] coordinates = coordinates();
    Random random = new Random(count);
    Store store = Store.open(StoreConfig.of(directory));
    for (long done = 0; done < count; done += BATCH_COUNT) {
      List<NewEvent> items = new ArrayList<>(BATCH_COUNT);
      for (int i = 0; i < BATCH_COUNT; i++) {
        byte[] body = new byte[Subject.PAYLOAD_BYTES];
        random.nextBytes(body);
        NewEvent item =
            NewEvent.of(coordinates[(int) ((done + i) % coordinates.length)], new Sample(body));
        // one in a batch has a tag and a key of its own, so that the look-ups have much to miss
        items.add(i > 0 ? item : item.options(marked(done)));
      }
      var _ = store.appendBatchIf(items, BatchOptions.none()).allOrThrow();
    }
    System.out.println(FILLED);
    System.out.flush();
    int end = System.in.read();
    throw new IOException("was to be killed, not to read " + end);
  }

  private static AppendOptions marked(long number) {
    return AppendOptions.none().tag("mark:" + number).key("key:" + number);
  }

  /// What is measured of an open store.
  private interface Reading {
    void of(Store store, Map<String, Double> found);
  }

  private static Map<String, Double> open(Path directory, Reading reading) {
    Map<String, Double> found = new LinkedHashMap<>();
    long from = System.nanoTime();
    try (Store store = Store.open(StoreConfig.of(directory))) {
      found.put("openSeconds", (System.nanoTime() - from) / 1e9);
      found.put("heapMebibytes", heapBytes() / (double) (1 << 20));
      found.put("events", (double) store.end());
      found.put("segments", (double) store.openReport().segments());
      found.put("scannedEvents", (double) store.openReport().scannedEvents());
      reading.of(store, found);
    }
    return found;
  }

  private static void read(Store store, Duration warmUp, Map<String, Double> found) {
    var trial = new SurfaceTrial(store, warmUp);
    trial.read(found);
    trial.decide(found);
    trial.await(found);
  }

  @SuppressWarnings("ExplicitGC") // what lives is what is asked
  private static long heapBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private void read(Map<String, Double> found) {
    EventId[] ids = ids();
    Coordinate[] coordinates = coordinates();
    found.put("getNanos", nanos(() -> get(ids)));
    found.put("streamNanos", nanos(() -> streams(coordinates)));
    found.put("queryNanos", nanos(this::region));
    found.put("payloadNanos", nanos(() -> payloads(coordinates)));
    found.put("foldNanos", nanos(this::fold));
  }

  /// What a decision adds to an append: each sort in turn, so that a slow moment hits all. Passes
  /// of the warm-up are thrown away.
  private void decide(Map<String, Double> found) {
    List<LongFunction<NewEvent>> sorts =
        List.of(
            n -> event(),
            n -> event().when(store.query(tag(n)).unchanged()),
            n -> event().when(Condition.noneMatches(tag(n))),
            n -> event().key("own:" + n));
    long warmEnd = System.nanoTime() + warmUp.toNanos();
    do {
      sorts.forEach(this::appendNanos);
    } while (System.nanoTime() < warmEnd);
    double[][] nanos = new double[sorts.size()][DECISION_PASSES];
    for (int pass = 0; pass < DECISION_PASSES; pass++) {
      for (int sort = 0; sort < nanos.length; sort++) {
        nanos[sort][pass] = appendNanos(sorts.get(sort));
      }
    }
    double base = median(nanos[0]);
    // a difference below what the clock shows is one nanosecond
    found.put("conditionSinceNanos", Math.max(1, median(nanos[1]) - base));
    found.put("conditionEverNanos", Math.max(1, median(nanos[2]) - base));
    found.put("keyNanos", Math.max(1, median(nanos[3]) - base));
  }

  /// What a thousand who wait add to the appends of others.
  private void await(Map<String, Double> found) {
    double[] plain = new double[DECISION_PASSES];
    double[] beside = new double[DECISION_PASSES];
    for (int i = 0; i < DECISION_PASSES; i++) {
      plain[i] = appendNanos(n -> event());
      List<Thread> waiters = new ArrayList<>();
      for (int j = 0; j < WAITERS; j++) {
        waiters.add(Thread.ofVirtual().start(this::awaitFarAhead));
      }
      beside[i] = appendNanos(n -> event());
      waiters.forEach(Thread::interrupt);
    }
    found.put("waitersNanos", Math.max(1, median(beside) - median(plain)));
  }

  private void awaitFarAhead() {
    try {
      var _ = store.awaitDurable(FAR_AHEAD, Duration.ofMinutes(1));
    } catch (Interrupted e) {
      // as planned
    }
  }

  private NewEvent event() {
    return NewEvent.of(DECIDED, DECIDED_SAMPLE);
  }

  private static Region tag(long number) {
    return Region.all().tag("own:" + number);
  }

  /// The median time of an append among so many.
  private double appendNanos(LongFunction<NewEvent> events) {
    double[] nanos = new double[DECISIONS];
    for (int i = 0; i < nanos.length; i++) {
      long from = System.nanoTime();
      var _ = store.appendIf(events.apply(decided++)).orThrow();
      nanos[i] = System.nanoTime() - from;
    }
    return median(nanos);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  /// Nanoseconds per event: the median of several passes, each of which says how many events it
  /// read.
  private double nanos(LongSupplier pass) {
    long warmEnd = System.nanoTime() + warmUp.toNanos();
    do {
      var _ = requireSome(pass.getAsLong());
    } while (System.nanoTime() < warmEnd);
    double[] each = new double[PASSES];
    for (int i = 0; i < PASSES; i++) {
      long from = System.nanoTime();
      long events = pass.getAsLong();
      each[i] = (double) (System.nanoTime() - from) / requireSome(events);
    }
    return median(each);
  }

  private static long requireSome(long events) {
    if (events < 1) {
      throw new IllegalStateException("a surface without events");
    }
    return events;
  }

  private EventId[] ids() {
    long end = (long) (store.end() * SEALED_SHARE);
    var ids = new EventId[GET_COUNT];
    for (int i = 0; i < GET_COUNT; i++) {
      ids[i] = store.at(random.nextLong(end)).id();
    }
    return ids;
  }

  private long get(EventId[] ids) {
    long count = 0;
    for (EventId id : ids) {
      Sample sample = store.get(id).orElseThrow().payload(Sample.class);
      count += sample.body().length == Subject.PAYLOAD_BYTES ? 1 : 0;
    }
    return count;
  }

  private long streams(Coordinate[] coordinates) {
    long count = 0;
    for (int i = 0; i < STREAM_COUNT; i++) {
      count += touch(store.entity(coordinates[i].entity()));
    }
    return count;
  }

  private long region() {
    return touch(store.query(Region.namespace("group:7")));
  }

  private static long touch(Iterable<EventEntry> entries) {
    long count = 0;
    long mixed = 0;
    for (EventEntry entry : entries) {
      mixed ^= entry.sequence() + entry.clock();
      count++;
    }
    return mixed == Long.MIN_VALUE ? 0 : count;
  }

  private long payloads(Coordinate[] coordinates) {
    long count = 0;
    for (int i = 0; i < STREAM_COUNT; i++) {
      for (Sample sample : store.entity(coordinates[i].entity()).payloads(Sample.class)) {
        count += sample.body().length == Subject.PAYLOAD_BYTES ? 1 : 0;
      }
    }
    return count;
  }

  /// A fold by hand: the sum of a byte of each.
  private long fold() {
    long count = 0;
    long sum = 0;
    for (Sample sample : store.query(Region.all()).payloads(Sample.class)) {
      sum += sample.body()[0];
      count++;
    }
    return sum == Long.MIN_VALUE ? 0 : count;
  }
}
