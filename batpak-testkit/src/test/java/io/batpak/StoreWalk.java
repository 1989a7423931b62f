package io.batpak;

import static io.batpak.LogModel.expect;

import io.batpak.LogModel.Wanted;
import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.engine.platform.Platform;
import io.batpak.event.Bytes;
import io.batpak.event.Coordinate;
import io.batpak.event.EventKind;
import io.batpak.evidence.OpenReport;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.DiskFull;
import io.batpak.failure.Locked;
import io.batpak.query.Region;
import io.batpak.testkit.simulated.SimulatedClock;
import io.batpak.testkit.simulated.SimulatedCrash;
import io.batpak.testkit.simulated.SimulatedDisk;
import io.batpak.testkit.simulated.SimulatedDisk.Crash;
import io.batpak.testkit.simulated.SimulatedDisk.Operation;
import io.batpak.testkit.simulated.SimulatedEntropy;
import io.batpak.testkit.simulated.SimulatedThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A random walk of one store over a simulated disk, step by step beside its model. One thread; all
/// chance comes from one source.
final class StoreWalk implements AutoCloseable {

  private static final int FILE_BYTES_MAX = 192 << 10;
  private static final long START_MILLIS = 1_790_000_000_000L;
  private static final int ENTITIES = 7;
  private static final int BATCH_BYTES_MAX = 24_000;
  private static final int OPEN_TRIES_MAX = 20;

  private final RandomGenerator random;
  private final int payloadBytesMax;
  private final SimulatedClock clock = new SimulatedClock(START_MILLIS);
  private final SimulatedEntropy entropy;
  private final LogModel model = new LogModel();
  private SimulatedThreads threads = new SimulatedThreads();
  private SimulatedDisk disk;
  private StoreConfig config;
  private @Nullable Store store;
  private long failuresBefore;
  private List<String> filesBefore = List.of();
  private boolean stopped;
  private boolean clean;
  private final EnumSet<Sight> sights = EnumSet.noneOf(Sight.class);

  StoreWalk(RandomGenerator random) {
    this.random = random;
    this.entropy = new SimulatedEntropy(random.nextLong());
    this.disk = new SimulatedDisk(random.nextLong(), FILE_BYTES_MAX);
    this.payloadBytesMax = random.nextBoolean() ? 22_000 : 300;
    this.config = configured();
  }

  /// Gives the memory back.
  @Override
  public void close() {
    disk.close();
  }

  /// {@return the disk as it is now, for faults that last}
  SimulatedDisk disk() {
    return disk;
  }

  /// What a walk may meet. A simulation that does not meet all of it proves little.
  enum Sight {
    KILL,
    POWER_LOSS,
    CRASH_WHILE_OPENING,
    CUT,
    DROPPED_SEGMENT,
    SCANNED_BEHIND_SEALED,
    SEALED,
    SEVERAL_UNSEALED,
    LOST_VISIBLE,
    DOUBTFUL_SURVIVED,
    FULL,
    FAILED,
    OPEN_FAILED,
    CONFLICT
  }

  /// {@return what the walk met}
  Set<Sight> sights() {
    return sights;
  }

  /// Walks, and ends with a clean close, a power cut, and a last look at everything.
  void run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
    }
    mend();
    Store last = opened();
    if (!stopped) {
      closeCleanly(last);
    }
    crash(Crash.POWER_LOSS);
    Store found = opened();
    model.verify(found);
  }

  private boolean faulty() {
    return disk.failures() > failuresBefore;
  }

  private void mend() {
    disk.behave();
    disk.room(Long.MAX_VALUE);
    if (faulty()) {
      crash(Crash.KILL);
    }
  }

  private void step() {
    schedule();
    try {
      Store open = opened();
      act(open);
      if (store != null) {
        model.durable(open.durableEnd());
      }
    } catch (SimulatedCrash e) {
      crash(random.nextBoolean() ? Crash.KILL : Crash.POWER_LOSS);
    }
  }

  private void schedule() {
    if (random.nextInt(10) == 0) {
      disk.crashIn(1 + random.nextInt(1 << random.nextInt(7)));
    }
    if (random.nextInt(30) == 0) {
      disk.failIn(failing(), 1 + random.nextInt(6));
    }
    if (random.nextInt(20) == 0) {
      disk.room(random.nextInt(100_000));
    } else if (random.nextInt(4) == 0) {
      disk.room(Long.MAX_VALUE);
    }
  }

  private Set<Operation> failing() {
    return switch (random.nextInt(4)) {
      case 0 -> EnumSet.of(Operation.WRITE);
      case 1 -> EnumSet.of(Operation.FORCE, Operation.FORCE_NAMES);
      case 2 -> EnumSet.of(Operation.RENAME, Operation.CREATE, Operation.DELETE);
      default -> EnumSet.complementOf(EnumSet.of(Operation.EXISTS));
    };
  }

  private void act(Store open) {
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5 -> append(open);
      case 6, 7 -> appendIf(open);
      case 8, 9 -> appendBatch(open);
      case 10 -> sync(open);
      case 11, 12, 13 -> threads.runAny(random);
      case 14 -> threads.runWoken();
      case 15 -> clock.jump(random.nextInt(-4_000_000, 4_000_000));
      case 16 -> query(open);
      case 17 -> secondOwner();
      case 18 -> reopen(open);
      default -> crash(random.nextBoolean() ? Crash.KILL : Crash.POWER_LOSS);
    }
    clock.advance(random.nextInt(1 << random.nextInt(24)));
  }

  private void append(Store open) {
    Wanted wanted = wanted(random.nextBoolean());
    AppendOptions options = options(wanted);
    commit(open, List.of(wanted), () -> List.of(appendOne(open, wanted, options)));
  }

  private static Receipt appendOne(Store open, Wanted wanted, AppendOptions options) {
    if (wanted.kind().equals(Blob.KIND)) {
      return open.append(wanted.coordinate(), note(wanted), options);
    }
    var raw = RawPayload.of(wanted.kind(), wanted.version(), wanted.payload().toByteArray());
    return open.append(wanted.coordinate(), raw, options);
  }

  private void appendIf(Store open) {
    Wanted wanted = wanted(true);
    long actual = model.clock(wanted.coordinate().entity());
    long asked = random.nextBoolean() ? actual : random.nextInt(-1, 4);
    Expected expected = asked < 0 ? Expected.noStream() : Expected.exactly(asked);
    AppendOptions options = options(wanted);
    commit(
        open,
        List.of(wanted),
        () ->
            switch (open.appendIf(wanted.coordinate(), note(wanted), expected, options)) {
              case Receipt receipt -> {
                expect("expected clock", asked, actual);
                yield List.of(receipt);
              }
              case Appended.Conflict conflict -> {
                expect("conflict", asked != actual, true);
                Expected found = actual < 0 ? Expected.noStream() : Expected.exactly(actual);
                expect("what stands against it", conflict.actual(), found);
                yield List.of();
              }
            });
  }

  private void appendBatch(Store open) {
    var batch = new ArrayList<Wanted>();
    int bytes = 0;
    int count = 1 + random.nextInt(6);
    while (batch.size() < count && bytes < BATCH_BYTES_MAX / 2) {
      Wanted wanted = wanted(true);
      bytes += wanted.payload().count() + 500;
      if (bytes < BATCH_BYTES_MAX) {
        batch.add(wanted);
      }
    }
    if (batch.isEmpty()) {
      return;
    }
    List<BatchItem> items =
        batch.stream().map(one -> new BatchItem(one.coordinate(), note(one), tagged(one))).toList();
    AckLevel level = random.nextBoolean() ? AckLevel.VISIBLE : AckLevel.DURABLE;
    commit(open, batch, () -> open.appendBatch(items, level));
  }

  private interface Commit {
    /// {@return the receipts; none for a conflict}
    List<Receipt> run();
  }

  private void commit(Store open, List<Wanted> batch, Commit commit) {
    if (stopped) {
      refuseAfterFailure(commit);
      return;
    }
    model.attempted(batch);
    try {
      List<Receipt> receipts = commit.run();
      if (receipts.isEmpty()) {
        sights.add(Sight.CONFLICT);
        model.refused();
        return;
      }
      model.acknowledged(receipts, clock.wallMillis(clock.nanos()));
      if (receipts.getLast().level() == AckLevel.DURABLE) {
        model.durable(model.end());
      }
    } catch (DiskFull e) {
      sights.add(Sight.FULL);
      refuseUnscheduled(e);
      model.refused();
    } catch (DiskFailed e) {
      sights.add(Sight.FAILED);
      refuseUnscheduled(e);
      model.failed(open.end());
      model.verify(open);
      stopped = true;
    }
    if (random.nextInt(8) == 0) {
      model.verify(open);
    }
  }

  private static void refuseAfterFailure(Commit commit) {
    List<Receipt> accepted;
    try {
      accepted = commit.run();
    } catch (DiskFailed e) {
      return;
    }
    throw new AssertionError("an append after a failed one is accepted: " + accepted);
  }

  /// Nothing fails by itself.
  private void refuseUnscheduled(RuntimeException failure) {
    if (disk.failures() == 0 && disk.refusals() == 0) {
      throw new AssertionError("failed without a fault", failure);
    }
  }

  private void sync(Store open) {
    try {
      open.sync();
      model.durable(model.end());
    } catch (DiskFailed e) {
      refuseUnscheduled(e);
      stopped = true;
    }
  }

  private void query(Store open) {
    String entity = entity();
    String tag = tag();
    EventKind kind = kind();
    switch (random.nextInt(6)) {
      case 0 ->
          compare(
              open.entity(entity),
              model.sequences(one -> one.coordinate().entity().equals(entity)));
      case 1 ->
          compare(
              open.query(Region.all().tag(tag)), model.sequences(one -> one.tags().contains(tag)));
      case 2 ->
          compare(
              open.query(Region.all().kind(kind)), model.sequences(one -> one.kind().equals(kind)));
      case 3 ->
          compare(
              open.query(Region.namespace("a").scope("s0")),
              model.sequences(one ->
                  one.coordinate().entity().startsWith("a")
                      && one.coordinate().scope().equals("s0")));
      case 4 -> model.verify(open);
      default -> look(open);
    }
  }

  private static void compare(Results results, List<Long> expected) {
    expect("forward", results.stream().map(EventEntry::sequence).toList(), expected);
    expect(
        "backward",
        results.backward().stream().map(EventEntry::sequence).toList(),
        expected.reversed());
    expect("count", results.count(), (long) expected.size());
  }

  private void look(Store open) {
    if (model.end() > 0) {
      int sequence = random.nextInt(model.end());
      model.verify(sequence, open.at(sequence));
      Optional<EventEntry> found = open.get(model.id(sequence));
      expect("found by id", found.map(EventEntry::sequence), Optional.of((long) sequence));
    }
  }

  private void secondOwner() {
    try {
      Store.open(platform(new SimulatedThreads()), config, Blob.CATALOGUE).close();
      throw new AssertionError("there is a second owner");
    } catch (Locked e) {
      expect("still locked", disk.locked(), true);
    } catch (DiskFailed e) {
      refuseUnscheduled(e);
    }
  }

  private void reopen(Store open) {
    try {
      closeCleanly(open);
    } catch (DiskFailed e) {
      refuseUnscheduled(e);
      release();
    }
    config = configured();
  }

  private void closeCleanly(Store open) {
    open.close();
    release();
    if (!stopped && !faulty()) {
      model.durable(model.end());
      expect("open files after a close", disk.openFiles(), filesBefore);
      clean = true;
    }
  }

  /// The store is closed, well or not: it must have let go of everything.
  private void release() {
    store = null;
    model.crashed(Crash.KILL);
    expect("threads after a close", threads.live(), List.of());
    expect("locked after a close", disk.locked(), false);
  }

  private void crash(Crash crash) {
    sights.add(crash == Crash.KILL ? Sight.KILL : Sight.POWER_LOSS);
    clean = false;
    disk = disk.afterCrash(crash);
    model.crashed(crash);
    store = null;
  }

  private Store opened() {
    Store open = store;
    for (int i = 0; open == null; i++) {
      if (i == OPEN_TRIES_MAX) {
        throw new AssertionError("does not open");
      }
      open = tryOpen();
    }
    store = open;
    return open;
  }

  private @Nullable Store tryOpen() {
    threads = new SimulatedThreads();
    filesBefore = disk.openFiles();
    try {
      Store open = Store.open(platform(threads), config, Blob.CATALOGUE);
      failuresBefore = disk.failures();
      stopped = false;
      note(open.openReport());
      clean = false;
      model.recovered(open);
      return open;
    } catch (SimulatedCrash e) {
      sights.add(Sight.CRASH_WHILE_OPENING);
      crash(random.nextBoolean() ? Crash.KILL : Crash.POWER_LOSS);
    } catch (DiskFailed | DiskFull e) {
      sights.add(Sight.OPEN_FAILED);
      refuseUnscheduled(e);
      expect("threads after a failed open", threads.live(), List.of());
      expect("locked after a failed open", disk.locked(), false);
      expect("open files after a failed open", disk.openFiles(), filesBefore);
      disk.room(Long.MAX_VALUE);
    }
    return null;
  }

  private void note(OpenReport report) {
    see(Sight.CUT, report.cutBytes() > 0);
    see(Sight.DROPPED_SEGMENT, report.droppedSegments() > 0);
    see(Sight.SEALED, report.sealedSegments() > 0);
    see(Sight.SEVERAL_UNSEALED, report.segments() > report.sealedSegments() + 1);
    see(Sight.SCANNED_BEHIND_SEALED, report.sealedSegments() > 0 && report.scannedEvents() > 0);
    see(Sight.LOST_VISIBLE, report.events() < model.end());
    see(Sight.DOUBTFUL_SURVIVED, report.events() > model.end());
    if (clean) {
      expect("cut after a clean close", report.cutReason(), "");
      expect("dropped after a clean close", report.droppedSegments(), 0);
      expect("events after a clean close", report.events(), (long) model.end());
    }
  }

  private void see(Sight sight, boolean seen) {
    if (seen) {
      sights.add(sight);
    }
  }

  private Platform platform(SimulatedThreads on) {
    return new Platform(disk, disk.counting(clock), on, entropy);
  }

  private StoreConfig configured() {
    SyncPolicy policy =
        switch (random.nextInt(8)) {
          case 0 -> SyncPolicy.everyCommit();
          case 1, 2 -> SyncPolicy.osDecides();
          case 3 -> SyncPolicy.bounded(Duration.ofMillis(1), 1 << 16);
          default -> SyncPolicy.bounded();
        };
    return StoreConfig.of(disk.root())
        .withSegmentBytes(random.nextInt(4) == 0 ? 1 << 17 : 1 << 16)
        .withSync(policy);
  }

  private Wanted wanted(boolean note) {
    int bytesMax = random.nextBoolean() ? payloadBytesMax : 40;
    byte[] content = new byte[random.nextInt(bytesMax)];
    random.nextBytes(content);
    var tags = new TreeSet<String>();
    for (int i = random.nextInt(4); i > 1; i--) {
      tags.add(tag());
    }
    return new Wanted(
        new Coordinate(entity(), "s" + random.nextInt(2)),
        note ? Blob.KIND : kind(),
        note ? Blob.VERSION : random.nextInt(4),
        List.copyOf(tags),
        Bytes.copyOf(Blob.of(content).messagePack()));
  }

  private String entity() {
    return (random.nextBoolean() ? "a" : "b") + ":" + random.nextInt(ENTITIES);
  }

  private String tag() {
    return "t:" + random.nextInt(4);
  }

  private EventKind kind() {
    return new EventKind(0xE, 0x0B0 + random.nextInt(3));
  }

  private static Blob note(Wanted wanted) {
    var reader = new io.batpak.payload.MessageReader(wanted.payload().toByteArray());
    reader.payload("note");
    return Blob.of(reader.readBinary());
  }

  private AppendOptions options(Wanted wanted) {
    AppendOptions options = tagged(wanted);
    return switch (random.nextInt(3)) {
      case 0 -> options.level(AckLevel.DURABLE);
      case 1 -> options.level(AckLevel.VISIBLE);
      default -> options;
    };
  }

  private static AppendOptions tagged(Wanted wanted) {
    return new AppendOptions(Optional.empty(), wanted.tags(), Optional.empty(), Optional.empty());
  }
}
