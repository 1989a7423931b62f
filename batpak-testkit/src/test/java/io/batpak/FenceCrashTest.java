package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.engine.ReadOnlyEngine;
import io.batpak.engine.platform.Platform;
import io.batpak.event.Coordinate;
import io.batpak.event.EventId;
import io.batpak.event.LifecycleKinds;
import io.batpak.query.Query;
import io.batpak.query.Region;
import io.batpak.testkit.simulated.SimulatedClock;
import io.batpak.testkit.simulated.SimulatedCrash;
import io.batpak.testkit.simulated.SimulatedDisk;
import io.batpak.testkit.simulated.SimulatedDisk.Crash;
import io.batpak.testkit.simulated.SimulatedEntropy;
import io.batpak.testkit.simulated.SimulatedThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Proves that a visibility fence is whole or absent whatever the moment of a crash: at each step
/// of begin, write, commit, cancel, close and the end of its time. Would catch a fence seen in
/// part, a commit that was answered and is lost, a hidden event that comes back. Seeds 0 to 2.
class FenceCrashTest {

  private static final int SEEDS = 3;

  /// More than any script has steps.
  private static final int STEPS_MAX = 5_000;

  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Coordinate FIRST = new Coordinate("a:1", "s0");
  private static final Coordinate SECOND = new Coordinate("a:2", "s0");
  private static final long START_MILLIS = 1_790_000_000_000L;
  private static final Query EVERYTHING = Query.of(Region.all(), Region.all().category(0x0));

  /// How many events the fence of the script holds.
  private static final int FENCED = 4;

  /// How the script ends its fence.
  enum Ending {
    COMMIT,
    CANCEL,
    CLOSE_THE_STORE,
    RUN_OUT_OF_TIME
  }

  /// One process: what it did, and what it was told.
  private static final class Run {
    final SimulatedClock clock = new SimulatedClock(START_MILLIS);
    final SimulatedThreads threads = new SimulatedThreads(clock);
    final SimulatedDisk disk;
    final List<Receipt> durableBefore = new ArrayList<>();
    final List<Receipt> fenced = new ArrayList<>();
    boolean committed;
    boolean finished;

    Run(SimulatedDisk disk) {
      this.disk = disk;
    }

    Store open() {
      var platform = new Platform(disk, disk.counting(clock), threads, new SimulatedEntropy(1));
      StoreConfig config = StoreConfig.of(disk.root()).withSegmentBytes(1 << 16);
      return Store.open(platform, config, Blob.CATALOGUE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_fence_is_whole_or_absent_wherever_its_process_is_killed(Ending ending) {
    atEveryStep(ending, Crash.KILL);
  }

  @ParameterizedTest
  @EnumSource
  void a_fence_is_whole_or_absent_wherever_its_power_is_cut(Ending ending) {
    atEveryStep(ending, Crash.POWER_LOSS);
  }

  private static void atEveryStep(Ending ending, Crash crash) {
    for (int seed = 0; seed < SEEDS; seed++) {
      boolean finished = false;
      for (int step = 1; !finished; step++) {
        assertThat(step).isLessThan(STEPS_MAX);
        finished = crashAt(step, seed, ending, crash);
      }
    }
  }

  /// {@return whether the script ended before the crash}
  private static boolean crashAt(int step, int seed, Ending ending, Crash crash) {
    try (var disk = new SimulatedDisk(seed, 1 << 18)) {
      var process = new Run(disk);
      disk.crashIn(step);
      try {
        script(process, ending);
      } catch (SimulatedCrash e) {
        assertThat(process.finished).isFalse();
      }
      SimulatedDisk left = disk.afterCrash(crash);
      List<Long> found = found(process, left, Long.MAX_VALUE, store -> {});
      long until = found.isEmpty() ? 0 : found.getLast() + 1;
      SimulatedDisk again = left.afterCrash(crash);
      List<Long> foundAgain = found(process, again, until, FenceCrashTest::goOn);
      assertThat(foundAgain).as("opened twice, crash at step %d", step).isEqualTo(found);
      var _ = found(process, again.afterCrash(crash), until, store -> {});
      return process.finished;
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ", step " + step, e);
    }
  }

  private static void script(Run process, Ending ending) {
    Store store = process.open();
    process.durableBefore.add(store.append(FIRST, blob(1), AppendOptions.durable()));
    VisibilityFence fence = store.fence(LIMIT);
    process.fenced.add(fence.append(FIRST, blob(2)));
    process.fenced.addAll(fence.appendBatch(List.of(event(FIRST, 3), event(SECOND, 4))));
    process.threads.settle(100);
    process.fenced.add(fence.appendIf(event(FIRST, 5).key("k")).orThrow());
    end(process, store, fence, ending);
    if (ending != Ending.CLOSE_THE_STORE) {
      assertThat(store.append(SECOND, blob(6)).level()).isEqualTo(AckLevel.VISIBLE);
      process.threads.settle(100);
      store.close();
    }
    process.finished = true;
  }

  private static void end(Run process, Store store, VisibilityFence fence, Ending ending) {
    switch (ending) {
      case COMMIT -> {
        assertThat(fence.commit()).isEqualTo(VisibilityFence.End.VISIBLE);
        process.committed = true;
      }
      case CANCEL -> fence.cancel();
      case CLOSE_THE_STORE -> store.close();
      case RUN_OUT_OF_TIME -> {
        process.clock.advance(LIMIT.toNanos());
        process.threads.settle(100);
        assertThat(fence.commit()).isEqualTo(VisibilityFence.End.EXPIRED);
      }
    }
  }

  /// Opens what is left, checks it, and lets the new process do something.
  ///
  /// @param until what stands behind is not of the process that died
  /// @return the sequences that can be seen of what was there when it was opened
  private static List<Long> found(Run dead, SimulatedDisk left, long until, Consumer<Store> work) {
    Store store = new Run(left).open();
    List<Long> seen = sequences(store);
    verifyFence(dead, store, seen, until);
    assertThat(read(left)).as("what one sees who only looks").isEqualTo(seen);
    work.accept(store);
    assertThat(ReadOnlyEngine.verify(left).problems()).isEmpty();
    return seen;
  }

  private static void verifyFence(Run dead, Store store, List<Long> seen, long until) {
    for (Receipt receipt : dead.durableBefore) {
      assertThat(seen).as("durable before the fence").contains(receipt.sequence());
    }
    List<Long> fenced = new ArrayList<>();
    boolean committed = false;
    for (EventEntry entry : store.query(EVERYTHING)) {
      committed |= entry.kind().equals(LifecycleKinds.FENCE_COMMITTED);
      boolean old = entry.sequence() < until && entry.kind().equals(Blob.KIND);
      if (old && content(entry) > 1 && content(entry) < 6) {
        fenced.add(entry.sequence());
      }
    }
    assertThat(fenced).as("whole or absent").hasSize(committed ? FENCED : 0);
    assertThat(committed || !dead.committed).as("a commit that was answered").isTrue();
    for (Receipt receipt : dead.fenced) {
      EventId id = receipt.id();
      assertThat(store.end()).as("durable at once").isGreaterThan(receipt.sequence());
      assertThat(store.get(id).isPresent()).isEqualTo(committed);
    }
    assertThat(store.entity(FIRST.entity()).count() + store.entity(SECOND.entity()).count())
        .isEqualTo(store.query(Region.all()).count());
  }

  /// What was hidden still carries the chain; its key is free, that of what is seen is not.
  private static void goOn(Store store) {
    boolean committed = store.query(Region.all().kind(LifecycleKinds.FENCE_COMMITTED)).count() > 0;
    long before = store.entity(FIRST.entity()).count();
    long end = store.end();

    Appended answer = store.appendIf(event(FIRST, 5).key("k"));

    boolean repeated = answer.orThrow().sequence() < end;
    assertThat(repeated).as("the key is known").isEqualTo(committed);
    assertThat(store.entity(FIRST.entity()).count()).isEqualTo(repeated ? before : before + 1);
    assertThat(store.append(SECOND, blob(7), AppendOptions.durable()).sequence())
        .isEqualTo(store.end() - 1);
  }

  private static List<Long> sequences(Store store) {
    return store.query(EVERYTHING).stream().map(EventEntry::sequence).toList();
  }

  private static List<Long> read(SimulatedDisk left) {
    try (var engine = ReadOnlyEngine.open(left, new SimulatedClock(START_MILLIS))) {
      var view = new LogView(left.root(), Blob.CATALOGUE, engine::snapshot);
      return new Results(view, EVERYTHING).stream().map(EventEntry::sequence).toList();
    }
  }

  private static int content(EventEntry entry) {
    return entry.payload(Blob.class).content().toByteArray()[0];
  }

  private static NewEvent event(Coordinate place, int content) {
    return NewEvent.of(place, blob(content));
  }

  private static Blob blob(int content) {
    return Blob.of(new byte[] {(byte) content});
  }
}
