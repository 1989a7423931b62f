package io.batpak.testkit.simulated;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// One file without its name: what the page cache has of it, and what the medium has.
///
/// The page cache is native memory, and mappings are slices of it, so stores through a mapping and
/// writes by position are coherent as they are on a real system. Behind the length it is zero. It
/// must not move once it is mapped: a file that outgrows the first few pages gets all the memory
/// that a file may have.
///
/// A sector is *dirty* if the cache differs from the medium, unless a failed force has *dropped*
/// it: then it is clean, although the medium lacks it, until it is written again. That is what
/// Linux does (Rebello et al., "Can Applications Recover from fsync Failures?", 2020), save that
/// Linux counts in pages: here a write brings no more than its own sectors back.
///
/// A page that had never been on the medium may be *stuck*: whatever is written into it later does
/// not arrive either. That is what ext4 does: the blocks keep their mark "unwritten", since the
/// page in the cache no longer says that it is to be taken off, and read as zeros when the cache
/// has gone. It lasts as long as the page does: until the file is cut in front of it.
final class SimulatedInode {

  private static final int SECTOR_BYTES = 512;
  private static final int PAGE_BYTES = 4_096;

  /// How many pages the system looks at when it writes some back.
  private static final int WRITE_BACK_PAGES = 64;

  private final Arena arena;
  private final int bytesMax;
  private MemorySegment cache;
  private int length;
  private byte[] durable = {};
  private int durableLength;

  /// The sectors that a failed force has dropped.
  private final BitSet dropped = new BitSet();

  /// What the cache held of them then: a store through a mapping shows by a difference.
  private byte[] droppedBytes = {};

  /// The pages that have been on the medium.
  private final BitSet arrived = new BitSet();

  private final BitSet stuck = new BitSet();

  SimulatedInode(Arena arena, int bytesMax) {
    this.arena = arena;
    this.bytesMax = bytesMax;
    this.cache = arena.allocate(PAGE_BYTES, Long.BYTES);
  }

  private static int wholePages(int byteCount) {
    return Math.ceilDiv(byteCount, PAGE_BYTES) * PAGE_BYTES;
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
    dropped.clear((int) offset / SECTOR_BYTES, Math.ceilDiv(end, SECTOR_BYTES));
  }

  MemorySegment map(long byteCount) {
    reserve(PAGE_BYTES + 1);
    return cache.asSlice(0, byteCount);
  }

  void truncate(int target) {
    reserve(target);
    if (target < length) {
      cache.asSlice(target, length - target).fill((byte) 0);
      dropped.clear(target / SECTOR_BYTES, Math.ceilDiv(length, SECTOR_BYTES));
      int pages = Math.ceilDiv(target, PAGE_BYTES);
      stuck.clear(pages, Math.max(pages, stuck.length()));
      arrived.clear(pages, Math.max(pages, arrived.length()));
    }
    length = target;
  }

  private void reserve(int byteCount) {
    if (byteCount > bytesMax) {
      throw new AssertionError(
          "a file of " + byteCount + " bytes; this disk was made for " + bytesMax);
    }
    if (byteCount > PAGE_BYTES && cache.byteSize() == PAGE_BYTES) {
      MemorySegment large = arena.allocate(wholePages(bytesMax), Long.BYTES);
      MemorySegment.copy(cache, 0, large, 0, length);
      cache = large;
    }
  }

  /// Brings the medium up to the page cache, save for what a failed force has dropped.
  void force() {
    int end = reach();
    if (dropped.isEmpty() && stuck.isEmpty()) {
      MemorySegment.copy(cache, 0, MemorySegment.ofArray(durable), 0, end);
    } else {
      arrive(0, end);
    }
    arrived.set(0, end / PAGE_BYTES);
    forceLength();
  }

  /// The length is the file system's own: no failed force lets it be forgotten.
  private void forceLength() {
    Arrays.fill(durable, length, durable.length, (byte) 0);
    durableLength = length;
  }

  /// Drops what a force was to write, all of it or some pages, and takes it for clean from then on.
  void failForce(RandomGenerator random) {
    int end = reach();
    droppedBytes = Arrays.copyOf(droppedBytes, durable.length);
    boolean all = random.nextBoolean();
    boolean sticking = random.nextBoolean();
    for (int at = 0; at < end; at += PAGE_BYTES) {
      if (all || random.nextBoolean()) {
        drop(at);
        stuck.set(at / PAGE_BYTES, sticking && !arrived.get(at / PAGE_BYTES));
      } else {
        arrive(at, PAGE_BYTES);
      }
    }
    if (random.nextBoolean()) {
      forceLength();
    }
  }

  private void drop(int page) {
    for (int at = page; at < page + PAGE_BYTES; at += SECTOR_BYTES) {
      if (dirty(at)) {
        MemorySegment.copy(cache, at, MemorySegment.ofArray(droppedBytes), at, SECTOR_BYTES);
        dropped.set(at / SECTOR_BYTES);
      }
    }
  }

  /// {@return whether the page cache shows what the medium has not, and no force will bring there}
  boolean lost() {
    if (dropped.isEmpty() && stuck.isEmpty()) {
      return false;
    }
    int end = reach();
    return IntStream.iterate(0, at -> at < end, at -> at + SECTOR_BYTES).anyMatch(this::lost);
  }

  /// Forgets what is clean, as a system does that wants the memory: the medium shows.
  void dropCache() {
    var _ = reach();
    MemorySegment medium = MemorySegment.ofArray(durable);
    for (int at = 0; at < length; at += SECTOR_BYTES) {
      if (lost(at)) {
        MemorySegment.copy(medium, at, cache, at, Math.min(SECTOR_BYTES, length - at));
      }
    }
    dropped.clear();
    stuck.clear();
  }

  private boolean lost(int at) {
    return !same(at, SECTOR_BYTES) && !dirty(at);
  }

  /// Writes some pages back, as a system does when it likes to: so the medium may come to have any
  /// version of a page that there was since the last force.
  void writeBack(RandomGenerator random) {
    int pages = reach() / PAGE_BYTES;
    int start = pages <= WRITE_BACK_PAGES ? 0 : random.nextInt(pages - WRITE_BACK_PAGES);
    for (int page = start; page < Math.min(pages, start + WRITE_BACK_PAGES); page++) {
      int at = page * PAGE_BYTES;
      if (!same(at, PAGE_BYTES) && random.nextInt(3) == 0) {
        arrive(at, PAGE_BYTES);
      }
    }
  }

  /// What is dirty reaches the medium.
  private void arrive(int start, int count) {
    MemorySegment medium = MemorySegment.ofArray(durable);
    for (int at = start; at < start + count; at += SECTOR_BYTES) {
      if (dirty(at)) {
        MemorySegment.copy(cache, at, medium, at, SECTOR_BYTES);
        dropped.clear(at / SECTOR_BYTES);
        arrived.set(at / PAGE_BYTES);
      }
    }
  }

  private boolean dirty(int at) {
    if (same(at, SECTOR_BYTES) || stuck.get(at / PAGE_BYTES)) {
      return false;
    }
    int end = at + SECTOR_BYTES;
    MemorySegment before = MemorySegment.ofArray(droppedBytes);
    return !dropped.get(at / SECTOR_BYTES)
        || MemorySegment.mismatch(cache, at, end, before, at, end) >= 0;
  }

  private boolean same(int at, int count) {
    MemorySegment medium = MemorySegment.ofArray(durable);
    return MemorySegment.mismatch(cache, at, at + count, medium, at, at + count) < 0;
  }

  /// {@return the end of all that the cache or the medium has, in whole pages; the medium can take
  /// as much}
  private int reach() {
    int end = wholePages(Math.max(length, durableLength));
    if (durable.length < end) {
      int doubled = Math.min(wholePages(bytesMax), 2 * durable.length);
      durable = Arrays.copyOf(durable, Math.max(end, doubled));
    }
    return end;
  }

  /// Loses the page cache: what is dirty has reached the medium or not, unit by unit, one unit
  /// perhaps in part.
  void losePower(RandomGenerator random) {
    int end = reach();
    int unit = random.nextBoolean() ? SECTOR_BYTES : PAGE_BYTES;
    int survival = random.nextInt(4) == 0 ? 0 : random.nextInt(101);
    for (int at = 0; at < end; at += unit) {
      if (!same(at, unit)) {
        if (random.nextInt(100) < survival) {
          arrive(at, unit);
        } else if (random.nextInt(8) == 0) {
          tear(random, at, unit);
        }
      }
    }
    durableLength = survivingLength(random);
    Arrays.fill(durable, durableLength, durable.length, (byte) 0);
    length = durableLength;
    dropped.clear();
    stuck.clear();
    cache.fill((byte) 0);
    MemorySegment.copy(MemorySegment.ofArray(durable), 0, cache, 0, length);
  }

  /// One side of a random byte reaches the medium, the other does not.
  private void tear(RandomGenerator random, int at, int count) {
    int next = dropped.nextSetBit(at / SECTOR_BYTES);
    if (next >= 0 && next * SECTOR_BYTES < at + count || stuck.get(at / PAGE_BYTES)) {
      return;
    }
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
