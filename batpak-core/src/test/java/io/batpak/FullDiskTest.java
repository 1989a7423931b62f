package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.DiskFull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a file system that is really full, or really read-only, is a typed answer, and that
/// nothing acknowledged is lost. Would catch a fault in a mapped write, a store that stays broken.
/// Deterministic. Needs the right to mount a tmpfs; is skipped, saying so, where that is missing.
class FullDiskTest {

  private static final String SIZE = "size=3m";

  @TempDir private Path directory;

  private Path mount(String options) throws IOException, InterruptedException {
    int code = run("mount", "-t", "tmpfs", "-o", options, "tmpfs", directory.toString());
    assumeThat(code).as("a tmpfs can be mounted: needs Linux, and root").isZero();
    return directory;
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    var _ = run("umount", directory.toString());
  }

  private static int run(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      return -1;
    }
  }

  @Test
  void appends_go_on_when_there_is_room_again() throws Exception {
    Path store = mount(SIZE).resolve("store");
    Path ballast = directory.resolve("ballast");
    var _ = Files.write(ballast, new byte[1 << 20]);
    List<Receipt> receipts = new ArrayList<>();
    try (Store live = open(store)) {
      DiskFull full = fill(live, receipts);
      assertThat(full.neededBytes()).isPositive();
      assertThat(full.file()).startsWithRaw(store);
      assertThat(full).hasMessageContaining("no room").hasMessageContaining("free some space");
      Chains.verify(live);
      assertThat(live.end()).isEqualTo(receipts.size());
      assertThatThrownBy(() -> live.append(at(), large())).isInstanceOf(DiskFull.class);

      Files.delete(ballast);
      int before = receipts.size();
      var _ = fill(live, receipts);
      assertThat(receipts).hasSizeGreaterThan(before + 100);
      Chains.verify(live);
    }
    check(store, receipts);
  }

  @Test
  void a_store_opens_and_reads_on_a_full_disk() throws Exception {
    Path store = mount(SIZE).resolve("store");
    List<Receipt> receipts = new ArrayList<>();
    try (Store live = open(store)) {
      var _ = fill(live, receipts);
    }
    fillUp(directory.resolve("ballast"));
    check(store, receipts);
    try (LogReader reader = LogReader.open(store)) {
      assertThat(reader.end()).isEqualTo(receipts.size());
    }
  }

  @Test
  void a_store_that_has_no_room_to_begin_says_so() throws Exception {
    Path store = mount(SIZE).resolve("store");
    Files.createDirectory(store);
    fillUp(directory.resolve("ballast"));

    assertThatThrownBy(
            () -> {
              try (Store live = open(store)) {
                var _ = live.append(at(), large());
              }
            })
        .isInstanceOf(DiskFull.class);
    Files.delete(directory.resolve("ballast"));
    try (Store live = open(store)) {
      assertThat(live.append(at(), large()).sequence()).isZero();
    }
  }

  @Test
  void a_read_only_file_system_is_refused_for_writing_and_read() throws Exception {
    Path store = mount(SIZE).resolve("store");
    try (Store live = open(store)) {
      var _ = live.append(at(), new Note("n"));
    }
    assumeThat(run("mount", "-o", "remount,ro", directory.toString())).isZero();

    assertThatThrownBy(() -> open(store))
        .isInstanceOfSatisfying(
            DiskFailed.class, failed -> assertThat(failed.file()).startsWithRaw(store));
    assertThatThrownBy(() -> open(directory.resolve("other")))
        .isInstanceOfSatisfying(
            DiskFailed.class, failed -> assertThat(failed.file()).startsWithRaw(directory));
    try (LogReader reader = LogReader.open(store, Note.CATALOGUE)) {
      assertThat(reader.at(0).payload(Note.class)).isEqualTo(new Note("n"));
      assertThat(reader.owner()).isEmpty();
    }
  }

  private static void fillUp(Path ballast) throws IOException {
    try (var out = Files.newOutputStream(ballast)) {
      byte[] zeros = new byte[4_096];
      while (true) {
        out.write(zeros);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space");
    }
  }

  /// Appends until the disk is full.
  private static DiskFull fill(Store store, List<Receipt> receipts) {
    while (true) {
      AppendOptions options =
          receipts.size() % 3 == 0 ? AppendOptions.durable() : AppendOptions.none();
      try {
        receipts.add(store.append(at(), new Note("x".repeat(1_000)), options));
      } catch (DiskFull e) {
        return e;
      }
    }
  }

  private static void check(Path store, List<Receipt> receipts) {
    try (Store reopened = open(store)) {
      Chains.verify(reopened);
      assertThat(reopened.end()).isEqualTo(receipts.size());
      for (Receipt receipt : receipts) {
        assertThat(reopened.at(receipt.sequence()).hash()).isEqualTo(receipt.hash());
      }
    }
  }

  private static Coordinate at() {
    return Coordinate.of("e", "s");
  }

  private static Note large() {
    return new Note("x".repeat(30_000));
  }

  private static Store open(Path store) {
    StoreConfig config = StoreConfig.of(store).withSegmentBytes(1 << 18);
    return Store.open(config, Note.CATALOGUE);
  }
}
