package io.batpak.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.AppendOptions;
import io.batpak.Appended;
import io.batpak.EventEntry;
import io.batpak.Expected;
import io.batpak.NewEvent;
import io.batpak.Store;
import io.batpak.config.StoreConfig;
import io.batpak.engine.platform.Disk;
import io.batpak.engine.platform.FileSystemDisk;
import io.batpak.engine.platform.Platform;
import io.batpak.failure.Locked;
import io.batpak.payload.Catalogue;
import io.batpak.query.Region;
import io.batpak.testing.Randoms;
import io.batpak.testing.Waiting;
import io.batpak.testkit.Account.Deposited;
import io.batpak.testkit.Account.Withdrawn;
import io.batpak.testkit.simulated.SimulatedClock;
import io.batpak.testkit.simulated.SimulatedDisk;
import io.batpak.testkit.simulated.SimulatedEntropy;
import io.batpak.testkit.simulated.SimulatedThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a store in memory is the store: a script leaves the same files, byte for byte, and
/// the same log with real threads. Would catch a simulated disk that writes, cuts or names files
/// otherwise. Seeds are random and printed; -Dbatpak.seed replays, -Dbatpak.runs multiplies.
class SimulationIsTheStoreTest {

  private static final long START_MILLIS = 1_790_000_000_000L;

  private static final StoreConfig CONFIG = Simulation.config().withSegmentBytes(1 << 16);

  @TempDir private Path temporary;

  @Test
  void a_script_leaves_the_same_files_in_memory_as_in_a_directory() {
    Randoms.each(
        20,
        (random, size) -> {
          long seed = random.nextLong();
          Path directory = Files.createTempDirectory(temporary, "store");
          try (var disk = new SimulatedDisk(seed, 1 << 18)) {
            var real = new FileSystemDisk(directory.resolve("data"));
            List<String> answers = runScript(real, seed, 4 * size);

            assertThat(runScript(disk, seed, 4 * size)).isEqualTo(answers);
            assertThat(disk.names()).isEqualTo(real.list());
            for (String name : disk.names()) {
              assertThat(disk.bytes(name)).as(name).isEqualTo(bytes(real.path(name)));
            }
          }
        });
  }

  private static byte[] bytes(Path file) throws IOException {
    return Files.readAllBytes(file);
  }

  /// Runs a script on a disk, with everything else simulated alike, and closes in the end.
  private static List<String> runScript(Disk disk, long seed, int steps) {
    var random = Randoms.seeded(seed);
    var clock = new SimulatedClock(START_MILLIS);
    var entropy = new SimulatedEntropy(seed);
    var answers = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      var threads = new SimulatedThreads(clock);
      try (Store store =
          Store.open(new Platform(disk, clock, threads, entropy), CONFIG, Catalogue.load())) {
        for (int j = 0; j < steps; j++) {
          answers.add(act(store, random));
          clock.advance(random.nextInt(5_000_000));
          if (random.nextInt(3) == 0) {
            threads.settle(1_000);
          }
        }
        answers.add(store.end() + " " + store.query(Region.all()).toList());
      }
    }
    return answers;
  }

  private static String act(Store store, RandomGenerator random) {
    int account = random.nextInt(4);
    return switch (random.nextInt(5)) {
      case 0 -> store.append(Account.of(account), new Deposited(random.nextLong())).id().toString();
      case 1 ->
          store
              .append(Account.of(account), new Withdrawn(random.nextInt()), AppendOptions.durable())
              .hash()
              .toString();
      case 2 -> {
        Appended answer =
            store.appendIf(
                Account.of(account), new Deposited(1), Expected.exactly(random.nextInt(20)));
        yield answer.toString();
      }
      case 3 -> {
        var items = new ArrayList<NewEvent>();
        for (int i = random.nextInt(1, 40); i > 0; i--) {
          items.add(NewEvent.of(Account.of(i % 7), new Deposited(random.nextLong())));
        }
        yield store.appendBatch(items).toString();
      }
      default -> store.entity(Account.of(account).entity()).backward().limit(3).toList().toString();
    };
  }

  @Test
  void a_memory_store_holds_the_log_that_a_directory_holds() {
    Randoms.each(
        10,
        (random, size) -> {
          long seed = random.nextLong();
          Path directory = Files.createTempDirectory(temporary, "store").resolve("data");
          try (Store real = Store.open(configIn(directory));
              Store memory = MemoryStore.open(CONFIG, Catalogue.load())) {
            var first = Randoms.seeded(seed);
            var second = Randoms.seeded(seed);
            for (int i = 0; i < 4 * size; i++) {
              var _ = act(real, first);
              var _ = act(memory, second);
            }
            assertThat(log(memory)).isEqualTo(log(real));
          }
        });
  }

  private static StoreConfig configIn(Path directory) {
    return StoreConfig.of(directory).withSegmentBytes(CONFIG.segmentBytes());
  }

  private static List<String> log(Store store) {
    return store.query(Region.all()).stream()
        .map((EventEntry entry) -> entry + " " + entry.decode())
        .toList();
  }

  @Test
  void a_memory_store_is_for_many_threads() throws InterruptedException {
    try (Store store = MemoryStore.open()) {
      var threads = new ArrayList<Thread>();
      for (int i = 0; i < 8; i++) {
        int number = i;
        Runnable work =
            () -> {
              for (int j = 0; j < 200; j++) {
                AppendOptions options =
                    j % 10 == 0 ? AppendOptions.durable() : AppendOptions.none();
                store.append(Account.of(number), new Deposited(j), options);
              }
            };
        threads.add(i % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.startVirtualThread(work));
      }
      Waiting.join(threads);

      assertThat(store.end()).isEqualTo(1_600);
      for (int i = 0; i < 8; i++) {
        assertThat(Account.balance(store, i)).isEqualTo(199 * 100);
      }
    }
  }

  @Test
  void the_same_seed_gives_the_same_run() {
    assertThat(history(7)).isEqualTo(history(7)).isNotEqualTo(history(8));
  }

  private static Map<String, String> history(long seed) {
    var random = Randoms.seeded(3);
    var lines = new TreeMap<String, String>();
    try (var simulation = Simulation.of(seed, CONFIG)) {
      for (int i = 0; i < 10; i++) {
        Store store = simulation.open();
        for (int j = 0; j < 20; j++) {
          lines.put(i + ":" + j, act(store, random));
        }
        simulation.settle();
        simulation.losePower();
      }
    }
    return lines;
  }

  @Test
  void a_second_owner_is_refused_and_the_next_process_is_not() {
    try (var simulation = Simulation.of(1)) {
      Store store = simulation.open();
      store.append(Account.of(1), new Deposited(1));

      assertThatThrownBy(simulation::open).isInstanceOf(Locked.class);

      simulation.kill();
      assertThat(simulation.open().end()).isEqualTo(1);
    }
  }

  @Test
  void a_process_that_was_killed_writes_no_more() {
    try (var simulation = Simulation.of(1)) {
      Store dead = simulation.open();
      dead.append(Account.of(1), new Deposited(1));
      simulation.kill();
      Store alive = simulation.open();

      boolean outlived = simulation.outlives(() -> dead.append(Account.of(1), new Deposited(2)));

      assertThat(outlived).isFalse();
      assertThat(alive.end()).isEqualTo(1);
      alive.append(Account.of(1), new Deposited(3));
      assertThat(alive.entity("account:1").payloads(Deposited.class))
          .containsExactly(new Deposited(1), new Deposited(3));
    }
  }
}
