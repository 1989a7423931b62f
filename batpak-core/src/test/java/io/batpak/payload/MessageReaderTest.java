package io.batpak.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.failure.MalformedPayload;
import io.batpak.testing.Randoms;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.value.ValueFactory;

/// The reader reads every form of a value and agrees with msgpack-java on arbitrary bytes; what it
/// refuses names payload and field. Would catch a form that is missing, sign errors, reads beyond
/// the end. Seeds: see Randoms.
class MessageReaderTest {

  private static final int RUNS = 20_000;

  private static final List<Consumer<MessageReader>> READS =
      List.of(
          MessageReader::readBoolean,
          MessageReader::readByte,
          MessageReader::readShort,
          MessageReader::readChar,
          MessageReader::readInt,
          MessageReader::readLong,
          MessageReader::readFloat,
          MessageReader::readDouble,
          MessageReader::readString,
          MessageReader::readBinary,
          MessageReader::readUuid,
          MessageReader::readTimestamp,
          MessageReader::readDuration,
          MessageReader::readLocalDate,
          MessageReader::readBigDecimal,
          MessageReader::readBigInteger,
          MessageReader::readArrayHeader,
          MessageReader::readMapHeader,
          MessageReader::readBinaryHeader,
          MessageReader::readStringHeader,
          MessageReader::skip);

  @Test
  void integers_are_read_from_every_width_and_sign() {
    Randoms.each(
        RUNS,
        (random, size) -> {
          long value = new Specimens(random, size).integer();
          byte[] bytes = Spelling.any(ValueFactory.newInteger(value), random);

          assertThat(reader(bytes).readLong()).isEqualTo(value);
          if (value == (int) value) {
            assertThat(reader(bytes).readInt()).isEqualTo((int) value);
          } else {
            assertMalformed(bytes, MessageReader::readInt, "outside -2147483648..2147483647");
          }
        });
  }

  @Test
  void unsigned_integers_beyond_63_bits_are_refused() {
    byte[] bytes = {(byte) 0xCF, (byte) 0x80, 0, 0, 0, 0, 0, 0, 1};

    assertMalformed(bytes, MessageReader::readLong, "9223372036854775809 does not fit");
  }

  @Test
  void floats_are_read_from_both_widths_bit_by_bit() {
    Randoms.each(
        RUNS,
        (random, size) -> {
          int narrow = random.nextInt();
          long wide = random.nextLong();
          byte[] four = ByteBuffer.allocate(5).put((byte) 0xCA).putInt(narrow).array();
          byte[] eight = ByteBuffer.allocate(9).put((byte) 0xCB).putLong(wide).array();
          float single = Float.intBitsToFloat(narrow);

          assertThat(Float.floatToIntBits(reader(four).readFloat()))
              .isEqualTo(Float.floatToIntBits(single));
          assertThat(Double.doubleToLongBits(reader(four).readDouble()))
              .isEqualTo(Double.doubleToLongBits(single));
          assertThat(Double.doubleToLongBits(reader(eight).readDouble()))
              .isEqualTo(Double.doubleToLongBits(Double.longBitsToDouble(wide)));
          assertMalformed(eight, MessageReader::readFloat, "expected a float 32");
        });
  }

  @Test
  void strings_binaries_and_timestamps_are_read_from_every_width() {
    Randoms.each(
        RUNS / 4,
        (random, size) -> {
          var specimens = new Specimens(random, size);
          String text = specimens.text();
          byte[] bytes = specimens.bytes();
          Instant instant = specimens.instant();

          assertThat(reader(Spelling.any(ValueFactory.newString(text), random)).readString())
              .isEqualTo(text);
          assertThat(reader(Spelling.any(ValueFactory.newBinary(bytes), random)).readBinary())
              .isEqualTo(bytes);
          assertThat(
                  reader(Spelling.any(ValueFactory.newTimestamp(instant), random)).readTimestamp())
              .isEqualTo(instant);
        });
  }

  @Test
  void durations_and_numbers_are_read_back_to_their_extremes() {
    for (Duration duration :
        List.of(
            Duration.ZERO,
            Duration.ofSeconds(Long.MIN_VALUE),
            Duration.ofSeconds(Long.MAX_VALUE, 999_999_999))) {
      assertThat(reader(written(out -> out.writeDuration(duration))).readDuration())
          .isEqualTo(duration);
    }
    for (int scale : List.of(Integer.MIN_VALUE + 1, -1, 0, 1, Integer.MAX_VALUE)) {
      BigDecimal decimal = new BigDecimal(BigInteger.valueOf(-1), scale);
      assertThat(reader(written(out -> out.writeBigDecimal(decimal))).readBigDecimal())
          .isEqualTo(decimal);
    }
  }

  @Test
  void text_that_is_not_utf_8_is_refused_and_a_replacement_character_is_not() {
    for (byte[] bad :
        List.of(
            new byte[] {(byte) 0xA1, (byte) 0x80},
            new byte[] {(byte) 0xA2, (byte) 0xC0, (byte) 0x80},
            new byte[] {(byte) 0xA3, (byte) 0xED, (byte) 0xA0, (byte) 0x80},
            new byte[] {(byte) 0xA1, (byte) 0xE2},
            new byte[] {(byte) 0xA4, (byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80})) {
      assertMalformed(bad, MessageReader::readString, "is not UTF-8");
    }
    String legal = "a\ufffdb";
    assertThat(reader(written(out -> out.writeString(legal))).readString()).isEqualTo(legal);
  }

  @Test
  void a_value_is_skipped_exactly_when_msgpack_java_skips_it() {
    Randoms.each(
        RUNS,
        (random, size) -> {
          byte[] bytes = new byte[1 + random.nextInt(size)];
          random.nextBytes(bytes);
          for (int i = 0; i < bytes.length; i++) {
            // they add up counts in 32 bits, which overflows for wide arrays and maps
            boolean wide = bytes[i] == (byte) 0xDD || bytes[i] == (byte) 0xDF;
            bytes[i] = (byte) (wide ? bytes[i] - 1 : bytes[i]);
          }
          MessageReader in = reader(bytes);
          boolean skipped = true;
          try {
            in.skip();
          } catch (MalformedPayload _) {
            skipped = false;
          }

          long skippedByThem = skippedByThem(bytes);

          assertThat(skipped ? in.position() : -1).isEqualTo(skippedByThem);
        });
  }

  private static long skippedByThem(byte[] bytes) {
    try (var unpacker = MessagePack.newDefaultUnpacker(bytes)) {
      unpacker.skipValue();
      return unpacker.getTotalReadBytes();
    } catch (MessagePackException | IOException _) {
      return -1;
    }
  }

  @Test
  void arbitrary_bytes_give_a_value_or_a_malformed_payload_within_the_bounds() {
    Randoms.each(
        RUNS,
        (random, size) -> {
          byte[] bytes = new byte[1 + random.nextInt(size)];
          random.nextBytes(bytes);
          int start = random.nextInt(bytes.length);
          int end = start + random.nextInt(bytes.length - start + 1);
          for (Consumer<MessageReader> read : READS) {
            var in = new MessageReader(bytes, start, end);
            try {
              read.accept(in);
              assertThat(in.position()).isBetween(start + 1, end);
            } catch (MalformedPayload failure) {
              assertThat(failure.reason()).isNotEmpty();
            }
          }
        });
  }

  @Test
  void a_part_of_an_array_is_never_left() {
    byte[] whole = written(out -> out.writeString("beyond"));

    for (int end = 0; end < whole.length; end++) {
      var in = new MessageReader(whole, 0, end);
      assertThatThrownBy(in::readString).isInstanceOf(MalformedPayload.class);
    }
  }

  @Test
  void hostile_nesting_is_skipped_without_recursion() {
    byte[] arrays = new byte[1 << 20];
    Arrays.fill(arrays, (byte) 0x91);

    assertMalformed(arrays, MessageReader::skip, "the bytes end");
    arrays[arrays.length - 1] = (byte) 0xC0;
    MessageReader in = reader(arrays);
    in.skip();
    assertThat(in.exhausted()).isTrue();
  }

  @Test
  void counts_are_never_more_than_the_bytes_that_are_left() {
    for (int head : new int[] {0xDC, 0xDD, 0xDE, 0xDF}) {
      byte[] bytes = new byte[40];
      bytes[0] = (byte) head;
      Arrays.fill(bytes, 1, head % 2 == 0 ? 3 : 5, (byte) 0xFF);

      assertMalformed(
          bytes,
          head < 0xDE ? MessageReader::readArrayHeader : MessageReader::readMapHeader,
          "bytes are left");
    }
  }

  @Test
  void names_and_fields_are_found_in_every_width() throws IOException {
    String long_ = "x".repeat(40);
    NameTable table = NameTable.of("first", "second", long_);
    for (String name : table.names()) {
      for (int width : new int[] {1, 2, 4}) {
        byte[] bytes = wide(name, width);
        int index = table.names().indexOf(name);
        assertThat(reader(bytes).readName(table)).isEqualTo(index);
        for (int expected = 0; expected <= 3; expected++) {
          assertThat(reader(bytes).readField(table, expected, 0)).isEqualTo(index);
        }
      }
    }
    assertThat(reader(wide("third", 1)).readField(table, 0, 0)).isEqualTo(-1);
    assertMalformed(wide("third", 1), in -> in.readName(table), "\"third\" is none of [first");
  }

  private static byte[] wide(String text, int width) throws IOException {
    var out = new ByteArrayOutputStream();
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.write(width == 1 ? 0xD9 : width == 2 ? 0xDA : 0xDB);
    for (int i = width - 1; i >= 0; i--) {
      out.write(utf8.length >>> 8 * i);
    }
    out.write(utf8);
    return out.toByteArray();
  }

  private static MessageReader reader(byte[] bytes) {
    return new MessageReader(bytes);
  }

  private static byte[] written(Consumer<MessageWriter> writing) {
    var out = new MessageWriter(1 << 20);
    writing.accept(out);
    return out.toByteArray();
  }

  private static void assertMalformed(byte[] bytes, Consumer<MessageReader> read, String reason) {
    MessageReader in = reader(bytes);
    in.payload("Order");
    in.field("lines");
    assertThatThrownBy(() -> read.accept(in))
        .isInstanceOfSatisfying(
            MalformedPayload.class,
            failure -> {
              assertThat(failure.payload()).isEqualTo("Order");
              assertThat(failure.field()).isEqualTo("lines");
              assertThat(failure.reason()).contains(reason);
            });
  }
}
