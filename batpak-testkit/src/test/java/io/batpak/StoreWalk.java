package io.batpak;

import static io.batpak.LogModel.expect;

import io.batpak.StoreModel.Cancel;
import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.engine.ReadOnlyEngine;
import io.batpak.engine.platform.Platform;
import io.batpak.evidence.OpenReport;
import io.batpak.evidence.Verification;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.DiskFull;
import io.batpak.failure.Locked;
import io.batpak.payload.Catalogue;
import io.batpak.testkit.simulated.SimulatedClock;
import io.batpak.testkit.simulated.SimulatedCrash;
import io.batpak.testkit.simulated.SimulatedDisk;
import io.batpak.testkit.simulated.SimulatedDisk.Crash;
import io.batpak.testkit.simulated.SimulatedDisk.Operation;
import io.batpak.testkit.simulated.SimulatedEntropy;
import io.batpak.testkit.simulated.SimulatedThreads;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A random walk of one store over a simulated disk, step by step beside its model, through one
/// process after the other. One thread; all chance comes from one source.
final class StoreWalk implements AutoCloseable {

  private static final int FILE_BYTES_MAX = 192 << 10;
  private static final long START_MILLIS = 1_790_000_000_000L;
  private static final int OPEN_TRIES_MAX = 20;
  private static final Catalogue CATALOGUE = Phase.catalogue();

  private final RandomGenerator random;
  private final SimulatedClock clock = new SimulatedClock(START_MILLIS);
  private final SimulatedEntropy entropy;
  private final StoreModel model = new StoreModel();
  private final EnumSet<Sight> sights = EnumSet.noneOf(Sight.class);
  private final OpenStore.Scene scene;
  private SimulatedThreads threads = new SimulatedThreads(clock);
  private SimulatedDisk disk;
  private StoreConfig config;
  private @Nullable OpenStore process;

  /// A process that has closed its store in good order, and whose last answers are still to be
  /// looked at.
  private @Nullable OpenStore closed;

  private long failuresBefore;
  private List<String> filesBefore = List.of();
  private boolean clean;

  /// Whether the process that runs has found what the disk lacks.
  private boolean foundLost;

  /// The fence whose commit a crash has cut.
  private StoreModel.@Nullable Fence cutCommit;

  StoreWalk(RandomGenerator random) {
    this.random = random;
    this.entropy = new SimulatedEntropy(random.nextLong());
    this.disk = new SimulatedDisk(random.nextLong(), FILE_BYTES_MAX);
    var wishes = new Wishes(random, model.log(), random.nextBoolean() ? 22_000 : 300);
    this.scene = new OpenStore.Scene(random, clock, model, wishes, sights);
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
    closeCleanly(opened());
    crash(Crash.POWER_LOSS);
    Store found = opened().store();
    model.log().verify(Look.at(found), model.log().end());
    verifyFiles();
  }

  private boolean faulty() {
    return disk.failures() > failuresBefore;
  }

  private static boolean faultyOrFull(SimulatedDisk on) {
    return on.failures() > 0 || on.refusals() > 0;
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
      act(opened());
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

  private void act(OpenStore open) {
    switch (random.nextInt(40)) {
      case 0 -> clock.jump(random.nextInt(-4_000_000, 4_000_000));
      case 1, 2 -> reopen(open);
      case 3, 4 -> crash(random.nextBoolean() ? Crash.KILL : Crash.POWER_LOSS);
      case 5 -> secondOwner();
      case 6 -> beside(open);
      default -> open.act();
    }
    clock.advance(random.nextInt(1 << random.nextInt(24)));
  }

  /// Nothing fails by itself.
  private void refuseUnscheduled(RuntimeException failure) {
    if (!faultyOrFull(disk)) {
      throw new AssertionError("failed without a fault", failure);
    }
  }

  private void secondOwner() {
    try {
      Store.open(platform(new SimulatedThreads()), config, CATALOGUE).close();
      throw new AssertionError("there is a second owner");
    } catch (Locked e) {
      expect("still locked", disk.locked(), true);
    } catch (DiskFailed e) {
      refuseUnscheduled(e);
    }
  }

  /// One who does not own the store looks at it, or at a copy of its files.
  private void beside(OpenStore open) {
    if (open.stopped() || faulty()) {
      return;
    }
    try {
      if (random.nextInt(3) == 0) {
        copy();
      } else {
        readBeside();
      }
    } catch (DiskFailed e) {
      refuseUnscheduled(e);
    }
  }

  private void readBeside() {
    try (var engine = ReadOnlyEngine.open(disk, disk.counting(clock))) {
      var view = new LogView(disk.root(), CATALOGUE, engine::snapshot);
      model.log().verify(Look.at(view), model.log().end());
      sights.add(Sight.READ_BESIDE);
    }
  }

  private void copy() {
    try (var copied = new SimulatedDisk(random.nextLong(), FILE_BYTES_MAX)) {
      for (String name : disk.names()) {
        copied.replace(name, disk.bytes(name));
      }
      var platform = new Platform(copied, clock, new SimulatedThreads(clock), entropy);
      try (Store store = Store.open(platform, config, CATALOGUE)) {
        model.log().verify(Look.at(store), model.log().end());
        sights.add(Sight.COPIED);
      }
    }
  }

  private void verifyFiles() {
    Verification found = ReadOnlyEngine.verify(disk);
    for (Verification.Problem problem : found.problems()) {
      // A crash in the middle of a footer; the index is made from the frames.
      expect(problem.toString(), problem.remedy(), Verification.Remedy.NONE);
    }
    expect("frames", found.frames(), (long) model.log().end());
    sights.add(Sight.VERIFIED);
  }

  private void reopen(OpenStore open) {
    try {
      closeCleanly(open);
    } catch (DiskFailed e) {
      refuseUnscheduled(e);
      release();
    }
    config = configured();
  }

  private void closeCleanly(OpenStore open) {
    long refusalsBefore = disk.refusals();
    Cancel cancel = model.active().map(Cancel::new).orElse(null);
    if (cancel != null && !open.stopped()) {
      model.last(cancel);
    }
    open.store().close();
    expect("a store that had failed, and closed without a word", open.stopped(), false);
    // What found no room while it was closed is told by the next opening only.
    boolean whole = !faulty() && disk.refusals() == refusalsBefore;
    if (whole) {
      model.closed();
      closed = open;
      see(Sight.FENCE_CLOSED, cancel != null);
    }
    release();
    model.durable(model.log().end());
    expect("open files after a close", disk.openFiles(), filesBefore);
    clean = whole;
    if (random.nextInt(4) == 0) {
      // Nothing may rest on what is in the page cache only.
      disk.dropCaches();
    }
  }

  /// The store is closed, well or not: it must have let go of everything.
  private void release() {
    process = null;
    model.crashed(Crash.KILL);
    expect("threads after a close", threads.live(), List.of());
    expect("locked after a close", disk.locked(), false);
  }

  private void crash(Crash crash) {
    sights.add(crash == Crash.KILL ? Sight.KILL : Sight.POWER_LOSS);
    see(Sight.FENCE_LEFT_BY_CRASH, model.active().isPresent());
    OpenStore cut = process;
    Optional<Sight> doing = cut == null ? Optional.empty() : cut.doing();
    doing.ifPresent(sights::add);
    cutCommit =
        doing.equals(Optional.of(Sight.CUT_BY_CRASH_AT_COMMIT))
            ? model.active().orElse(null)
            : null;
    clean = false;
    see(Sight.POWER_LOSS_BEHIND_LOST, foundLost && crash == Crash.POWER_LOSS);
    disk = disk.afterCrash(crash);
    model.crashed(crash);
    process = null;
    if (random.nextInt(8) == 0) {
      // As much is lost as a power cut may take.
      disk.dropCaches();
      model.crashed(Crash.POWER_LOSS);
    }
  }

  private OpenStore opened() {
    OpenStore open = process;
    for (int i = 0; open == null; i++) {
      if (i == OPEN_TRIES_MAX) {
        throw new AssertionError("does not open");
      }
      open = tryOpen();
    }
    process = open;
    return open;
  }

  private @Nullable OpenStore tryOpen() {
    threads = new SimulatedThreads(clock);
    filesBefore = disk.openFiles();
    SimulatedDisk mine = disk;
    boolean lost = disk.lost();
    try {
      Store store = Store.open(platform(threads), config, CATALOGUE);
      failuresBefore = disk.failures();
      note(store.openReport());
      clean = false;
      foundLost = lost;
      see(Sight.OPENED_ON_LOST, lost);
      model.recovered(store);
      model.failing(() -> mine.failures() > 0);
      noteFences();
      if (closed != null) {
        closed.closed();
        closed = null;
      }
      return new OpenStore(store, threads, config, () -> faultyOrFull(mine), scene);
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
    see(Sight.LOST_VISIBLE, report.events() < model.log().end());
    see(Sight.DOUBTFUL_SURVIVED, !clean && report.events() > model.log().end());
    if (clean) {
      expect("cut after a clean close", report.cutReason(), "");
      expect("dropped after a clean close", report.droppedSegments(), 0);
    }
  }

  private void noteFences() {
    see(Sight.HIDDEN, model.log().hasHidden());
    StoreModel.Fence cut = cutCommit;
    if (cut != null && model.log().end() > cut.begun()) {
      boolean lost = model.log().unended() == cut.begun();
      sights.add(lost ? Sight.FENCE_COMMIT_LOST : Sight.FENCE_COMMIT_SURVIVED_UNANSWERED);
    }
    cutCommit = null;
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
        .withLevel(random.nextInt(4) == 0 ? AckLevel.DURABLE : AckLevel.VISIBLE)
        .withQueueCapacity(8 << random.nextInt(3))
        .withSync(policy);
  }
}
