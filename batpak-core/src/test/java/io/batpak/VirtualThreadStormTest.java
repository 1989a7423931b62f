package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.testing.GatedDisk;
import io.batpak.testing.Waiting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that ten thousand virtual threads may append at once, and each has its order kept. Would
/// catch starvation, a lost wake-up, a carrier that is pinned, two events of one sequence.
/// Deterministic but for the interleaving; a storm that does not end fails by its deadline.
class VirtualThreadStormTest {

  private static final int THREADS = 10_000;
  private static final int APPENDS = 3;

  @TempDir private Path directory;

  @Test
  void receipts_are_dense_and_each_thread_keeps_its_order() throws InterruptedException {
    List<List<Receipt>> receipts = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    StoreConfig config = StoreConfig.of(directory).withSegmentBytes(1 << 20);
    try (Store store = Store.open(config, Note.CATALOGUE)) {
      for (int i = 0; i < THREADS; i++) {
        int number = i;
        List<Receipt> own = new ArrayList<>();
        receipts.add(own);
        threads.add(Thread.ofVirtual().start(() -> append(store, number, own)));
      }
      Waiting.join(threads);
      Chains.verify(store);
      assertThat(store.end()).isEqualTo((long) THREADS * APPENDS);
    }

    boolean[] seen = new boolean[THREADS * APPENDS];
    for (List<Receipt> own : receipts) {
      List<Long> sequences = own.stream().map(Receipt::sequence).toList();
      assertThat(own).hasSize(APPENDS);
      assertThat(sequences).isSortedAccordingTo(Long::compare);
      for (long sequence : sequences) {
        assertThat(seen[(int) sequence]).isFalse();
        seen[(int) sequence] = true;
      }
    }
    try (Store reopened = Store.open(config, Note.CATALOGUE)) {
      for (List<Receipt> own : receipts) {
        for (Receipt receipt : own) {
          assertThat(reopened.at(receipt.sequence()).id()).isEqualTo(receipt.id());
        }
      }
    }
  }

  @Test
  void durable_appends_of_many_share_their_forces() throws InterruptedException {
    var disk = new GatedDisk(directory);
    int forces;
    try (Store store = Store.open(disk.platform(), StoreConfig.of(directory), Note.CATALOGUE)) {
      List<Thread> threads = new ArrayList<>();
      int before = disk.forces();
      for (int i = 0; i < THREADS; i++) {
        Coordinate at = Coordinate.of("e" + i % 100, "s");
        threads.add(
            Thread.startVirtualThread(
                () -> store.append(at, new Note("n"), AppendOptions.durable())));
      }
      Waiting.join(threads);
      forces = disk.forces() - before;
      assertThat(store.durableEnd()).isEqualTo(THREADS);
    }
    assertThat(forces).isLessThan(THREADS / 10);
  }

  private static void append(Store store, int number, List<Receipt> own) {
    List<AppendOptions> options =
        new ArrayList<>(
            List.of(AppendOptions.none(), AppendOptions.durable(), AppendOptions.none()));
    Collections.rotate(options, number);
    for (int i = 0; i < APPENDS; i++) {
      own.add(
          store.append(
              Coordinate.of("e" + number % 100, "s"), new Note(number + "." + i), options.get(i)));
    }
  }
}
