package io.batpak.engine.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.event.Hash;
import io.batpak.testing.Randoms;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.bouncycastle.crypto.digests.Blake3Digest;
import org.junit.jupiter.api.Test;

/// Proves that [Blake3] is the Blake3 of the paper, for every length and every way to cut a
/// message. Would catch a wrong flag, counter, permutation or merge; padding or state left from
/// before. Oracle: BouncyCastle. Seed: per run, printed on failure (-Dbatpak.seed).
class Blake3Test {

  private final Blake3 blake3 = new Blake3();

  @Test
  void gives_the_published_hashes() {
    byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);

    assertThat(Blake3.hashOf(new byte[0], 0, 0))
        .hasToString("af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
    assertThat(Blake3.hashOf(new byte[1], 0, 1))
        .hasToString("2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213");
    assertThat(Blake3.hashOf(abc, 0, abc.length))
        .hasToString("6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85");
  }

  @Test
  void agrees_with_the_oracle_for_every_length_up_to_3000() {
    byte[] source = pattern(3001);

    for (int length = 0; length <= 3000; length++) {
      String expected = oracle(source, 1, length);
      assertThat(blake3.hash(source, 1, length)).as("%d bytes", length).hasToString(expected);
      assertThat(digestInPieces(source, 1, length, length / 3))
          .as("%d bytes in pieces", length)
          .isEqualTo(expected);
    }
  }

  @Test
  void agrees_with_the_oracle_at_the_corners_of_the_tree() {
    byte[] source = pattern(64 * 1024 + 1);

    for (int chunks = 1; chunks <= 64; chunks++) {
      for (int length = chunks * 1024 - 1; length <= chunks * 1024 + 1; length++) {
        assertThat(blake3.hash(source, 0, length))
            .as("%d bytes", length)
            .hasToString(oracle(source, 0, length));
      }
    }
  }

  @Test
  void agrees_with_the_oracle_however_a_message_is_cut() {
    Randoms.each(
        200,
        (random, size) -> {
          byte[] source = new byte[random.nextInt(1 + size * 3000)];
          random.nextBytes(source);
          int offset = random.nextInt(source.length + 1);
          int length = source.length - offset;

          String expected = oracle(source, offset, length);
          assertThat(blake3.hash(source, offset, length)).hasToString(expected);
          assertThat(digestInRandomPieces(random, source, offset)).isEqualTo(expected);
        });
  }

  @Test
  void writes_the_hash_where_it_is_told() {
    byte[] source = pattern(100);
    byte[] target = new byte[40];

    blake3.hash(source, 0, 100, target, 5);

    assertThat(Hash.read(target, 5)).isEqualTo(Blake3.hashOf(source, 0, 100));
    assertThat(target).startsWith(0, 0, 0, 0, 0).endsWith(0, 0, 0);
  }

  @Test
  void starts_anew_after_a_digest_a_reset_and_a_whole_hash() {
    byte[] source = pattern(5000);
    byte[] target = new byte[Hash.BYTES];
    Hash expected = Blake3.hashOf(source, 0, 5000);

    blake3.update(source, 0, 5000).digest(target, 0);
    blake3.update(source, 7, 4001).reset();
    assertThat(blake3.hash(source, 0, 5000)).isEqualTo(expected);

    blake3.update(source, 0, 3000);
    assertThat(blake3.hash(source, 0, 5000)).isEqualTo(expected);
    blake3.update(source, 0, 5000).digest(target, 0);
    assertThat(Hash.read(target, 0)).isEqualTo(expected);
  }

  @Test
  void refuses_what_lies_outside_the_array() {
    byte[] source = new byte[10];

    assertThatThrownBy(() -> blake3.hash(source, 5, 6))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> blake3.hash(source, -1, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> blake3.hash(source, 0, 2000))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> blake3.update(source, 0, -1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> blake3.digest(source, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private String digestInPieces(byte[] source, int offset, int length, int firstBytes) {
    byte[] target = new byte[Hash.BYTES];
    blake3.update(source, offset, firstBytes);
    blake3.update(source, offset + firstBytes, length - firstBytes);
    blake3.digest(target, 0);
    return HexFormat.of().formatHex(target);
  }

  private String digestInRandomPieces(RandomGenerator random, byte[] source, int offset) {
    byte[] target = new byte[Hash.BYTES];
    int pieceMax = 1 + random.nextInt(3000);
    for (int next = offset; next < source.length; ) {
      int piece = Math.min(random.nextInt(pieceMax + 1), source.length - next);
      blake3.update(source, next, piece);
      next += piece;
    }
    blake3.digest(target, 0);
    return HexFormat.of().formatHex(target);
  }

  private static String oracle(byte[] source, int offset, int length) {
    var digest = new Blake3Digest(Hash.BYTES * Byte.SIZE);
    byte[] target = new byte[Hash.BYTES];
    digest.update(source, offset, length);
    digest.doFinal(target, 0);
    return HexFormat.of().formatHex(target);
  }

  private static byte[] pattern(int bytes) {
    byte[] pattern = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      pattern[i] = (byte) (i % 251);
    }
    return pattern;
  }
}
