package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.failure.Closed;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.FenceActive;
import io.batpak.testing.GatedDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that an outbox is emptied by a flush that succeeded and by no other. Would catch events
/// that a refusal or a failure drops, or that are flushed twice. Deterministic.
class OutboxTest {

  private static final Coordinate AT = Coordinate.of("e", "s");

  @TempDir private Path directory;

  private Store open() {
    return Store.open(StoreConfig.of(directory), Note.CATALOGUE);
  }

  @Test
  void a_flush_appends_everything_as_one_batch() {
    try (Store store = open()) {
      Outbox outbox = store.outbox();
      int first = outbox.add(AT, new Note("1"));
      int second = outbox.add(NewEvent.of(AT, new Note("2")).causedBy(first));
      assertThat(List.of(first, second, outbox.count())).containsExactly(0, 1, 2);
      assertThat(store.end()).isZero();

      List<Receipt> receipts = outbox.flush().allOrThrow();

      assertThat(receipts).hasSize(2);
      assertThat(outbox.count()).isZero();
      assertThat(store.at(0).event().header().more()).isEqualTo(1);
      assertThat(store.at(1).event().header().causation()).contains(receipts.getFirst().id());
    }
  }

  @Test
  void a_flush_of_nothing_does_nothing() {
    try (Store store = open()) {
      Outbox outbox = store.outbox();
      assertThat(outbox.flush()).isEqualTo(new BatchAppended.Receipts(List.of()));
      outbox.add(AT, new Note("1"));
      outbox.clear();
      assertThat(outbox.flush()).isEqualTo(new BatchAppended.Receipts(List.of()));
      assertThat(store.end()).isZero();
    }
  }

  @Test
  void a_refused_flush_keeps_its_events_for_another_try() {
    try (Store store = open()) {
      Outbox outbox = store.outbox();
      outbox.add(AT, new Note("1"));
      outbox.add(NewEvent.of(AT, new Note("2")).when(Expected.exactly(1)));
      assertThat(outbox.flush()).isInstanceOf(Conflict.class);
      assertThat(outbox.count()).isEqualTo(2);

      var _ = store.append(AT, new Note("0"));

      assertThat(outbox.flush().allOrThrow()).extracting(Receipt::clock).containsExactly(1L, 2L);
      assertThat(outbox.count()).isZero();
    }
  }

  @Test
  void a_failed_flush_keeps_its_events_for_another_try() {
    try (Store store = open()) {
      Outbox outbox = store.outbox();
      outbox.add(AT, new Note("1"));
      try (VisibilityFence fence = store.fence(Duration.ofMinutes(1))) {
        assertThatThrownBy(outbox::flush).isInstanceOf(FenceActive.class);
        assertThat(outbox.count()).isEqualTo(1);
        fence.cancel();
      }
      assertThat(outbox.flush().allOrThrow()).hasSize(1);
    }
  }

  @Test
  void a_key_makes_a_flush_that_is_tried_again_happen_once() {
    var disk = new GatedDisk(directory);
    BatchOptions options = BatchOptions.durable();
    Store store = Store.open(disk.platform(), StoreConfig.of(directory), Note.CATALOGUE);
    var outbox = new Outbox(store, options);
    outbox.add(AT, new Note("1"));
    outbox.add(AT, new Note("2"));
    disk.fail();
    assertThatThrownBy(() -> outbox.flush("flush-1")).isInstanceOf(DiskFailed.class);
    assertThat(outbox.count()).isEqualTo(2);
    assertThatThrownBy(store::close).isInstanceOf(DiskFailed.class);
    assertThatThrownBy(() -> outbox.flush("flush-1")).isInstanceOf(Closed.class);

    for (int i = 0; i < 2; i++) {
      try (Store reopened = open()) {
        var again = new Outbox(reopened, options);
        again.add(AT, new Note("1"));
        again.add(AT, new Note("2"));
        assertThat(again.flush("flush-1").allOrThrow())
            .allSatisfy(receipt -> assertThat(receipt.level()).isEqualTo(AckLevel.DURABLE))
            .extracting(Receipt::clock)
            .containsExactly(0L, 1L);
        assertThat(reopened.entity("e").count()).isEqualTo(2);
      }
    }
  }

  @Test
  void a_key_is_one_flushs_and_no_outboxs() {
    try (Store store = open()) {
      assertThatThrownBy(() -> new Outbox(store, BatchOptions.none().key("k")))
          .isInstanceOf(IllegalArgumentException.class);
      var outbox = new Outbox(store, BatchOptions.none());
      outbox.add(AT, new Note("1"));
      assertThat(outbox.flush("k").allOrThrow()).hasSize(1);
      outbox.add(AT, new Note("2"));
      assertThat(outbox.flush("k")).isInstanceOf(KeyReused.class);
      assertThat(outbox.count()).isEqualTo(1);
      assertThat(outbox.flush("l").allOrThrow()).hasSize(1);
    }
  }

  @Test
  void it_flushes_to_a_fence_as_to_a_store() {
    try (Store store = open();
        VisibilityFence fence = store.fence(Duration.ofMinutes(1))) {
      var outbox = new Outbox(fence, BatchOptions.none());
      outbox.add(AT, new Note("1"));
      assertThat(outbox.flush().allOrThrow()).hasSize(1);
      assertThat(store.entity("e").count()).isZero();
      var _ = fence.commit();
      assertThat(store.entity("e").count()).isEqualTo(1);
    }
  }
}
