package io.batpak.testkit.simulated;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// One file without its name: what the page cache has of it, and what the medium has.
///
/// The page cache is native memory, and mappings are slices of it, so stores through a mapping and
/// writes by position are coherent as they are on a real system. Behind the length it is zero. It
/// must not move once it is mapped: a file that outgrows the first few pages gets all the memory
/// that a file may have.
final class SimulatedInode {

  private static final int SMALL_BYTES = 4_096;

  private final Arena arena;
  private final int bytesMax;
  private MemorySegment cache;
  private int length;
  private byte[] durable = {};
  private int durableLength;

  SimulatedInode(Arena arena, int bytesMax) {
    this.arena = arena;
    this.bytesMax = bytesMax;
    this.cache = arena.allocate(SMALL_BYTES, Long.BYTES);
  }

  int length() {
    return length;
  }

  void read(long offset, ByteBuffer target) {
    int count = (int) Math.min(target.remaining(), Math.max(0, length - offset));
    target.put(cache.asSlice(offset, count).asByteBuffer());
  }

  void write(long offset, ByteBuffer source, int count) {
    if (count == 0) {
      return;
    }
    int end = Math.toIntExact(offset + count);
    reserve(end);
    MemorySegment bytes = MemorySegment.ofBuffer(source).asSlice(0, count);
    MemorySegment.copy(bytes, 0, cache, offset, count);
    source.position(source.position() + count);
    length = Math.max(length, end);
  }

  MemorySegment map(long byteCount) {
    reserve(SMALL_BYTES + 1);
    return cache.asSlice(0, byteCount);
  }

  void truncate(int target) {
    reserve(target);
    if (target < length) {
      cache.asSlice(target, length - target).fill((byte) 0);
    }
    length = target;
  }

  private void reserve(int byteCount) {
    if (byteCount > bytesMax) {
      throw new AssertionError(
          "a file of " + byteCount + " bytes; this disk was made for " + bytesMax);
    }
    if (byteCount > SMALL_BYTES && cache.byteSize() == SMALL_BYTES) {
      MemorySegment large = arena.allocate(bytesMax, Long.BYTES);
      MemorySegment.copy(cache, 0, large, 0, length);
      cache = large;
    }
  }

  /// Brings the medium up to the page cache.
  void force() {
    growDurable(length);
    MemorySegment.copy(cache, 0, MemorySegment.ofArray(durable), 0, length);
    if (length < durableLength) {
      Arrays.fill(durable, length, durableLength, (byte) 0);
    }
    durableLength = length;
  }

  private void growDurable(int byteCount) {
    if (durable.length < byteCount) {
      durable = Arrays.copyOf(durable, Math.max(byteCount, Math.min(bytesMax, 2 * durable.length)));
    }
  }

  /// Loses the page cache: what differs from the medium has reached it or not, unit by unit, one
  /// unit perhaps in part.
  void losePower(RandomGenerator random) {
    int end = Math.max(length, durableLength);
    growDurable(end);
    int unit = random.nextBoolean() ? 512 : 4_096;
    int survival = random.nextInt(4) == 0 ? 0 : random.nextInt(101);
    MemorySegment medium = MemorySegment.ofArray(durable);
    for (int at = 0; at < end; at += unit) {
      int count = Math.min(unit, end - at);
      boolean same = MemorySegment.mismatch(cache, at, at + count, medium, at, at + count) < 0;
      if (!same && random.nextInt(100) < survival) {
        MemorySegment.copy(cache, at, medium, at, count);
      } else if (!same && random.nextInt(8) == 0) {
        tear(random, at, count);
      }
    }
    durableLength = survivingLength(random);
    Arrays.fill(durable, durableLength, durable.length, (byte) 0);
    length = durableLength;
    cache.fill((byte) 0);
    MemorySegment.copy(medium, 0, cache, 0, length);
  }

  /// One side of a random byte reaches the medium, the other does not.
  private void tear(RandomGenerator random, int at, int count) {
    int cut = random.nextInt(count + 1);
    MemorySegment medium = MemorySegment.ofArray(durable);
    if (random.nextBoolean()) {
      MemorySegment.copy(cache, at, medium, at, cut);
    } else {
      MemorySegment.copy(cache, at + cut, medium, at + cut, count - cut);
    }
  }

  /// File systems update the length as the blocks arrive, so that it may be any between.
  private int survivingLength(RandomGenerator random) {
    if (length == durableLength) {
      return length;
    }
    return switch (random.nextInt(4)) {
      case 0 -> durableLength;
      case 1 -> length;
      default ->
          random.nextInt(Math.min(length, durableLength), Math.max(length, durableLength) + 1);
    };
  }
}
