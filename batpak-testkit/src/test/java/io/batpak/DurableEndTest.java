package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.StoreConfig;
import io.batpak.engine.platform.Platform;
import io.batpak.engine.recovery.DurableEnd;
import io.batpak.event.Coordinate;
import io.batpak.failure.DiskFailed;
import io.batpak.testkit.simulated.SimulatedClock;
import io.batpak.testkit.simulated.SimulatedDisk;
import io.batpak.testkit.simulated.SimulatedDisk.Crash;
import io.batpak.testkit.simulated.SimulatedDisk.Operation;
import io.batpak.testkit.simulated.SimulatedEntropy;
import io.batpak.testkit.simulated.SimulatedThreads;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Proves that a clean close leaves a record of the durable end, that only then an opening writes
/// nothing anew, and that a record which cannot be right counts for nothing. Would catch a record
/// that outlives its process. Deterministic.
class DurableEndTest {

  private static final Coordinate PLACE = new Coordinate("a:1", "s");
  private static final String SEGMENT = "000000000000.fbat";

  private SimulatedDisk disk = new SimulatedDisk(3, 1 << 17);

  @AfterEach
  void give_the_memory_back() {
    disk.close();
  }

  private Store open() {
    var platform =
        new Platform(disk, new SimulatedClock(0), new SimulatedThreads(), new SimulatedEntropy(2));
    StoreConfig config = StoreConfig.of(disk.root()).withSegmentBytes(1 << 16);
    return Store.open(platform, config, Blob.CATALOGUE);
  }

  private void closedWithThree() {
    Store store = open();
    for (int i = 0; i < 3; i++) {
      store.append(PLACE, Blob.of(new byte[] {(byte) i}));
    }
    store.close();
  }

  /// {@return whether the next opening writes the segment anew}
  private boolean writtenAnew() {
    int before = disk.bytes(SEGMENT).length;
    open();
    return disk.bytes(SEGMENT).length < before;
  }

  private void record(String text) {
    disk.replace(DurableEnd.NAME, text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void a_clean_close_records_how_many_events_are_durable() {
    closedWithThree();

    assertThat(disk.bytes("store.end")).asString().isEqualTo("3\n");
    assertThat(writtenAnew()).isFalse();
    assertThat(disk.names()).doesNotContain(DurableEnd.NAME);
  }

  @Test
  void a_store_without_an_event_leaves_no_record() {
    open().close();

    assertThat(disk.names()).doesNotContain(DurableEnd.NAME);
  }

  @Test
  void a_killed_process_leaves_no_record() {
    closedWithThree();
    open().append(PLACE, Blob.of(new byte[1]), AppendOptions.durable());
    disk = disk.afterCrash(Crash.KILL);

    assertThat(disk.names()).doesNotContain(DurableEnd.NAME);
    assertThat(writtenAnew()).isTrue();
  }

  @Test
  void a_close_that_throws_leaves_no_record() {
    closedWithThree();
    Store store = open();
    store.append(PLACE, Blob.of(new byte[1]));
    disk.failIn(EnumSet.of(Operation.FORCE), 1);
    assertThatThrownBy(store::close).isInstanceOf(DiskFailed.class);

    assertThat(disk.names()).doesNotContain(DurableEnd.NAME);
    assertThat(writtenAnew()).isTrue();
  }

  @Test
  void a_close_without_room_for_a_record_succeeds() {
    Store store = open();
    store.append(PLACE, Blob.of(new byte[1]), AppendOptions.durable());
    // The close deletes the ring, which makes room for nothing else.
    disk.room(-100_000);

    store.close();

    assertThat(disk.names()).containsExactly(SEGMENT, "store.id", "store.lock");
    disk.room(Long.MAX_VALUE);
    assertThat(writtenAnew()).isTrue();
  }

  @Test
  void a_record_that_cannot_be_right_counts_for_nothing() {
    for (String text : new String[] {"4\n", "2\n", "3", "-3\n", "three\n", "", "9".repeat(40)}) {
      closedWithThree();
      record(text);

      assertThat(writtenAnew()).as("store.end: %s", text).isTrue();

      disk = disk.afterCrash(Crash.KILL);
      disk.list().forEach(disk::delete);
    }
  }
}
