package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.event.Coordinate;
import io.batpak.event.EventFlags;
import io.batpak.event.EventHeader;
import io.batpak.event.LifecycleKinds;
import io.batpak.payload.MessageReader;
import io.batpak.query.Query;
import io.batpak.query.Region;
import io.batpak.testing.Waiting;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that the log tells of a recovery, once, before the first event after it, and of nothing
/// else: who only opens and closes writes nothing. Would catch noise in the log, a recovery that is
/// not told of or told twice, library events among the application's. Deterministic.
class LifecycleEventTest {

  private static final Coordinate AT = Coordinate.of("e", "s");

  @TempDir private Path directory;

  private Store open() {
    return Store.open(
        StoreConfig.of(directory)
            .withSegmentBytes(StoreConfig.SEGMENT_BYTES_MIN)
            .withSync(SyncPolicy.osDecides()),
        Note.CATALOGUE);
  }

  private Map<String, String> bytes() throws IOException {
    Map<String, String> bytes = new HashMap<>();
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        if (!name.equals("store.lock")) {
          byte[] content = Files.readAllBytes(file);
          bytes.put(name, HexFormat.of().formatHex(content));
        }
      }
    }
    return bytes;
  }

  /// Leaves what a crash leaves: a torn frame behind the last event.
  private void tear() throws IOException {
    Path last;
    try (var files = Files.list(directory)) {
      last = files.filter(file -> file.toString().endsWith(".fbat")).sorted().toList().getLast();
    }
    try (var file = new RandomAccessFile(last.toFile(), "rw")) {
      byte[] content = Files.readAllBytes(last);
      int end = content.length;
      while (end > 0 && content[end - 1] == 0) {
        end--;
      }
      file.seek((end + 7L) / 8 * 8);
      file.write(new byte[] {0, 0, 1, 0, 1, 2, 3, 4, 5, 6});
    }
  }

  @Test
  void a_mere_open_and_close_changes_no_byte() throws IOException {
    try (Store store = open()) {
      for (int i = 0; i < 200; i++) {
        var _ = store.append(AT, new Note("x".repeat(1_000)));
      }
    }
    open().close();
    Map<String, String> before = bytes();

    for (int i = 0; i < 3; i++) {
      try (Store store = open()) {
        assertThat(store.end()).isEqualTo(200);
        assertThat(store.query(Region.all()).count()).isEqualTo(200);
        store.sync();
        assertThat(store.appendIf(AT, new Note("n"), Expected.noStream()))
            .isInstanceOf(Conflict.class);
      }
    }

    assertThat(bytes()).isEqualTo(before);
  }

  @Test
  void a_clean_reopening_is_not_told_of() {
    for (int i = 0; i < 3; i++) {
      try (Store store = open()) {
        assertThat(store.append(AT, new Note("n")).sequence()).isEqualTo(i);
        assertThat(store.entity(LifecycleKinds.ENTITY).count()).isZero();
      }
    }
  }

  @Test
  void a_recovery_is_told_of_once_before_the_first_event_and_durably() throws IOException {
    try (Store store = open()) {
      var _ = store.append(AT, new Note("before"));
    }
    tear();
    try (Store store = open()) {
      assertThat(store.openReport().recovered()).isTrue();
      assertThat(store.end()).as("nothing is written before the first append").isEqualTo(1);
      assertThat(store.appendIf(AT, new Note("n"), Expected.noStream()))
          .isInstanceOf(Conflict.class);
      assertThat(store.end()).isEqualTo(1);

      Receipt after = store.append(AT, new Note("after"));

      assertThat(after.sequence()).isEqualTo(2);
      assertRecovered(store, store.openReport().cutBytes());
      Waiting.until("it is made durable by itself", () -> store.durableEnd() >= 2);
      assertThat(store.append(AT, new Note("more")).sequence()).isEqualTo(3);
    }
    try (Store store = open()) {
      assertThat(store.append(AT, new Note("later")).sequence()).isEqualTo(4);
      assertThat(store.entity(LifecycleKinds.ENTITY).count()).isEqualTo(1);
      Chains.verify(store.query(Query.of(Region.all(), Region.all().category(0))), store.end());
    }
  }

  private static void assertRecovered(Store store, long cutBytes) {
    StoredEvent record = store.at(1).event();
    EventHeader header = record.header();
    assertThat(header.kind()).isEqualTo(LifecycleKinds.STORE_RECOVERED);
    assertThat(header.coordinate())
        .isEqualTo(new Coordinate(LifecycleKinds.ENTITY, LifecycleKinds.SCOPE));
    assertThat(header.flags()).isEqualTo(EventFlags.LIFECYCLE);
    var in = new MessageReader(record.payload());
    assertThat(in.readMapHeader()).isEqualTo(3);
    assertThat(in.readString()).isEqualTo("cutBytes");
    assertThat(in.readLong(0, Long.MAX_VALUE)).isEqualTo(cutBytes).isPositive();
  }

  @Test
  void a_recovery_is_told_of_before_a_batch_a_submission_and_a_fence() throws IOException {
    for (int way = 0; way < 3; way++) {
      try (Store store = open()) {
        var _ = store.append(AT, new Note("before"));
      }
      tear();
      try (Store store = open()) {
        long end = store.end();
        switch (way) {
          case 0 -> {
            var _ = store.appendBatch(List.of(NewEvent.of(AT, new Note("n"))));
          }
          case 1 -> {
            var _ = store.submit(AT, new Note("n")).await();
          }
          default -> store.fence(java.time.Duration.ofMinutes(1)).close();
        }
        assertThat(store.at(end).kind()).isEqualTo(LifecycleKinds.STORE_RECOVERED);
        assertThat(store.end()).isGreaterThan(end + 1);
        assertThat(store.query(Region.all().kind(LifecycleKinds.STORE_RECOVERED)).count())
            .isEqualTo(way + 1);
      }
    }
  }

  @Test
  void its_events_are_left_out_unless_they_are_asked_for() throws IOException {
    try (Store store = open()) {
      var _ = store.append(AT, new Note("before"));
    }
    tear();
    try (Store store = open()) {
      var _ = store.append(AT, new Note("after"));

      List<Region> without =
          List.of(
              Region.all(),
              Region.all().sequences(0, 100),
              Region.all().category(Note.KIND.category()));
      List<Region> with =
          List.of(
              Region.entity(LifecycleKinds.ENTITY),
              Region.namespace("batpak"),
              Region.all().scope(LifecycleKinds.SCOPE),
              Region.all().category(0),
              Region.all().kind(LifecycleKinds.STORE_RECOVERED));
      for (Region region : without) {
        assertThat(store.query(region).stream().map(EventEntry::sequence))
            .as("%s", region)
            .containsExactly(0L, 2L);
        assertThat(store.query(region).backward().stream().map(EventEntry::sequence))
            .containsExactly(2L, 0L);
      }
      for (Region region : with) {
        assertThat(store.query(region).stream().map(EventEntry::sequence))
            .as("%s", region)
            .containsExactly(1L);
      }
      assertThat(store.at(1).kind()).isEqualTo(LifecycleKinds.STORE_RECOVERED);
    }
  }
}
