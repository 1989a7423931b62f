package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.query.Region;
import io.batpak.testing.Waiting;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a reader may look at any moment beside a busy writer and sees a prefix with all that
/// was acknowledged before. Would catch frames in the making taken for damage, and a mapping that
/// ends under the reader. Deterministic but for the interleaving.
class LogReaderBesideWriterTest {

  private static final int LOOKS = 150;

  @TempDir private Path directory;

  @Test
  void a_reader_sees_a_prefix_whenever_it_looks() throws InterruptedException {
    var acknowledged = new AtomicLong();
    var failure = new AtomicReference<@Nullable Throwable>();
    var stop = new AtomicBoolean();
    StoreConfig config = StoreConfig.of(directory).withSegmentBytes(1 << 18);
    try (Store store = Store.open(config, Note.CATALOGUE)) {
      var _ = store.append(Coordinate.of("e", "s"), new Note("first"));
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  write(store, acknowledged, stop);
                } catch (Throwable e) {
                  failure.set(e);
                }
              });
      try {
        for (int i = 0; i < LOOKS; i++) {
          look(acknowledged.get());
        }
      } finally {
        stop.set(true);
        Waiting.join(List.of(writer));
      }
      assertThat(failure.get()).isNull();
    }
  }

  private static void write(Store store, AtomicLong acknowledged, AtomicBoolean stop) {
    for (int i = 0; !stop.get(); i++) {
      Receipt last =
          switch (i % 8) {
            case 0 ->
                store.append(
                    Coordinate.of("e" + i % 7, "s"), new Note("n" + i), AppendOptions.durable());
            case 1 -> store.appendBatch(List.of(item(i), item(i), item(i))).getLast();
            default -> store.append(Coordinate.of("e" + i % 7, "s"), new Note("n" + i));
          };
      acknowledged.set(last.sequence());
    }
  }

  private static NewEvent item(int i) {
    return NewEvent.of(Coordinate.of("batch" + i % 3, "s"), new Note("n" + i));
  }

  private void look(long acknowledged) {
    try (LogReader reader = LogReader.open(directory)) {
      assertThat(reader.end()).isGreaterThan(acknowledged);
      assertThat(reader.openReport().recovered()).as(reader.openReport().cutReason()).isFalse();
      long count = 0;
      for (StoredEvent event : reader.query(Region.all()).backward().limit(50).events()) {
        count++;
        assertThat(event.header().sequence()).isEqualTo(reader.end() - count);
      }
    }
  }
}
