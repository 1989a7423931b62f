package io.batpak.engine.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.engine.platform.Access;
import io.batpak.engine.platform.DiskFile;
import io.batpak.engine.platform.FileSystemDisk;
import io.batpak.event.EventId;
import io.batpak.testing.Randoms;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that what is put into a ring is what is read, drained and found after a crash, at every
/// place where it can begin and end, and that drained slots are zero. Would catch an error at the
/// end of the slots. Seed: random, printed.
class RingTest {

  private static final EventId STORE = new EventId(1, 2);
  private static final int CAPACITY = RingLayout.CAPACITY_MIN;
  private static final int ROUNDS = 400;

  @TempDir private Path directory;

  /// Bytes in the ring: where they belong, and what they are.
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere
  private record Written(int offset, byte[] bytes) {}

  @Test
  void gives_back_what_was_put_at_every_place() {
    Randoms.each(
        4,
        (random, size) -> {
          var disk = new FileSystemDisk(directory);
          try (Arena arena = Arena.ofConfined()) {
            Ring ring = Ring.create(disk, STORE, CAPACITY, arena);
            walk(random, ring, disk);
            ring.close();
          }
        });
  }

  private static void walk(RandomGenerator random, Ring ring, FileSystemDisk disk) {
    disk.delete("segment");
    try (DiskFile segment = disk.create("segment")) {
      var undrained = new ArrayDeque<Written>();
      int end = 8 * random.nextInt(CAPACITY);
      int drained = end;
      for (int round = 0; round < ROUNDS; round++) {
        byte[] bytes = bytes(random, 8 * random.nextInt(2, CAPACITY / 32));
        if (end + bytes.length - drained > CAPACITY) {
          ring.writeTo(segment, drained, end);
          ring.clear(drained, end);
          assertStands(segment, undrained);
          undrained.clear();
          drained = end;
        }
        ring.put(end, bytes, bytes.length);
        undrained.add(new Written(end, bytes));
        end += bytes.length;
        assertHeld(ring, undrained);
        assertZeroBehind(ring, end, CAPACITY - (end - drained));
      }
      assertFoundAfterACrash(disk, undrained);
    }
  }

  /// As frames are: a length that is not zero comes first.
  private static byte[] bytes(RandomGenerator random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    bytes[3] |= 1;
    return bytes;
  }

  private static void assertHeld(Ring ring, ArrayDeque<Written> undrained) {
    for (Written written : undrained) {
      byte[] read = new byte[written.bytes.length];
      ring.read(written.offset, read, 0, read.length);
      assertThat(read).isEqualTo(written.bytes);
    }
  }

  private static void assertZeroBehind(Ring ring, int end, int free) {
    byte[] behind = new byte[free];
    ring.read(end, behind, 0, free);
    assertThat(behind).isEqualTo(new byte[free]);
  }

  private static void assertStands(DiskFile segment, ArrayDeque<Written> drained) {
    for (Written written : drained) {
      ByteBuffer read = ByteBuffer.allocate(written.bytes.length);
      segment.read(written.offset, read);
      assertThat(read.array()).isEqualTo(written.bytes);
    }
  }

  private static void assertFoundAfterACrash(FileSystemDisk disk, ArrayDeque<Written> undrained) {
    RingImage image = image(disk);
    assertThat(image.store()).isEqualTo(STORE);
    Written first = undrained.getFirst();
    byte[] behind = image.behind(first.offset).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    for (Written written : undrained) {
      int start = written.offset - first.offset;
      assertThat(Arrays.copyOfRange(behind, start, start + written.bytes.length))
          .isEqualTo(written.bytes);
    }
  }

  private static RingImage image(FileSystemDisk disk) {
    if (RingImage.read(disk) instanceof RingImage.Read.Good(RingImage image)) {
      return image;
    }
    throw new AssertionError("not a ring");
  }

  @Test
  void takes_the_place_of_one_that_was_left_behind() {
    var disk = new FileSystemDisk(directory);
    try (Arena arena = Arena.ofConfined()) {
      Ring left = Ring.create(disk, STORE, CAPACITY, arena);
      left.put(0, new byte[] {0, 0, 0, 1, 0, 0, 0, 0}, 8);
      left.close();

      Ring ring = Ring.create(disk, new EventId(3, 4), 2 * CAPACITY, arena);
      ring.close();

      RingImage image = image(disk);
      assertThat(image.store()).isEqualTo(new EventId(3, 4));
      assertThat(image.behind(0).byteSize()).isZero();
      try (DiskFile file = disk.open(RingLayout.NAME, Access.READ)) {
        assertThat(file.length()).isEqualTo(RingLayout.HEADER_BYTES + 2 * CAPACITY);
      }
    }
  }
}
