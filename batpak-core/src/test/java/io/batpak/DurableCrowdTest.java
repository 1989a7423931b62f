package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.failure.DiskFailed;
import io.batpak.testing.GatedDisk;
import io.batpak.testing.Waiting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a crowd of durable callers, more than one turn takes, is served by few forces and is
/// answered when the disk fails. Would catch those beyond the first turn who are never woken, one
/// who is told durable by a force that failed. Deterministic but for the interleaving.
class DurableCrowdTest {

  private static final int CALLERS = 2_000;

  @TempDir private Path directory;

  private final Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
  private final Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();

  private List<Thread> crowd(Store store) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      Coordinate at = Coordinate.of("e" + i % 7, "s");
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  receipts.add(store.append(at, new Note("n"), AppendOptions.durable()));
                } catch (DiskFailed e) {
                  thrown.add(e);
                }
              }));
    }
    return threads;
  }

  @Test
  void is_served_by_few_forces() throws InterruptedException {
    var disk = new GatedDisk(directory);
    try (Store store = Store.open(disk.platform(), StoreConfig.of(directory), Note.CATALOGUE)) {
      var _ = store.append(Coordinate.of("e", "s"), new Note("first"), AppendOptions.durable());
      int before = disk.forces();
      disk.hold();
      List<Thread> threads = crowd(store);
      for (Thread thread : threads) {
        Waiting.until("it waits", () -> thread.getState() == Thread.State.WAITING);
      }
      disk.release();
      Waiting.join(threads);

      assertThat(receipts).hasSize(CALLERS);
      assertThat(store.durableEnd()).isEqualTo(CALLERS + 1);
      // a turn takes a quarter of them; upkeep forces too
      assertThat(disk.forces() - before).isLessThan(CALLERS / 50);
      Chains.verify(store);
    }
  }

  @Test
  void is_answered_to_the_last_when_the_disk_fails() throws InterruptedException {
    var disk = new GatedDisk(directory);
    Store store = Store.open(disk.platform(), StoreConfig.of(directory), Note.CATALOGUE);
    var _ = store.append(Coordinate.of("e", "s"), new Note("first"), AppendOptions.durable());
    disk.hold();
    List<Thread> threads = crowd(store);
    Waiting.until("a force is held", () -> disk.held() > 0);

    disk.fail();
    disk.release();
    Waiting.join(threads);

    assertThat(thrown).hasSize(CALLERS);
    assertThat(receipts).isEmpty();
    assertThat(store.durableEnd()).isEqualTo(1);
    assertThatThrownBy(store::close).isInstanceOf(DiskFailed.class);
  }
}
