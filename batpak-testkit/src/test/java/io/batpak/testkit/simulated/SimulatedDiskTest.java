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
import java.util.HashSet;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that the simulated disk does what a directory does, operation by operation, and loses in
/// a crash what was not forced and nothing else. Would catch a simulation that is kinder than the
/// world. Seeds are random and printed; -Dbatpak.seed replays, -Dbatpak.runs multiplies.
class SimulatedDiskTest {

  private static final int FILE_BYTES_MAX = 1 << 16;
  private static final int PAGE_BYTES = 4_096;
  private static final int SEEDS = 60;

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

  /// What a file that held 1 durably, and 2 when a force of it failed, holds after a power cut.
  ///
  /// @param meanwhile what is done in between
  private static List<Integer> afterFailedForce(Meanwhile meanwhile) {
    var found = new ArrayList<Integer>();
    for (int seed = 0; seed < SEEDS; seed++) {
      try (var one = new SimulatedDisk(seed, FILE_BYTES_MAX)) {
        DiskFile file = forced(one, "file", 1);
        one.force();
        write(file, 2);
        one.failIn(EnumSet.of(Operation.FORCE), 1);
        assertThatThrownBy(file::force).isInstanceOf(DiskFailed.class);
        assertThat(one.bytes("file")).as("what the process sees").containsExactly(2);

        SimulatedDisk last = meanwhile.on(one);

        found.add((int) last.afterCrash(Crash.POWER_LOSS).bytes("file")[0]);
      }
    }
    return found;
  }

  private interface Meanwhile {
    SimulatedDisk on(SimulatedDisk disk);
  }

  private static SimulatedDisk forcedAgain(SimulatedDisk disk) {
    disk.open("file", Access.WRITE).force();
    return disk;
  }

  @Test
  void what_a_failed_force_was_to_write_never_arrives() {
    assertThat(afterFailedForce(one -> one)).contains(1, 2);
    assertThat(afterFailedForce(SimulatedDiskTest::forcedAgain)).contains(1, 2);
    assertThat(afterFailedForce(one -> forcedAgain(one.afterCrash(Crash.KILL)))).contains(1, 2);
  }

  @Test
  void what_a_failed_force_has_dropped_arrives_when_the_same_bytes_are_written_again() {
    assertThat(
            afterFailedForce(one -> {
              SimulatedDisk next = one.afterCrash(Crash.KILL);
              write(next.open("file", Access.WRITE), 2);
              return forcedAgain(next);
            }))
        .containsOnly(2);
  }

  @Test
  void what_a_failed_force_has_dropped_arrives_with_a_store_through_a_mapping() {
    assertThat(
            afterFailedForce(one -> {
              MemorySegment mapping =
                  one.open("file", Access.WRITE).map(1, Access.WRITE, Arena.ofAuto());
              mapping.set(ValueLayout.JAVA_BYTE, 0, (byte) 3);
              return forcedAgain(one);
            }))
        .containsOnly(3);
  }

  @Test
  void what_a_failed_force_has_dropped_is_seen_until_the_cache_has_gone() {
    assertThat(
            afterFailedForce(one -> {
              boolean lost = one.lost();
              one.dropCaches();
              assertThat(one.lost()).isFalse();
              assertThat(one.bytes("file")[0]).isEqualTo((byte) (lost ? 1 : 2));
              return one;
            }))
        .contains(1, 2);
  }

  @Test
  void what_is_dirty_stays_when_the_cache_goes() {
    DiskFile file = forced(disk, "file", 1);
    write(file, 2);

    disk.dropCaches();

    assertThat(disk.bytes("file")).containsExactly(2);
    assertThat(disk.lost()).isFalse();
  }

  @Test
  void a_page_that_had_never_arrived_may_be_stuck_until_the_file_is_cut_or_made_anew() {
    var again = new ArrayList<Integer>();
    for (int seed = 0; seed < SEEDS; seed++) {
      try (var one = new SimulatedDisk(seed, FILE_BYTES_MAX)) {
        one.createRoot();
        DiskFile file = one.create("file");
        one.force();
        write(file, 2);
        one.failIn(EnumSet.of(Operation.FORCE), 1);
        assertThatThrownBy(file::force).isInstanceOf(DiskFailed.class);
        write(file, 2);
        file.force();
        boolean stuck = one.lost();
        if (stuck && seed % 2 == 0) {
          file.truncate(0);
          write(file, 3);
          file.force();
        } else if (stuck) {
          one.delete("file");
          var _ = forced(one, "file", 3);
          one.force();
        }
        again.add((int) one.afterCrash(Crash.POWER_LOSS).bytes("file")[0]);
      }
    }
    assertThat(again).containsOnly(2, 3);
  }

  @Test
  void names_that_a_failed_force_has_dropped_arrive_with_the_next_change_of_a_name_only() {
    for (boolean change : new boolean[] {false, true}) {
      var one = new SimulatedDisk(1, FILE_BYTES_MAX);
      var _ = forced(one, "a", 1);
      one.failIn(EnumSet.of(Operation.FORCE_NAMES), 1);
      assertThatThrownBy(one::force).isInstanceOf(DiskFailed.class);
      assertThat(one.lost()).isTrue();
      SimulatedDisk next = one.afterCrash(Crash.KILL);
      assertThat(next.names()).containsExactly("a");
      if (change) {
        var _ = forced(next, "b", 1);
      }
      next.force();

      next.dropCaches();

      assertThat(next.names()).isEqualTo(change ? List.of("a", "b") : List.of());
      assertThat(next.afterCrash(Crash.POWER_LOSS).names()).isEqualTo(next.names());
      one.close();
    }
  }

  /// A file of four pages that is mapped and never forced again, as a ring is. Each page gets the
  /// numbers from 1 on, in turn with the others.
  private static MemorySegment ring(SimulatedDisk on) {
    on.createRoot();
    DiskFile file = on.create("store.ring");
    file.truncate(4 * PAGE_BYTES);
    file.force();
    on.force();
    return file.map(4 * PAGE_BYTES, Access.WRITE, Arena.ofAuto());
  }

  private static void store(SimulatedDisk on, MemorySegment ring, int number) {
    for (int page = 0; page < 4; page++) {
      ring.asSlice((long) page * PAGE_BYTES, PAGE_BYTES).fill((byte) number);
      assertThat(on.exists()).isTrue();
    }
  }

  @Test
  void a_kill_keeps_every_byte_that_was_stored_through_a_mapping() {
    MemorySegment ring = ring(disk);
    store(disk, ring, 7);
    ring.set(ValueLayout.JAVA_BYTE, 5_000, (byte) 8);

    disk = disk.afterCrash(Crash.KILL);

    byte[] bytes = disk.bytes("store.ring");
    assertThat(bytes[5_000]).isEqualTo((byte) 8);
    bytes[5_000] = 7;
    assertThat(bytes).containsOnly(7);
  }

  @Test
  void a_power_cut_keeps_of_a_mapping_any_pages_in_any_version_since_the_last_force() {
    var versions = new HashSet<Integer>();
    var whole = new HashSet<List<Integer>>();
    int later = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      try (var one = new SimulatedDisk(seed, FILE_BYTES_MAX)) {
        MemorySegment ring = ring(one);
        for (int number = 1; number <= 20; number++) {
          store(one, ring, number);
        }
        byte[] bytes = one.afterCrash(Crash.POWER_LOSS).bytes("store.ring");
        List<Integer> pages =
            IntStream.range(0, 4).mapToObj(page -> (int) bytes[page * PAGE_BYTES]).toList();
        whole.add(pages);
        versions.addAll(pages);
        later += pages.getFirst() < pages.getLast() ? 1 : 0;
      }
    }
    assertThat(versions).contains(0, 20).allMatch(number -> number >= 0 && number <= 20);
    assertThat(versions.size()).as("versions in between").isGreaterThan(10);
    assertThat(whole.size()).isGreaterThan(SEEDS / 2);
    assertThat(later).as("a later page without an earlier one").isPositive();
  }

  @Test
  void a_power_cut_keeps_of_a_mapping_nothing_older_than_its_last_force() {
    for (int seed = 0; seed < SEEDS; seed++) {
      try (var one = new SimulatedDisk(seed, FILE_BYTES_MAX)) {
        MemorySegment ring = ring(one);
        store(one, ring, 1);
        store(one, ring, 2);
        one.open("store.ring", Access.WRITE).force();
        store(one, ring, 3);

        assertThat(one.afterCrash(Crash.POWER_LOSS).bytes("store.ring"))
            .containsAnyOf(2, 3)
            .doesNotContain(0, 1);
      }
    }
  }

  @Test
  void a_mapping_and_reads_and_writes_by_position_see_each_other() {
    MemorySegment ring = ring(disk);
    DiskFile other = disk.open("store.ring", Access.WRITE);

    ring.set(ValueLayout.JAVA_BYTE, 9_000, (byte) 5);
    other.write(9_001, ByteBuffer.wrap(new byte[] {6}));
    disk.writeBack();
    disk.dropCaches();

    var read = ByteBuffer.allocate(2);
    other.read(9_000, read);
    assertThat(read.array()).containsExactly(5, 6);
    assertThat(ring.get(ValueLayout.JAVA_BYTE, 9_001)).isEqualTo((byte) 6);
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
    write(file, content);
    file.force();
    return file;
  }

  private static void write(DiskFile file, int content) {
    file.write(0, ByteBuffer.wrap(new byte[] {(byte) content}));
  }
}
