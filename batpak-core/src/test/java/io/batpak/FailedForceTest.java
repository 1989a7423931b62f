package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.failure.DiskFailed;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that nothing durable rests on pages that a real file system has lost: ext4 on a loop
/// device whose backing file finds no room for a while. Would catch an opening that takes what the
/// page cache shows for what the disk has. Deterministic. Needs the right to mount, ext4 and loop
/// devices; is skipped, saying so, where that is missing.
class FailedForceTest {

  private static final AppendOptions DURABLE = AppendOptions.durable();

  /// Longer than the space that a new store has written ahead, so that it needs room.
  private static final int LARGE_BYTES = 3 << 20;

  @TempDir private Path directory;

  private Path backing = Path.of("");
  private Path image = Path.of("");
  private Path mounted = Path.of("");

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    backing = Files.createDirectory(directory.resolve("backing"));
    mounted = Files.createDirectory(directory.resolve("mounted"));
    int tmpfs = run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", backing.toString());
    assumeThat(tmpfs).as("a tmpfs can be mounted: needs Linux, and root").isZero();
    image = backing.resolve("image");
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(64 << 20);
    }
    // Without a journal, whose own writes would fail too and end all writing to the file system.
    int made = run("mkfs.ext4", "-q", "-F", "-b", "4096", "-O", "^has_journal", image.toString());
    assumeThat(made).as("there is mkfs.ext4").isZero();
    mountImage();
  }

  private void mountImage() throws IOException, InterruptedException {
    int ext4 = run("mount", "-t", "ext4", "-o", "loop", image.toString(), mounted.toString());
    assumeThat(ext4).as("ext4 can be mounted from a file: needs loop devices").isZero();
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    var _ = run("umount", mounted.toString());
    var _ = run("umount", backing.toString());
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
  void what_is_durable_behind_a_failed_force_is_there_when_the_page_cache_has_gone()
      throws Exception {
    List<Receipt> durable = new ArrayList<>();
    Store first = open();
    durable.add(append(first, 10));
    Path ballast = backing.resolve("ballast");
    fillUp(ballast);
    assertThatThrownBy(() -> append(first, LARGE_BYTES)).isInstanceOf(DiskFailed.class);
    assertThatThrownBy(first::close).isInstanceOf(DiskFailed.class);
    Files.delete(ballast);

    try (Store second = open()) {
      assertThat(second.end()).as("the page cache shows what the disk has not").isEqualTo(2);
      for (int i = 0; i < 4; i++) {
        durable.add(append(second, 10));
      }
    }
    assertThat(run("umount", mounted.toString())).isZero();
    mountImage();

    try (Store third = open()) {
      assertThat(third.openReport().recovered()).isFalse();
      Chains.verify(third);
      for (Receipt receipt : durable) {
        assertThat(third.at(receipt.sequence()).hash()).isEqualTo(receipt.hash());
      }
    }
    assertThat(LogVerifier.verify(store()).problems()).isEmpty();
  }

  private Path store() {
    return mounted.resolve("store");
  }

  private Store open() {
    return Store.open(StoreConfig.of(store()).withSegmentBytes(1 << 23), Note.CATALOGUE);
  }

  private static Receipt append(Store store, int byteCount) {
    return store.append(Coordinate.of("e", "s"), new Note("x".repeat(byteCount)), DURABLE);
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
}
