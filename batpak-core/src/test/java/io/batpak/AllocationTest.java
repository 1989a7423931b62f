package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that an append without key and condition allocates no more than its receipt and what the
/// index keeps. Would catch a request, a turn, a builder or a buffer made for each event. Bytes are
/// counted, not timed. What varies: a hash that is needed before the background has come to it
/// costs a copy of its frame; so the least of several rounds counts.
class AllocationTest {

  private static final int ENTITIES = 20_000;
  private static final int WARM_UP = 40_000;
  private static final int EVENTS = 40_000;
  private static final int ROUNDS = 10;
  private static final long BYTES_PER_EVENT_MAX = 240;

  @TempDir private Path directory;

  @Test
  void a_plain_append_allocates_its_receipt_and_its_rows() {
    var counter = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var places = new Coordinate[ENTITIES];
    for (int i = 0; i < ENTITIES; i++) {
      places[i] = Coordinate.of("entity:" + i, "s");
    }
    var note = new Note("x".repeat(100));
    try (Store store = Store.open(StoreConfig.of(directory), Note.CATALOGUE)) {
      append(store, places, note, WARM_UP);
      long least = Long.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        long before = counter.getCurrentThreadAllocatedBytes();
        append(store, places, note, EVENTS);
        least = Math.min(least, counter.getCurrentThreadAllocatedBytes() - before);
      }

      assertThat(least / EVENTS).isLessThanOrEqualTo(BYTES_PER_EVENT_MAX);
    }
  }

  private static void append(Store store, Coordinate[] places, Note note, int count) {
    for (int i = 0; i < count; i++) {
      Receipt receipt = store.append(places[i % ENTITIES], note);
      assert receipt.sequence() >= 0;
    }
  }
}
