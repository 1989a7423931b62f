package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.event.Coordinate;
import io.batpak.failure.Interrupted;
import io.batpak.query.Region;
import io.batpak.testing.Waiting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Proves that an interrupt costs nothing: no event, no file, not the flag itself. Would catch a
/// channel that closes itself, a wait for durability that gives up, a wait for the bound that does
/// not, a swallowed flag. Deterministic but for the moments of the interrupts, without a pause.
class InterruptTest {

  private static final int WRITERS = 4;
  private static final int APPENDS = 400;

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(AckLevel.class)
  void an_interrupt_before_an_append_is_kept_and_disturbs_nothing(AckLevel level) {
    try (Store store = open(SyncPolicy.osDecides())) {
      for (int i = 0; i < 50; i++) {
        Thread.currentThread().interrupt();
        Receipt receipt =
            store.append(
                Coordinate.of("e", "s"),
                new Note("x".repeat(3_000)),
                AppendOptions.none().level(level));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(receipt.sequence()).isEqualTo(i);
        assertThat(store.at(i).payload(Note.class).text()).hasSize(3_000);
      }
      Thread.currentThread().interrupt();
      store.sync();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(store.durableEnd()).isEqualTo(50);
    }
  }

  @Test
  void a_store_opens_and_closes_under_an_interrupt() {
    for (int i = 0; i < 3; i++) {
      Thread.currentThread().interrupt();
      try (Store store = open()) {
        var _ = store.append(Coordinate.of("e", "s"), new Note("n" + i));
      }
      assertThat(Thread.interrupted()).isTrue();
    }
    try (Store store = open()) {
      assertThat(store.end()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_storm_of_interrupts_loses_nothing(boolean virtual) throws InterruptedException {
    Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();
    var noticed = new AtomicInteger();
    try (Store store = open()) {
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int number = i;
        Runnable work = () -> write(store, number, receipts, noticed);
        writers.add(virtual ? Thread.ofVirtual().start(work) : Thread.ofPlatform().start(work));
      }
      while (writers.stream().anyMatch(Thread::isAlive)) {
        writers.forEach(Thread::interrupt);
        Thread.onSpinWait();
      }
      Waiting.join(writers);

      assertThat(noticed.get()).isPositive();
      assertThat(receipts).hasSize(WRITERS * APPENDS);
      assertThat(store.end()).as("what was interrupted is not written").isEqualTo(receipts.size());
      var _ = store.append(Coordinate.of("after", "s"), new Note("n"), AppendOptions.durable());
      Chains.verify(store);
    }
    try (Store reopened = open()) {
      Chains.verify(reopened);
      for (Receipt receipt : receipts) {
        assertThat(reopened.at(receipt.sequence()).id()).isEqualTo(receipt.id());
      }
    }
  }

  private static void write(
      Store store, int number, Queue<Receipt> receipts, AtomicInteger noticed) {
    for (int i = 0; i < APPENDS; i++) {
      AppendOptions options = i % 4 == 0 ? AppendOptions.durable() : AppendOptions.none();
      receipts.add(append(store, number, new Note("n" + i + "x".repeat(300)), options));
      if (i % 16 == 0) {
        assertThat(store.query(Region.entity("w" + number)).backward().limit(3).events())
            .isNotEmpty();
      }
      if (Thread.interrupted()) {
        noticed.incrementAndGet();
      }
    }
  }

  /// Appends again if the interrupt met it while it waited for what is unforced.
  private static Receipt append(Store store, int number, Note note, AppendOptions options) {
    while (true) {
      try {
        return store.append(Coordinate.of("w" + number, "s"), note, options);
      } catch (Interrupted e) {
        assertThat(Thread.interrupted()).isTrue();
      }
    }
  }

  private Store open() {
    return open(SyncPolicy.bounded());
  }

  private Store open(SyncPolicy sync) {
    return Store.open(
        StoreConfig.of(directory).withSegmentBytes(StoreConfig.SEGMENT_BYTES_MIN).withSync(sync),
        Note.CATALOGUE);
  }
}
