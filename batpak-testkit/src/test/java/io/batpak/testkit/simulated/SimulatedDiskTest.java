package io.batpak.testkit.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.engine.platform.Access;
import io.batpak.engine.platform.Disk;
import io.batpak.engine.platform.DiskFile;
import io.batpak.engine.platform.FileSystemDisk;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.StoreException;
import io.batpak.testing.Randoms;
import io.batpak.testkit.simulated.SimulatedDisk.Crash;
import io.batpak.testkit.simulated.SimulatedDisk.Operation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that the simulated disk does what a directory does, operation by operation, and loses in
/// a crash what was not forced and nothing else. Would catch a simulation that is kinder than the
/// world. Seeds are random and printed; -Dbatpak.seed replays, -Dbatpak.runs multiplies.
class SimulatedDiskTest {

  private static final int FILE_BYTES_MAX = 1 << 16;

  @TempDir private Path temporary;

  private SimulatedDisk disk = new SimulatedDisk(1, FILE_BYTES_MAX);

  @AfterEach
  void give_the_memory_back() {
    disk.close();
  }

  @Test
  void a_random_walk_gives_what_it_gives_in_a_directory() {
    Randoms.each(
        50,
        (random, size) -> {
          long seed = random.nextLong();
          Path root = Files.createTempDirectory(temporary, "disk").resolve("data");
          try (var simulated = new SimulatedDisk(seed, FILE_BYTES_MAX)) {
            assertThat(walk(simulated, Randoms.seeded(seed), 3 * size))
                .isEqualTo(walk(new FileSystemDisk(root), Randoms.seeded(seed), 3 * size));
          }
        });
  }

  /// What a disk answers to a walk that depends on the random numbers only.
  private static List<String> walk(Disk on, RandomGenerator random, int steps) {
    var answers = new ArrayList<String>();
    answers.add("exists " + on.exists());
    on.createRoot();
    for (int i = 0; i < steps; i++) {
      answers.add(answer(on, random.nextInt(8), "f" + random.nextInt(3), random));
    }
    on.force();
    answers.add(on.list() + " " + on.exists());
    return answers;
  }

  private static String answer(Disk on, int choice, String name, RandomGenerator random) {
    int offset = random.nextInt(10_000);
    byte[] bytes = new byte[random.nextInt(5_000)];
    random.nextBytes(bytes);
    try {
      return switch (choice) {
        case 0 -> inFile(on.create(name), file -> file.write(offset, ByteBuffer.wrap(bytes)));
        case 1 -> {
          on.rename(name, "f" + offset % 3);
          yield on.list().toString();
        }
        case 2 -> {
          on.delete(name);
          yield on.list().toString();
        }
        case 3 -> inFile(on.open(name, Access.WRITE), file -> file.truncate(offset));
        case 4 -> inFile(on.open(name, Access.WRITE), file -> storeThroughMapping(file, offset));
        case 5 -> inFile(on.open(name, Access.WRITE), DiskFile::force);
        default ->
            inFile(on.open(name, Access.WRITE), file -> file.write(offset, ByteBuffer.wrap(bytes)));
      };
    } catch (StoreException e) {
      return e.getClass().getSimpleName();
    }
  }

  private interface Change {
    void to(DiskFile file);
  }

  /// The file's bytes after a change.
  private static String inFile(DiskFile file, Change change) {
    try (file) {
      change.to(file);
      var all = ByteBuffer.allocate(FILE_BYTES_MAX);
      file.read(0, all);
      assertThat((long) all.position()).isEqualTo(file.length());
      return all.position() + " bytes: " + Arrays.hashCode(all.array());
    }
  }

  private static void storeThroughMapping(DiskFile file, int offset) {
    long bytes = Math.min(file.length(), offset);
    if (bytes > 0) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment mapping = file.map(bytes, Access.WRITE, arena);
        mapping.set(ValueLayout.JAVA_BYTE, bytes - 1, (byte) offset);
      }
    }
  }

  @Test
  void nothing_that_was_forced_is_lost_and_nothing_else_is_sure() {
    int lost = 0;
    for (int seed = 0; seed < 50; seed++) {
      try (var one = new SimulatedDisk(seed, FILE_BYTES_MAX)) {
        DiskFile file = forced(one, "old", 1);
        one.force();
        file.write(0, ByteBuffer.wrap(new byte[] {2}));

        SimulatedDisk next = one.afterCrash(Crash.POWER_LOSS);

        assertThat(next.names()).containsExactly("old");
        lost += next.bytes("old")[0] == 1 ? 1 : 0;
      }
    }
    assertThat(lost).isBetween(1, 49);
  }

  @Test
  void names_that_were_not_forced_survive_up_to_some_point() {
    var survived = new ArrayList<String>();
    for (int seed = 0; seed < 50; seed++) {
      try (var one = new SimulatedDisk(seed, FILE_BYTES_MAX)) {
        var _ = forced(one, "a", 1);
        var _ = forced(one, "b", 2);

        survived.add(one.afterCrash(Crash.POWER_LOSS).names().toString());
      }
    }
    assertThat(survived).contains("[]", "[a]", "[a, b]").doesNotContain("[b]");
  }

  @Test
  void a_kill_loses_nothing() {
    disk.createRoot();
    disk.create("file").write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));

    disk = disk.afterCrash(Crash.KILL);

    assertThat(disk.bytes("file")).containsExactly(1, 2, 3);
  }

  @Test
  void what_a_failed_force_was_to_write_is_lost_for_good() {
    for (int seed = 0; seed < 50; seed++) {
      try (var one = new SimulatedDisk(seed, FILE_BYTES_MAX)) {
        DiskFile file = forced(one, "file", 1);
        one.force();
        file.write(0, ByteBuffer.wrap(new byte[] {2}));
        one.failIn(EnumSet.of(Operation.FORCE), 1);

        assertThatThrownBy(file::force).isInstanceOf(DiskFailed.class);
        file.force();

        assertThat(one.bytes("file")).containsExactly(2);
        if (one.afterCrash(Crash.POWER_LOSS).bytes("file")[0] == 1) {
          return;
        }
      }
    }
    throw new AssertionError("a force after a failed one has always written");
  }

  @Test
  void a_disk_that_tells_the_truth_again_loses_nothing_more() {
    disk.lie(Operation.FORCE);
    disk.lie(Operation.FORCE_NAMES);
    disk.tellTheTruth();
    var _ = forced(disk, "file", 1);
    disk.force();

    disk = disk.afterCrash(Crash.POWER_LOSS);

    assertThat(disk.bytes("file")).containsExactly(1);
  }

  private static DiskFile forced(Disk on, String name, int content) {
    on.createRoot();
    DiskFile file = on.create(name);
    file.write(0, ByteBuffer.wrap(new byte[] {(byte) content}));
    file.force();
    return file;
  }
}
