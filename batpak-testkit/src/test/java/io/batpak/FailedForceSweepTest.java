package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.StoreConfig;
import io.batpak.engine.platform.Disk;
import io.batpak.engine.platform.Platform;
import io.batpak.event.Coordinate;
import io.batpak.failure.Corrupt;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.StoreException;
import io.batpak.query.Region;
import io.batpak.testkit.simulated.SimulatedClock;
import io.batpak.testkit.simulated.SimulatedCrash;
import io.batpak.testkit.simulated.SimulatedDisk;
import io.batpak.testkit.simulated.SimulatedDisk.Crash;
import io.batpak.testkit.simulated.SimulatedDisk.Operation;
import io.batpak.testkit.simulated.SimulatedEntropy;
import io.batpak.testkit.simulated.SimulatedThreads;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Proves that nothing is answered as durable behind bytes or names that a failed force has
/// dropped, and that the page cache still shows: not by the next process, not by one whose own
/// opening dies or fails at any operation. Would catch an opening that forces the files as they
/// are, one that changes them in an order that no crash may cut. Deterministic.
class FailedForceSweepTest {

  private static final long START_MILLIS = 1_790_000_000_000L;
  private static final Coordinate PLACE = new Coordinate("a:1", "s");
  private static final AppendOptions DURABLE = AppendOptions.durable();
  private static final Set<Operation> ANY = EnumSet.complementOf(EnumSet.of(Operation.CLOSE));
  private static final int SEEDS = 6;
  private static final int OPERATIONS_MAX = 200;

  /// What goes wrong in the first process.
  @SuppressWarnings("ImmutableEnumChecker") // sets that nobody changes
  private enum Shape {
    /// Nothing is there yet, and the first opening fails.
    NEW_STORE(EnumSet.of(Operation.FORCE_NAMES), 0, 0),
    /// A force of one segment.
    ONE_SEGMENT(EnumSet.of(Operation.FORCE), 3, 3),
    /// A force after several rotations, with segments on their way to a footer.
    SEVERAL_SEGMENTS(EnumSet.of(Operation.FORCE), 3, 24),
    /// A force of the directory, with the name of a new segment.
    NAMES(EnumSet.of(Operation.FORCE_NAMES), 3, 24);

    final Set<Operation> failing;
    final int durable;
    final int visible;

    Shape(Set<Operation> failing, int durable, int visible) {
      this.failing = failing;
      this.durable = durable;
      this.visible = visible;
    }
  }

  /// How an opening goes.
  private UnaryOperator<Disk> opening = UnaryOperator.identity();

  /// A directory, and what must be in it.
  private final class Life implements AutoCloseable {
    private final List<Blob> kept = new ArrayList<>();
    private SimulatedDisk disk;
    private int next;

    Life(long seed) {
      disk = new SimulatedDisk(seed, 192 << 10);
    }

    Store open() {
      var platform =
          new Platform(
              opening.apply(disk),
              new SimulatedClock(START_MILLIS),
              new SimulatedThreads(),
              new SimulatedEntropy(2));
      StoreConfig config = StoreConfig.of(disk.root()).withSegmentBytes(1 << 16);
      return Store.open(platform, config, Blob.CATALOGUE);
    }

    void append(Store store, AppendOptions options) {
      byte[] content = new byte[7_100];
      content[0] = (byte) next++;
      Blob blob = Blob.of(content);
      store.append(PLACE, blob, options);
      if (options.equals(DURABLE)) {
        kept.add(blob);
      }
    }

    /// The first process, which ends after a force that fails.
    Life failed(Shape shape) {
      if (shape == Shape.NEW_STORE) {
        disk.failIn(shape.failing, 1);
        assertThatThrownBy(this::open).isInstanceOf(DiskFailed.class);
        return this;
      }
      Store store = open();
      for (int i = 0; i < shape.durable; i++) {
        append(store, DURABLE);
      }
      disk.failIn(shape.failing, 1);
      try {
        for (int i = 0; i < shape.visible; i++) {
          append(store, AppendOptions.none());
        }
        append(store, DURABLE);
        throw new AssertionError("no force has failed");
      } catch (DiskFailed e) {
        assertThatThrownBy(store::close).isInstanceOf(DiskFailed.class);
      }
      disk.behave();
      return this;
    }

    /// A process that answers an append as durable.
    void goesOn() {
      Store store = open();
      append(store, DURABLE);
      if (next % 2 == 0) {
        store.close();
      }
    }

    /// A process after a power cut.
    void holds(String when) {
      disk = disk.afterCrash(Crash.POWER_LOSS);
      Store store = open();
      assertThat(store.query(Region.all()).payloads(Blob.class)).as(when).containsSubsequence(kept);
      store.close();
    }

    @Override
    public void close() {
      disk.close();
    }
  }

  private interface Story {

    /// {@return whether something happened at the operation}
    boolean tell(Life life, int operation);
  }

  private void each(Story story) {
    for (Shape shape : Shape.values()) {
      for (int seed = 0; seed < SEEDS; seed++) {
        boolean happened = true;
        for (int operation = 1; happened; operation++) {
          assertThat(operation).isLessThan(OPERATIONS_MAX);
          try (var life = new Life(1_000L * operation + seed)) {
            happened = story.tell(life.failed(shape), operation);
            life.holds(shape + ", seed " + seed + ", operation " + operation);
          }
        }
      }
    }
  }

  @Test
  void what_is_answered_after_an_opening_that_was_killed_anywhere_is_kept() {
    each((life, operation) -> {
      boolean killed = openKilled(life, operation);
      if (killed) {
        life.disk = life.disk.afterCrash(Crash.KILL);
      }
      life.goesOn();
      return killed;
    });
  }

  @Test
  void what_was_answered_before_a_power_cut_anywhere_in_an_opening_is_kept() {
    each((life, operation) -> {
      boolean killed = openKilled(life, operation);
      life.disk = life.disk.afterCrash(Crash.POWER_LOSS);
      life.goesOn();
      return killed;
    });
  }

  private static boolean openKilled(Life life, int operation) {
    life.disk.crashIn(operation);
    try {
      life.open().close();
      life.disk.behave();
      return false;
    } catch (SimulatedCrash e) {
      return true;
    }
  }

  @Test
  void what_is_answered_after_an_opening_that_failed_anywhere_is_kept() {
    each((life, operation) -> {
      life.disk.failIn(ANY, operation);
      try {
        life.open().close();
      } catch (DiskFailed e) {
        assertThat(life.disk.failures()).isEqualTo(2);
      }
      life.disk.behave();
      life.goesOn();
      return life.disk.failures() == 2;
    });
  }

  @Test
  void what_is_answered_after_a_cut_that_failed_anywhere_is_kept() {
    each((life, operation) -> {
      // Half a frame at the end, or nothing.
      life.disk.crashIn(EnumSet.of(Operation.WRITE), 2 + operation % 3);
      try {
        life.goesOn();
      } catch (SimulatedCrash e) {
        assertThat(life.disk.crashed()).isTrue();
      }
      life.disk = life.disk.afterCrash(Crash.KILL);
      long before = life.disk.failures();
      life.disk.failIn(ANY, operation);
      try {
        life.open().close();
      } catch (StoreException e) {
        assertThat(life.disk.failures()).isGreaterThan(before);
      }
      life.disk.behave();
      life.goesOn();
      return life.disk.failures() > before;
    });
  }

  @Test
  void an_opening_that_only_forces_is_found_out() {
    opening = FailedForceSweepTest::inPlace;

    assertThatThrownBy(this::what_is_answered_after_an_opening_that_was_killed_anywhere_is_kept)
        .isInstanceOfAny(AssertionError.class, Corrupt.class);
  }

  /// A directory in which no segment can be written anew: its old file stays.
  private static Disk inPlace(Disk disk) {
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (_, method, arguments) -> {
              boolean anew =
                  method.getName().equals("rename")
                      && arguments[0].equals(arguments[1] + ".tmp")
                      && arguments[1].toString().endsWith(".fbat");
              try {
                if (anew) {
                  disk.delete(arguments[0].toString());
                  return null;
                }
                return method.invoke(disk, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void a_footer_that_the_disk_lacks_costs_a_scan_and_no_event() {
    var sealed = new HashSet<String>();
    for (int seed = 0; seed < 5 * SEEDS; seed++) {
      try (var life = new Life(seed)) {
        sealed.add(footerFailed(life));
      }
    }
    assertThat(sealed).contains("1 0").isSubsetOf("1 0", "1 1");
  }

  /// {@return how many segments were sealed for the next process, and how many after a power cut}
  private static String footerFailed(Life life) {
    Store store = life.open();
    while (life.disk.names().stream().filter(name -> name.endsWith(".fbat")).count() < 2) {
      life.append(store, DURABLE);
    }
    // The frames have been forced with those of the second segment.
    life.disk.failIn(EnumSet.of(Operation.FORCE), 1);
    assertThatThrownBy(store::close).isInstanceOf(DiskFailed.class);
    Store next = life.open();
    int before = next.openReport().sealedSegments();
    life.append(next, DURABLE);
    life.disk = life.disk.afterCrash(Crash.POWER_LOSS);

    Store found = life.open();

    assertThat(found.openReport().recovered()).isFalse();
    assertThat(found.query(Region.all()).payloads(Blob.class)).containsExactlyElementsOf(life.kept);
    int after = found.openReport().sealedSegments();
    found.close();
    return before + " " + after;
  }
}
