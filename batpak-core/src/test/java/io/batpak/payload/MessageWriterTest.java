package io.batpak.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.failure.LimitExceeded;
import io.batpak.failure.MalformedPayload;
import io.batpak.testing.Randoms;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/// Whatever the writer writes is byte for byte what msgpack-java packs, which picks the smallest
/// form too. Would catch a wrong boundary between two forms, a lost byte while the array grows.
/// Seeds: see Randoms.
class MessageWriterTest {

  private static final int RUNS = 20_000;
  private static final int BYTES_MAX = 1 << 20;

  private interface Packing {
    void pack(MessageBufferPacker packer) throws IOException;
  }

  private static void assertSame(Consumer<MessageWriter> writing, Packing packing)
      throws IOException {
    var out = new MessageWriter(BYTES_MAX);
    writing.accept(out);
    try (var packer = MessagePack.newDefaultBufferPacker()) {
      packing.pack(packer);
      assertThat(out.toByteArray()).isEqualTo(packer.toByteArray());
    }
  }

  @Test
  void integers_take_the_smallest_form() {
    Randoms.each(
        RUNS,
        (random, size) -> {
          long value = new Specimens(random, size).integer();
          assertSame(out -> out.writeLong(value), packer -> packer.packLong(value));
          BigInteger unsigned = new BigInteger(Long.toUnsignedString(value));
          assertSame(out -> out.writeUnsigned(value), packer -> packer.packBigInteger(unsigned));
        });
  }

  @Test
  void integers_take_the_smallest_form_at_every_boundary() throws IOException {
    for (int bits = 0; bits < 64; bits++) {
      for (long offset = -2; offset <= 2; offset++) {
        for (long sign : new long[] {-1, 1}) {
          long value = sign * ((1L << bits) + offset);
          assertSame(out -> out.writeLong(value), packer -> packer.packLong(value));
        }
      }
    }
  }

  @Test
  void floats_keep_every_bit() {
    Randoms.each(
        RUNS,
        (random, size) -> {
          float narrow = Float.intBitsToFloat(random.nextInt());
          double wide = Double.longBitsToDouble(random.nextLong());
          assertSame(out -> out.writeFloat(narrow), packer -> packer.packFloat(narrow));
          assertSame(out -> out.writeDouble(wide), packer -> packer.packDouble(wide));
        });
  }

  @Test
  void strings_and_binaries_are_those_of_msgpack_java() {
    Randoms.each(
        RUNS / 4,
        (random, size) -> {
          var specimens = new Specimens(random, size);
          String text = specimens.text();
          assertSame(out -> out.writeString(text), packer -> packer.packString(text));
          byte[] bytes = specimens.bytes();
          assertSame(
              out -> out.writeBinary(bytes),
              packer -> packer.packBinaryHeader(bytes.length).writePayload(bytes));
        });
  }

  @Test
  void every_length_around_a_boundary_has_the_right_header() throws IOException {
    for (int boundary : new int[] {0, 15, 16, 31, 32, 255, 256, 65_535, 65_536}) {
      for (int length = Math.max(0, boundary - 2); length <= boundary + 2; length++) {
        int count = length;
        String ascii = "a".repeat(count);
        String wide = "é".repeat(count);
        assertSame(out -> out.writeString(ascii), packer -> packer.packString(ascii));
        assertSame(out -> out.writeString(wide), packer -> packer.packString(wide));
        assertSame(out -> out.writeArrayHeader(count), packer -> packer.packArrayHeader(count));
        assertSame(out -> out.writeMapHeader(count), packer -> packer.packMapHeader(count));
        assertSame(out -> out.writeBinaryHeader(count), packer -> packer.packBinaryHeader(count));
      }
    }
  }

  @Test
  void timestamps_take_the_smallest_form() {
    Randoms.each(
        RUNS,
        (random, size) -> {
          Instant instant = new Specimens(random, size).instant();
          assertSame(out -> out.writeTimestamp(instant), packer -> packer.packTimestamp(instant));
        });
  }

  @Test
  void nil_and_bools_are_those_of_msgpack_java() throws IOException {
    assertSame(MessageWriter::writeNil, MessageBufferPacker::packNil);
    assertSame(out -> out.writeBoolean(true), packer -> packer.packBoolean(true));
    assertSame(out -> out.writeBoolean(false), packer -> packer.packBoolean(false));
  }

  @Test
  void unpaired_surrogates_are_refused_wherever_they_stand() {
    Randoms.each(
        RUNS / 4,
        (random, size) -> {
          String text = new Specimens(random, size).text();
          int at =
              text.offsetByCodePoints(0, random.nextInt(text.codePointCount(0, text.length()) + 1));
          char surrogate =
              (char) random.nextInt(Character.MIN_SURROGATE, Character.MAX_SURROGATE + 1);
          String bad = text.substring(0, at) + surrogate + " " + text.substring(at);
          var out = new MessageWriter(BYTES_MAX);
          out.payload("Order");
          out.enterRecord(1);
          out.field("name");

          assertThatThrownBy(() -> out.writeString(bad))
              .isInstanceOfSatisfying(
                  MalformedPayload.class,
                  failure -> {
                    assertThat(failure.payload()).isEqualTo("Order");
                    assertThat(failure.field()).isEqualTo("name");
                    assertThat(failure.reason())
                        .isEqualTo(
                            String.format(
                                "unpaired surrogate U+%04X at index %d", (int) surrogate, at));
                  });
        });
  }

  @Test
  void the_limit_is_kept_however_the_bytes_come() {
    var out = new MessageWriter(100);

    for (int i = 0; i < 99; i++) {
      out.writeNil();
    }
    assertThat(out.end()).isEqualTo(99);
    assertThatThrownBy(() -> out.writeString("a".repeat(200))).isInstanceOf(LimitExceeded.class);
    assertThatThrownBy(() -> out.writeRaw(new byte[200], 0, 200)).isInstanceOf(LimitExceeded.class);
    assertThat(out.end()).isEqualTo(99);
  }

  @Test
  void a_writer_starts_anew_after_clear_and_goes_back_by_rewind() {
    var out = new MessageWriter(BYTES_MAX);
    out.writeString("first");
    int end = out.end();
    out.writeString("second");
    out.rewind(end);
    assertThat(new String(out.toByteArray(), 1, 5, StandardCharsets.UTF_8)).isEqualTo("first");
    assertThat(out.end()).isEqualTo(6);
    out.clear();
    assertThat(out.toByteArray()).isEmpty();
  }

  @Test
  void numbers_too_long_to_be_read_are_not_written() {
    var out = new MessageWriter(BYTES_MAX);
    BigInteger huge = BigInteger.ONE.shiftLeft(1 << 20);
    BigInteger long_ = BigInteger.TEN.pow(MessageReader.NUMBER_CHARS_MAX);
    BigInteger longest = BigInteger.TEN.pow(MessageReader.NUMBER_CHARS_MAX - 1);

    for (BigInteger value : List.of(huge, long_)) {
      assertThatThrownBy(() -> out.writeBigInteger(value)).isInstanceOf(MalformedPayload.class);
      assertThatThrownBy(() -> out.writeBigDecimal(new BigDecimal(value, 3)))
          .isInstanceOf(MalformedPayload.class);
    }
    out.writeBigInteger(longest);
    assertThat(new MessageReader(out.toByteArray()).readBigInteger()).isEqualTo(longest);
  }
}
