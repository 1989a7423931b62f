package io.batpak.engine.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.event.Hash;
import io.batpak.testing.Randoms;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.bouncycastle.crypto.digests.Blake3Digest;
import org.junit.jupiter.api.Test;

/// Proves that [Blake3Lanes] computes the Blake3 of every message, whatever lies in the other
/// lanes. Would catch a wrong flag, length or permutation; a finished message that is compressed
/// on; a lane that keeps words of an earlier call or gets those of another lane. Oracles:
/// BouncyCastle and [Blake3]. Seed: per run, printed on failure (-Dbatpak.seed).
class Blake3LanesTest {

  private static final int[] CORNERS = {0, 1, 63, 64, 65, 127, 128, 129, 191, 192, 1023, 1024};

  private static final long UNTOUCHED = 0x5AA5_5AA5_5AA5_5AA5L;

  @Test
  void agrees_with_the_oracles_for_every_length() {
    var lanes = new Blake3Lanes(Blake3Lanes.MESSAGE_BYTES_MAX + 1);
    int[] lengths = new int[lanes.lanes()];
    Arrays.setAll(lengths, i -> i);

    check(lanes::hash, Batch.of(Randoms.seeded(1), lengths));
  }

  @Test
  void agrees_with_the_oracles_for_the_corners_side_by_side() {
    var random = Randoms.seeded(2);
    var lanes = new Blake3Lanes(32);

    for (int shift = 0; shift < CORNERS.length; shift++) {
      int[] lengths = new int[32];
      for (int i = 0; i < lengths.length; i++) {
        lengths[i] = CORNERS[(i + shift) % CORNERS.length];
      }
      check(lanes::hash, Batch.of(random, lengths));
      check(lanes::hash, Batch.of(random, Arrays.copyOf(lengths, CORNERS.length)));
    }
  }

  @Test
  void agrees_with_the_oracles_for_every_count() {
    var random = Randoms.seeded(3);
    var lanes = new Blake3Lanes(70);

    for (int count = 70; count >= 0; count--) {
      check(lanes::hash, Batch.of(random, lengths(random, count)));
    }
    for (int count = 0; count <= 70; count++) {
      check(lanes::hash, Batch.of(random, lengths(random, count)));
    }
  }

  @Test
  void agrees_with_the_oracles_call_after_call() {
    Randoms.each(
        200,
        (random, size) -> {
          var lanes = new Blake3Lanes(1 + random.nextInt(3 * size));

          for (int call = 0; call < 5; call++) {
            int count = random.nextInt(lanes.lanes() + 1);
            check(lanes::hash, Batch.of(random, lengths(random, count)));
          }
        });
  }

  @Test
  void the_check_rejects_a_kernel_that_compresses_finished_messages_on() {
    Kernel broken =
        (source, stride, lengths, count, target) -> {
          int longest = Arrays.stream(lengths, 0, count).max().orElse(0);
          for (int i = 0; i < count; i++) {
            byte[] message = Arrays.copyOf(slice(source, i * stride, lengths[i]), longest);
            write(Blake3.hashOf(message, 0, longest), target, i);
          }
        };

    check(broken, Batch.of(Randoms.seeded(4), 64, 64, 64));
    assertThatThrownBy(() -> check(broken, Batch.of(Randoms.seeded(4), 64, 65, 64)))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void the_check_rejects_a_kernel_that_reads_a_stale_lane() {
    var lanes = new Blake3Lanes(32);
    long[] stale = new long[32 * Blake3Lanes.HASH_LONGS];
    Kernel broken =
        (source, stride, lengths, count, target) -> {
          lanes.hash(source, stride, lengths, count, target);
          int last = Blake3Lanes.HASH_LONGS * (count - 1);
          if (count % 2 == 1) {
            System.arraycopy(stale, last, target, last, Blake3Lanes.HASH_LONGS);
          }
          System.arraycopy(target, 0, stale, 0, Blake3Lanes.HASH_LONGS * count);
        };

    check(broken, Batch.of(Randoms.seeded(5), 100, 100, 100, 100));
    assertThatThrownBy(() -> check(broken, Batch.of(Randoms.seeded(6), 100, 100, 100)))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void the_check_rejects_a_kernel_that_writes_behind_its_messages() {
    var lanes = new Blake3Lanes(16);
    Kernel broken =
        (source, stride, lengths, count, target) -> {
          lanes.hash(source, stride, lengths, count, target);
          target[Blake3Lanes.HASH_LONGS * count] = 0;
        };

    assertThatThrownBy(() -> check(broken, Batch.of(Randoms.seeded(7), 1, 2, 3)))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void rejects_counts_lengths_and_places_outside_their_ranges() {
    var lanes = new Blake3Lanes(2);
    byte[] source = new byte[2048];
    long[] target = new long[8];

    assertThat(lanes.lanes()).isEqualTo(2);
    assertThatThrownBy(() -> new Blake3Lanes(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lanes: 0, expected at least 1");
    assertThatThrownBy(() -> lanes.hash(source, 64, new int[3], 3, new long[12]))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> lanes.hash(source, 64, new int[2], -1, target))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> lanes.hash(source, 64, new int[2], 2, new long[7]))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> lanes.hash(source, 1024, new int[] {0, 1025}, 2, target))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("message 1: 1025 bytes, expected 0 to 1024");
    assertThatThrownBy(() -> lanes.hash(source, 1024, new int[] {-1, 0}, 2, target))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> lanes.hash(source, 1985, new int[] {0, 1}, 2, target))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> lanes.hash(source, Integer.MAX_VALUE, new int[2], 2, target))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> lanes.hash(source, -64, new int[2], 2, target))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void asserts_that_a_message_is_padded_with_zeros() {
    var lanes = new Blake3Lanes(2);
    byte[] source = new byte[128];
    source[127] = 1;

    assertThatThrownBy(() -> lanes.hash(source, 64, new int[] {3, 3}, 2, new long[8]))
        .isInstanceOf(AssertionError.class)
        .hasMessage("message 1: not zero behind its 3 bytes");
  }

  /// Mostly lengths of a few blocks, and some corners.
  private static int[] lengths(RandomGenerator random, int count) {
    int max = random.nextInt(Blake3Lanes.MESSAGE_BYTES_MAX + 1);
    int[] lengths = new int[count];
    for (int i = 0; i < count; i++) {
      lengths[i] =
          random.nextInt(4) == 0
              ? CORNERS[random.nextInt(CORNERS.length)]
              : random.nextInt(max + 1);
    }
    return lengths;
  }

  /// Hashes a batch and compares each hash with both oracles, and the rest of the target with what
  /// it held before.
  private static void check(Kernel kernel, Batch batch) {
    int count = batch.lengths.length;
    long[] target = new long[Blake3Lanes.HASH_LONGS * (count + 1)];
    Arrays.fill(target, UNTOUCHED);

    kernel.hash(batch.source, batch.stride, batch.lengths, count, target);

    for (int i = 0; i < count; i++) {
      byte[] message = slice(batch.source, i * batch.stride, batch.lengths[i]);
      assertThat(read(target, i))
          .as("message %d of %d, %d bytes", i, count, message.length)
          .isEqualTo(library(message))
          .isEqualTo(Blake3.hashOf(message, 0, message.length));
    }
    assertThat(read(target, count))
        .as("behind message %d", count)
        .isEqualTo(new Hash(UNTOUCHED, UNTOUCHED, UNTOUCHED, UNTOUCHED));
  }

  private static Hash library(byte[] message) {
    var digest = new Blake3Digest(Hash.BYTES * Byte.SIZE);
    byte[] target = new byte[Hash.BYTES];
    digest.update(message, 0, message.length);
    digest.doFinal(target, 0);
    return Hash.read(target, 0);
  }

  private static Hash read(long[] source, int message) {
    int first = Blake3Lanes.HASH_LONGS * message;
    return new Hash(source[first], source[first + 1], source[first + 2], source[first + 3]);
  }

  private static void write(Hash hash, long[] target, int message) {
    int first = Blake3Lanes.HASH_LONGS * message;
    target[first] = hash.word0();
    target[first + 1] = hash.word1();
    target[first + 2] = hash.word2();
    target[first + 3] = hash.word3();
  }

  private static byte[] slice(byte[] source, int offset, int count) {
    return Arrays.copyOfRange(source, offset, offset + count);
  }

  private interface Kernel {
    void hash(byte[] source, int stride, int[] lengths, int count, long[] target);
  }

  /// Random messages, padded with zeros. Between the padding and the next message lies noise, and
  /// the array ends with the last message's padding.
  @SuppressWarnings("ArrayRecordComponent") // test data, compared nowhere
  private record Batch(byte[] source, int stride, int[] lengths) {

    static Batch of(RandomGenerator random, int... lengths) {
      int longest = Arrays.stream(lengths).max().orElse(0);
      int stride = padded(longest) + random.nextInt(100);
      int last = lengths.length - 1;
      byte[] source = new byte[last < 0 ? 0 : last * stride + padded(lengths[last])];
      random.nextBytes(source);
      for (int i = 0; i <= last; i++) {
        int start = i * stride;
        Arrays.fill(source, start + lengths[i], start + padded(lengths[i]), (byte) 0);
      }
      return new Batch(source, stride, lengths);
    }

    private static int padded(int length) {
      return Math.max(1, Math.ceilDiv(length, Blake3Lanes.BLOCK_BYTES)) * Blake3Lanes.BLOCK_BYTES;
    }
  }
}
