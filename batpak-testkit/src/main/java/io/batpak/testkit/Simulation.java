package io.batpak.testkit;

import io.batpak.Store;
import io.batpak.config.StoreConfig;
import io.batpak.engine.platform.Platform;
import io.batpak.payload.Catalogue;
import io.batpak.testkit.simulated.SimulatedClock;
import io.batpak.testkit.simulated.SimulatedCrash;
import io.batpak.testkit.simulated.SimulatedDisk;
import io.batpak.testkit.simulated.SimulatedDisk.Crash;
import io.batpak.testkit.simulated.SimulatedEntropy;
import io.batpak.testkit.simulated.SimulatedThreads;
import java.nio.file.Path;
import java.time.Instant;

/// A machine for one store: a disk in memory, a clock that the test moves, threads that run when
/// they are told to. The store on it is the real one.
///
/// The process may die at any step ([#kill], [#losePower], [FaultPlan#crashAt]); the next [#open]
/// finds what is left. A *step* is an operation on the disk or a look at the clock, which every
/// commit takes, so between two appends there is always one.
///
/// Everything happens on the calling thread, and the same seed gives the same run. What the store
/// does in the background is done by [#settle], and whenever the calling thread would have to wait
/// for it; if there is nothing to do but wait, time passes on the [#clock]. For one thread; tests
/// with several use [MemoryStore].
public final class Simulation implements AutoCloseable {

  /// Long enough for all but large batches, short enough to be made a thousand times.
  private static final int SEGMENT_BYTES = 1 << 20;

  /// Room for the footer behind the frames, which is never longer than they are.
  private static final int FOOTER_BYTES_MIN = 1 << 16;

  private static final long START_MILLIS = Instant.parse("2030-01-01T00:00:00Z").toEpochMilli();

  private static final int SETTLE_ROUNDS_MAX = 100_000;

  private final StoreConfig config;
  private final SimulatedEntropy entropy;
  private final SimulatedClock clock;
  private final VirtualClock virtualClock;
  private final FaultPlan faults;
  private SimulatedDisk disk;
  private SimulatedThreads threads;

  private Simulation(long seed, StoreConfig config) {
    this.config = config;
    this.entropy = new SimulatedEntropy(seed);
    this.clock = new SimulatedClock(START_MILLIS);
    this.virtualClock = new VirtualClock(clock);
    this.disk = new SimulatedDisk(seed, fileBytesMax(config));
    this.threads = new SimulatedThreads(clock);
    this.faults = new FaultPlan(disk, clock);
  }

  static int fileBytesMax(StoreConfig config) {
    return (int) Math.min(Integer.MAX_VALUE, 2L * config.segmentBytes() + FOOTER_BYTES_MIN);
  }

  /// {@return an empty machine with the settings of [#config()]}
  ///
  /// @param seed decides everything that is left to chance
  public static Simulation of(long seed) {
    return of(seed, config());
  }

  /// {@return an empty machine}
  ///
  /// @param seed decides everything that is left to chance
  /// @param config the settings of the store; the directory is only a name. Every segment takes
  ///   twice its length in memory
  public static Simulation of(long seed, StoreConfig config) {
    return new Simulation(seed, config);
  }

  /// {@return the usual settings of a store, but for segments of 1 MiB}
  public static StoreConfig config() {
    return StoreConfig.of(Path.of("simulated")).withSegmentBytes(SEGMENT_BYTES);
  }

  /// Opens the store with the payload codecs of the class path or module path.
  ///
  /// @return the store of the process that runs now
  /// @throws io.batpak.failure.StoreException as [Store#open(StoreConfig)]
  public Store open() {
    return open(Catalogue.load());
  }

  /// Opens the store.
  ///
  /// @param catalogue the payload codecs
  /// @return the store of the process that runs now
  /// @throws io.batpak.failure.StoreException as [Store#open(StoreConfig)]
  public Store open(Catalogue catalogue) {
    threads = new SimulatedThreads(clock);
    return Store.open(
        new Platform(disk, disk.counting(clock), threads, entropy), config, catalogue);
  }

  /// {@return what goes wrong}
  public FaultPlan faults() {
    return faults;
  }

  /// {@return the time}
  public VirtualClock clock() {
    return virtualClock;
  }

  /// Does what the store has to do in the background now: forces that are due, segments to prepare
  /// and to seal.
  public void settle() {
    threads.settle(SETTLE_ROUNDS_MAX);
  }

  /// Runs work of the process, which may die in it.
  ///
  /// A process that dies throws an error of its own sort from the store's methods, then and from
  /// then on. Here it ends.
  ///
  /// @param work uses the store
  /// @return whether the process has outlived it
  public boolean outlives(Runnable work) {
    try {
      work.run();
    } catch (SimulatedCrash e) {
      return false;
    }
    return !crashed();
  }

  /// {@return whether the process has died and no [#kill] or [#losePower] has said how}
  public boolean crashed() {
    return disk.crashed();
  }

  /// {@return the step at which the process died, in words; empty if it did not}
  public String crashPlace() {
    return disk.crashPlace();
  }

  /// {@return how many steps the process that runs now has taken}
  public long steps() {
    return disk.operations();
  }

  /// Ends the process, if it has not died yet: everything that was written survives. Its store must
  /// not be used any more; the next [#open] is another process.
  public void kill() {
    end(Crash.KILL);
  }

  /// Cuts the power: of what was not forced, anything may be lost. The process's store must not be
  /// used any more; the next [#open] is another process.
  public void losePower() {
    end(Crash.POWER_LOSS);
  }

  private void end(Crash crash) {
    disk = disk.afterCrash(crash);
    threads = new SimulatedThreads(clock);
    faults.moveTo(disk);
  }

  /// Gives the memory back. No store of this machine may be used afterwards.
  @Override
  public void close() {
    disk.close();
  }
}
