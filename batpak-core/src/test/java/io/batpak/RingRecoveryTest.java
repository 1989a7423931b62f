package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.event.Coordinate;
import io.batpak.evidence.Verification;
import io.batpak.failure.ForeignFile;
import io.batpak.failure.FormatTooNew;
import io.batpak.query.Region;
import io.batpak.testing.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves what becomes of a ring that a killed process left: events in it are kept, by opening,
/// reading and verifying alike, and a ring that is damaged, old or another store's adds nothing.
/// Would catch a recovery that ignores the ring, or trusts slots of an earlier lap. Deterministic.
///
/// A killed process is a copy of its directory, taken while nothing is appended.
class RingRecoveryTest {

  private static final String RING = "store.ring";
  private static final int HEADER_BYTES = 4_096;
  private static final int EVENTS = 20;

  @TempDir private Path parent;

  private Path killed;
  private final List<Receipt> receipts = new ArrayList<>();

  @BeforeEach
  void kill() {
    killed = parent.resolve("killed");
    Path live = parent.resolve("live");
    try (Store store = open(live)) {
      for (int i = 0; i < EVENTS; i++) {
        receipts.add(store.append(Coordinate.of("e:" + i % 7, "s"), new Note("text " + i)));
        if (i == 0) {
          // A new segment wakes the background; what follows is too little to wake it again.
          Waiting.until("the first event is drained", () -> first(live.resolve(RING)) < 0);
        }
      }
      copy(live, killed);
    }
    assertThat(live.resolve(RING)).doesNotExist();
  }

  private static Store open(Path directory) {
    StoreConfig config =
        StoreConfig.of(directory)
            .withSegmentBytes(StoreConfig.SEGMENT_BYTES_MIN)
            .withSync(SyncPolicy.osDecides());
    return Store.open(config, Note.CATALOGUE);
  }

  /// The ring first: a frame that is drained meanwhile then stands in both.
  private static void copy(Path source, Path target) {
    try {
      Files.createDirectories(target);
      Files.copy(source.resolve(RING), target.resolve(RING));
      try (var files = Files.list(source)) {
        for (Path file : files.filter(f -> !f.endsWith(RING)).toList()) {
          Files.copy(file, target.resolve(file.getFileName()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void edit(Consumer<byte[]> change) {
    try {
      byte[] bytes = Files.readAllBytes(killed.resolve(RING));
      change.accept(bytes);
      Files.write(killed.resolve(RING), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertKept(int count) {
    try (LogReader reader = LogReader.open(killed)) {
      assertThat(reader.end()).isEqualTo(count);
    }
    Verification before = LogVerifier.verify(killed);
    assertThat(before.problems()).isEmpty();
    assertThat(before.frames()).isEqualTo(count);
    try (Store store = open(killed)) {
      assertThat(store.query(Region.all())).hasSize(count);
      for (Receipt receipt : receipts.subList(0, count)) {
        EventEntry entry = store.at(receipt.sequence());
        assertThat(entry.id()).isEqualTo(receipt.id());
        assertThat(entry.hash()).isEqualTo(receipt.hash());
        assertThat(entry.event().hash()).isEqualTo(receipt.hash());
      }
      assertThat(killed.resolve(RING)).doesNotExist();
      assertThat(store.append(Coordinate.of("e:1", "s"), new Note("more")).sequence())
          .isGreaterThanOrEqualTo(count);
    }
    assertThat(LogVerifier.verify(killed).problems()).isEmpty();
  }

  @Test
  void keeps_every_event_that_was_answered() {
    assertKept(EVENTS);
  }

  @Test
  void opening_is_not_a_repair_of_damage() {
    try (Store store = open(killed)) {
      assertThat(store.openReport().cutBytes()).isZero();
      assertThat(store.openReport().recovered()).isFalse();
    }
  }

  @Test
  void a_frame_that_is_torn_ends_what_is_kept() {
    int undrained = undrained();
    edit(bytes -> bytes[HEADER_BYTES + undrained + lastFrame(bytes, undrained) + 20] ^= 1);

    assertKept(EVENTS - 1);
  }

  @Test
  void frames_of_an_earlier_lap_are_not_taken() {
    int undrained = undrained();
    // Behind the last frame stands one that was there before: its sequence has been passed.
    edit(bytes -> {
      int first = HEADER_BYTES + undrained;
      int end = HEADER_BYTES + undrained + end(bytes, undrained);
      int frame = frameBytes(bytes, first);
      System.arraycopy(bytes, first, bytes, end, frame);
    });

    assertKept(EVENTS);
  }

  @Test
  void a_ring_of_zeros_or_of_nothing_adds_nothing() {
    edit(bytes -> Arrays.fill(bytes, (byte) 0));
    try (LogReader reader = LogReader.open(killed)) {
      assertThat(reader.end()).isLessThan(EVENTS);
    }

    write(new byte[0]);
    try (Store store = open(killed)) {
      assertThat(store.end()).isLessThan(EVENTS);
    }
  }

  @Test
  void a_header_that_does_not_hold_is_reported_and_adds_nothing() {
    edit(bytes -> bytes[10] ^= 1);

    assertThat(LogVerifier.verify(killed).tail())
        .hasValueSatisfying(tail -> assertThat(tail.file()).isEqualTo(killed.resolve(RING)));
    try (Store store = open(killed)) {
      assertThat(store.end()).isLessThan(EVENTS);
      assertThat(store.openReport().recovered()).isTrue();
      assertThat(store.openReport().cutReason()).startsWith(RING + ", offset 0: a header");
    }
  }

  @Test
  void a_ring_of_another_store_is_refused() {
    edit(bytes -> {
      bytes[8] ^= 1;
      seal(bytes);
    });

    assertThatThrownBy(() -> open(killed))
        .isInstanceOf(ForeignFile.class)
        .hasMessageContaining(RING);
    assertThat(LogVerifier.verify(killed).problems())
        .anySatisfy(problem -> assertThat(problem.description()).startsWith("belongs to store"));
  }

  @Test
  void a_ring_of_a_newer_format_is_refused() {
    edit(bytes -> {
      bytes[4] = 2;
      seal(bytes);
    });

    assertThatThrownBy(() -> open(killed)).isInstanceOf(FormatTooNew.class);
  }

  @Test
  void a_ring_that_is_cut_counts_as_zeros() {
    int undrained = undrained();
    edit(bytes -> {});
    try {
      byte[] bytes = Files.readAllBytes(killed.resolve(RING));
      int last = lastFrame(bytes, undrained);
      write(Arrays.copyOf(bytes, HEADER_BYTES + undrained + last + 16));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }

    assertKept(EVENTS - 1);
  }

  private void write(byte[] bytes) {
    try {
      Files.write(killed.resolve(RING), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void seal(byte[] bytes) {
    CRC32 crc32 = new CRC32();
    crc32.update(bytes, 0, 28);
    int crc = (int) crc32.getValue();
    for (int i = 0; i < 4; i++) {
      bytes[28 + i] = (byte) (crc >> 8 * i);
    }
  }

  /// Where the first frame in the ring stands. These tests want some there.
  private int undrained() {
    int first = first(killed.resolve(RING));
    assertThat(first).as("the first slot that is not zero").isNotNegative();
    return first;
  }

  /// The first slot that is not zero, or -1.
  private static int first(Path ring) {
    try {
      byte[] bytes = Files.readAllBytes(ring);
      for (int at = HEADER_BYTES; at < bytes.length; at += 8) {
        if (frameBytes(bytes, at) > 8) {
          return at - HEADER_BYTES;
        }
      }
      return -1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where the last frame begins, behind the first.
  private static int lastFrame(byte[] bytes, int first) {
    int last = 0;
    int at = 0;
    while (frameBytes(bytes, HEADER_BYTES + first + at) > 8) {
      last = at;
      at += frameBytes(bytes, HEADER_BYTES + first + at);
    }
    return last;
  }

  private static int end(byte[] bytes, int first) {
    int last = lastFrame(bytes, first);
    return last + frameBytes(bytes, HEADER_BYTES + first + last);
  }

  private static int frameBytes(byte[] bytes, int at) {
    int length =
        (bytes[at] & 0xFF) << 24
            | (bytes[at + 1] & 0xFF) << 16
            | (bytes[at + 2] & 0xFF) << 8
            | bytes[at + 3] & 0xFF;
    return 8 + length + 7 & -8;
  }
}
