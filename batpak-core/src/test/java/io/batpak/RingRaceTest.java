package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a reader gets the event that stands at a position, payload and hash, while the ring
/// is drained, cleared and used again and segments rotate. Would catch a reader that believes slots
/// which were cleared under it, and a hash of other bytes. The interleaving is random; the smallest
/// segments and ring make every race frequent.
class RingRaceTest {

  private static final int EVENTS = 60_000;
  private static final int READERS = 3;

  @TempDir private Path directory;

  @Test
  void readers_beside_the_writer_see_what_was_appended()
      throws InterruptedException, ExecutionException {
    StoreConfig config = StoreConfig.of(directory).withSegmentBytes(StoreConfig.SEGMENT_BYTES_MIN);
    var done = new AtomicBoolean();
    try (Store store = Store.open(config, Note.CATALOGUE);
        var threads = Executors.newFixedThreadPool(READERS)) {
      List<Future<Long>> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        readers.add(threads.submit(() -> readNewest(store, done)));
      }
      for (int i = 0; i < EVENTS; i++) {
        Receipt receipt = store.append(coordinate(i), new Note(text(i)));
        if (i % 97 == 0) {
          assertThat(store.at(i).event().hash()).isEqualTo(receipt.hash());
        }
      }
      done.set(true);
      for (Future<Long> reader : readers) {
        assertThat(reader.get()).isPositive();
      }
    }
    assertThat(LogVerifier.verify(directory).problems()).isEmpty();
  }

  private static Coordinate coordinate(long sequence) {
    return Coordinate.of("e:" + sequence % 5, "s");
  }

  private static String text(long sequence) {
    return sequence + "x".repeat((int) (sequence * 31 % 300));
  }

  private static long readNewest(Store store, AtomicBoolean done) {
    long count = 0;
    while (!done.get()) {
      long end = store.end();
      if (end > 0) {
        long sequence = end - 1 - ThreadLocalRandom.current().nextLong(Math.min(end, 100));
        EventEntry entry = store.at(sequence);
        StoredEvent event = entry.event();
        assertThat(event.header().sequence()).isEqualTo(sequence);
        assertThat(entry.payload(Note.class)).isEqualTo(new Note(text(sequence)));
        assertThat(entry.hash()).isEqualTo(event.hash());
        count++;
      }
    }
    return count;
  }
}
