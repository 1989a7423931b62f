package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.StoreConfig;
import io.batpak.engine.platform.Platform;
import io.batpak.event.Coordinate;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.DiskFull;
import io.batpak.testkit.simulated.SimulatedClock;
import io.batpak.testkit.simulated.SimulatedDisk;
import io.batpak.testkit.simulated.SimulatedDisk.Operation;
import io.batpak.testkit.simulated.SimulatedEntropy;
import io.batpak.testkit.simulated.SimulatedThreads;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proves what fences and the queue do where they meet each other, a full disk or a failing one.
/// Would catch a fence that nobody can end, an answer out of what is hidden, a caller who waits for
/// ever. What the random walk has found stays found here; no randomness.
class FenceAndQueueTest {

  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Coordinate PLACE = new Coordinate("a:1", "s0");
  private static final long START_MILLIS = 1_790_000_000_000L;

  private final SimulatedClock clock = new SimulatedClock(START_MILLIS);
  private final SimulatedDisk disk = new SimulatedDisk(1, 1 << 18);
  private final SimulatedThreads threads = new SimulatedThreads(clock);
  private final Store store = opened();

  private Store opened() {
    var platform = new Platform(disk, clock, threads, new SimulatedEntropy(1));
    return Store.open(
        platform, StoreConfig.of(disk.root()).withSegmentBytes(1 << 16), Blob.CATALOGUE);
  }

  @BeforeEach
  void begin_with_an_event() {
    assertThat(store.append(PLACE, blob(1)).clock()).isZero();
  }

  @AfterEach
  void give_the_memory_back() {
    disk.close();
  }

  @Test
  void a_cancel_that_found_no_room_can_be_tried_again() {
    VisibilityFence fence = store.fence(LIMIT);
    disk.room(0);
    assertThatThrownBy(
            () -> {
              while (store.frontier().written().end() < 1_000) {
                assertThat(fence.append(PLACE, blob(1)).clock()).isPositive();
              }
            })
        .isInstanceOf(DiskFull.class);
    assertThatThrownBy(fence::close).isInstanceOf(DiskFull.class);

    disk.room(Long.MAX_VALUE);
    fence.cancel();

    assertThat(store.append(PLACE, blob(1)).orThrow().clock()).isPositive();
  }

  @Test
  void a_revision_within_a_batch_counts_on_from_what_is_hidden() {
    try (VisibilityFence fence = store.fence(LIMIT)) {
      assertThat(fence.append(PLACE, blob(2)).clock()).isEqualTo(1);
    }
    NewEvent first = NewEvent.of(PLACE, blob(3)).when(Expected.exactly(0));
    NewEvent wrong = NewEvent.of(PLACE, blob(4)).when(Expected.exactly(1));

    assertThat(store.appendBatchIf(List.of(first, wrong), BatchOptions.none()))
        .isEqualTo(
            new Conflict.Revision(
                1, PLACE.entity(), Expected.exactly(1), Expected.exactly(2), Optional.empty()));

    NewEvent right = NewEvent.of(PLACE, blob(4)).when(Expected.exactly(2));
    assertThat(store.appendBatchIf(List.of(first, right), BatchOptions.none()).allOrThrow())
        .extracting(Receipt::clock)
        .containsExactly(2L, 3L);
  }

  @Test
  void a_key_found_in_a_fence_that_is_cancelled_before_the_decision_is_free() {
    NewEvent keyed = NewEvent.of(PLACE, blob(2)).key("k");
    VisibilityFence fence = store.fence(LIMIT);
    Receipt hidden = fence.appendIf(keyed).orThrow();
    Ticket ticket = store.submit(keyed);
    fence.cancel();

    Receipt receipt = ticket.await().orThrow();

    assertThat(receipt.sequence()).isGreaterThan(hidden.sequence());
    assertThat(store.at(receipt.sequence()).clock()).isEqualTo(receipt.clock());
  }

  @Test
  void a_fence_does_not_begin_behind_a_failed_write_of_what_was_queued() {
    NewEvent keyed = NewEvent.of(PLACE, blob(2)).key("k");
    assertThat(store.appendIf(keyed).orThrow().clock()).isEqualTo(1);
    long before = store.frontier().written().end();
    // Longer than the ring, so that it is written to the file.
    Blob large = Blob.of(new byte[20_000]);
    Ticket ticket = store.submit(NewEvent.of(PLACE, large).options(AppendOptions.durable()));
    Ticket repeat = store.submit(keyed); // to be answered from the log, so it is written first
    disk.failIn(EnumSet.of(Operation.WRITE), 1);

    assertThatThrownBy(() -> store.fence(LIMIT)).isInstanceOf(DiskFailed.class);

    assertThat(store.frontier().written().end()).isEqualTo(before);
    assertThatThrownBy(ticket::await).isInstanceOf(DiskFailed.class);
    assertThatThrownBy(repeat::await).isInstanceOf(DiskFailed.class);
  }

  @Test
  void a_durable_append_that_waits_in_the_queue_is_told_of_a_failed_force() {
    threads.settle(100);
    VisibilityFence fence = store.fence(LIMIT);
    clock.advance(Duration.ofSeconds(1).toNanos());
    disk.failIn(EnumSet.of(Operation.FORCE), 1);

    assertThatThrownBy(() -> fence.append(PLACE, blob(2))).isInstanceOf(DiskFailed.class);
  }

  @Test
  void a_fence_whose_time_is_up_in_a_store_that_has_failed_keeps_nobody_busy() {
    VisibilityFence fence = store.fence(LIMIT);
    disk.failIn(EnumSet.of(Operation.FORCE), 1);
    assertThatThrownBy(() -> fence.append(PLACE, blob(2))).isInstanceOf(DiskFailed.class);

    clock.advance(LIMIT.toNanos());

    assertThatCode(() -> threads.settle(100)).doesNotThrowAnyException();
  }

  private static Blob blob(int content) {
    return Blob.of(new byte[] {(byte) content});
  }
}
