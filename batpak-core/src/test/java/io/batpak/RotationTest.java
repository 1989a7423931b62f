package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.query.Region;
import io.batpak.testing.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that events survive rotation while upkeep prepares and seals beside the writer. Would
/// catch a successor that is replaced under the writer's hands, or upkeep that is never woken.
/// Deterministic but for the interleaving, which many rotations make likely.
class RotationTest {

  private static final int STORES = 3;
  private static final int EVENTS = 1_500;

  @TempDir private Path directory;

  @Test
  void every_event_is_in_the_file_that_its_name_leads_to() {
    String text = "x".repeat(1_000);
    for (int i = 0; i < STORES; i++) {
      Path store = directory.resolve("store" + i);
      try (Store live = open(store)) {
        for (int event = 0; event < EVENTS; event++) {
          var _ = live.append(Coordinate.of("e", "s"), new Note(event + text));
        }
        try (LogReader beside = LogReader.open(store)) {
          assertThat(beside.end()).isEqualTo(EVENTS);
        }
      }
      try (Store reopened = open(store)) {
        assertThat(reopened.query(Region.all()).payloads(Note.class))
            .hasSize(EVENTS)
            .last()
            .isEqualTo(new Note(EVENTS - 1 + text));
      }
    }
  }

  @Test
  void the_smallest_segments_are_sealed_soon_after_they_are_full() {
    try (Store store = open(directory)) {
      long segments = 0;
      for (int event = 0; segments < 3; event++) {
        var _ = store.append(Coordinate.of("e", "s"), new Note(event + "x".repeat(1_000)));
        segments = segmentFiles();
      }

      Waiting.until("two segments have a footer", () -> sealedSegments() == 2);
    }
  }

  private int sealedSegments() {
    try (LogReader reader = LogReader.open(directory)) {
      return reader.openReport().sealedSegments();
    }
  }

  private long segmentFiles() {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".fbat")).count();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Store open(Path store) {
    StoreConfig config = StoreConfig.of(store).withSegmentBytes(StoreConfig.SEGMENT_BYTES_MIN);
    return Store.open(config, Note.CATALOGUE);
  }
}
