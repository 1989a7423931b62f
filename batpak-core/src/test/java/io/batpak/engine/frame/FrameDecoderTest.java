package io.batpak.engine.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.event.Bytes;
import io.batpak.event.Coordinate;
import io.batpak.event.EventFlags;
import io.batpak.event.EventHeader;
import io.batpak.event.EventId;
import io.batpak.event.LanePosition;
import io.batpak.failure.InvalidName;
import io.batpak.failure.LimitExceeded;
import io.batpak.failure.MalformedPayload;
import io.batpak.payload.MessageWriter;
import io.batpak.testing.Randoms;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Proves that what an encoder writes is what a decoder reads, that passing over a header ends
/// where reading it does, and that bytes which no writer makes are refused in known ways although
/// their checksum holds. Would catch a form of MessagePack that only one of the two ways knows, and
/// a read outside the frame. Seed: per run, printed on failure (-Dbatpak.seed).
class FrameDecoderTest {

  private final FrameDecoder decoder = new FrameDecoder();

  @Test
  void reads_what_was_written() {
    Randoms.each(
        500,
        (random, size) -> {
          var made = new Made(random, size);

          load(made.frame);
          EventHeader header = decoder.header();

          assertThat(header.sequence()).isEqualTo(made.sequence);
          assertThat(header.id()).isEqualTo(made.id);
          assertThat(header.hlc().wallMillis()).isEqualTo(made.id.wallMillis());
          assertThat(header.coordinate()).isEqualTo(made.coordinate);
          assertThat(header.version()).isEqualTo(made.version);
          assertThat(header.flags()).isEqualTo(made.flags);
          assertThat(header.tags()).isEqualTo(made.tags);
          assertThat(header.position()).isEqualTo(made.position);
          assertThat(header.key().orElse(null)).isEqualTo(made.key);
          assertThat(header.extensions()).isEqualTo(made.extensions);
          assertThat(decoder.payload()).isEqualTo(made.payload);
        });
  }

  @Test
  void passing_over_a_header_ends_where_reading_it_does() {
    Randoms.each(
        500,
        (random, size) -> {
          var made = new Made(random, size);

          load(made.frame);

          assertThat(decoder.openPayload()).isEqualTo(made.version);
          assertThat(decoder.payload()).isEqualTo(made.payload);
        });
  }

  /// A decoder keeps its array, so bytes of a longer frame stand behind the end of a shorter one.
  @Test
  @Timeout(60)
  void wrong_bytes_under_a_right_checksum_end_in_known_ways() {
    Randoms.each(
        3_000,
        (random, size) -> {
          byte[] frame = new Made(random, size).frame;
          int body = ByteBuffer.wrap(frame).getInt(0);
          int wrong = 1 + random.nextInt(3);
          for (int i = 0; i < wrong; i++) {
            frame[8 + 2 + random.nextInt(body - 2)] = (byte) random.nextInt();
          }
          int cut =
              random.nextBoolean() ? 0 : random.nextInt(body - FrameLayout.BODY_BYTES_MIN + 1);
          load(seal(frame, body - cut));

          endsInAKnownWay(decoder::header);
          endsInAKnownWay(decoder::openPayload);
        });
  }

  @Test
  void a_header_that_ends_too_early_is_malformed() {
    var made = new Made(Randoms.seeded(1), 20);
    int header = ByteBuffer.wrap(made.frame).getInt(0) - made.payload.length;
    for (int body = FrameLayout.BODY_BYTES_MIN; body < header; body++) {
      load(seal(made.frame.clone(), body));

      assertThatThrownBy(decoder::openPayload)
          .isInstanceOf(MalformedPayload.class)
          .hasMessageContaining("header");
      assertThatThrownBy(decoder::header).isInstanceOf(MalformedPayload.class);
    }
  }

  @Test
  void numbers_in_a_wider_form_are_passed_over_all_the_same() {
    var out = new MessageWriter(1 << 10);
    byte[] wide = {(byte) 0xD2, 0, 0, 0, 7};
    out.writeRaw(new byte[] {(byte) 0x92, (byte) 0x9D}, 0, 2);
    out.writeRaw(wide, 0, wide.length);
    FrameEncoder.writeId(out, 1 << 20, 2);
    out.writeLong(0);
    out.writeLong(0x1001);
    out.writeRaw(wide, 0, wide.length);
    out.writeString("e");
    out.writeString("s");
    out.writeLong(0);
    out.writeArrayHeader(0);
    out.writeNil();
    out.writeLong(0);
    out.writeLong(0);
    out.writeBinary(new byte[32]);
    out.writeLong(5);
    byte[] frame = Arrays.copyOf(new byte[8], FrameLayout.frameBytes(out.end()));
    System.arraycopy(out.array(), 0, frame, 8, out.end());
    load(seal(frame, out.end()));

    assertThat(decoder.openPayload()).isEqualTo(7);
    assertThat(decoder.payload()).containsExactly(5);
    assertThat(decoder.header().version()).isEqualTo(7);
  }

  @Test
  void the_flag_of_an_erased_payload_in_a_header_is_malformed() {
    var builder = new FrameDraft(Coordinate.of("e", "s"), 0x1001, 1, EventFlags.DENIAL);
    builder.plain(List.of()).writeNil();
    byte[] frame = encoded(builder, new FrameEncoder.Stamp());
    int body = ByteBuffer.wrap(frame).getInt(0);
    int flags = 8 + body - 1 - 34 - 2 - 6;
    assertThat(frame[flags]).isEqualTo((byte) EventFlags.DENIAL);
    frame[flags] = EventFlags.ERASED;
    load(seal(frame, body));

    assertThatThrownBy(decoder::header)
        .isInstanceOf(MalformedPayload.class)
        .hasMessageContaining("flags")
        .hasMessageContaining("never stored");
  }

  @Test
  void a_draft_with_the_form_of_an_erased_payload_is_refused() {
    byte[] erased = new byte[ErasedPayload.BYTES];
    erased[0] = (byte) 0xC7;
    erased[1] = 32;
    erased[2] = 'E';

    assertThatThrownBy(() -> draft(erased).refuseErasedForm())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("erased");
    erased[2] = 'F';
    assertThat(draft(erased).contentHash())
        .isEqualTo(Blake3.hashOf(erased, 0, ErasedPayload.BYTES));
  }

  private static FrameDraft draft(byte[] payload) {
    var builder = new FrameDraft(Coordinate.of("e", "s"), 0x1001, 1, 0);
    builder.plain(List.of()).writeRaw(payload, 0, payload.length);
    return builder;
  }

  private static void endsInAKnownWay(Runnable read) {
    try {
      read.run();
    } catch (MalformedPayload | InvalidName | LimitExceeded | IllegalArgumentException e) {
      assertThat(e).hasMessageNotContaining("Index");
    }
  }

  private void load(byte[] frame) {
    MemorySegment file = Arena.ofAuto().allocate(frame.length, 8);
    file.copyFrom(MemorySegment.ofArray(frame));
    assertThat(decoder.load(file, 0, frame.length)).isEqualTo(FrameDecoder.Found.FRAME);
  }

  private static byte[] seal(byte[] frame, int body) {
    var crc32 = new CRC32();
    crc32.update(frame, 8, body);
    ByteBuffer.wrap(frame).putInt(body).putInt((int) crc32.getValue());
    return frame;
  }

  private static byte[] encoded(FrameDraft draft, FrameEncoder.Stamp stamp) {
    var encoder = new FrameEncoder(1 << 20);
    encoder.encode(draft, stamp);
    assertThat(encoder.headerBytes())
        .isEqualTo(ByteBuffer.wrap(encoder.array()).getInt(0) - 1 - payloadBytes(draft));
    return Arrays.copyOf(encoder.array(), encoder.end());
  }

  private static int payloadBytes(FrameDraft draft) {
    return draft.end() - draft.payloadStart();
  }

  /// A frame with anything in it.
  private static final class Made {

    final long sequence;
    final EventId id;
    final Coordinate coordinate;
    final int version;
    final int flags;
    final List<String> tags;
    final LanePosition position;
    final @Nullable Bytes key;
    final TreeMap<String, Bytes> extensions = new TreeMap<>();
    final byte[] payload;
    final byte[] frame;

    Made(RandomGenerator random, int size) {
      sequence = random.nextLong(1L << random.nextInt(1, 63));
      id = new EventId(random.nextLong() >>> 1, random.nextLong());
      coordinate = Coordinate.of(name(random, size), name(random, size));
      version = random.nextInt(1 << random.nextInt(17));
      flags = random.nextBoolean() ? 0 : random.nextInt(256) << 8;
      tags = tags(random, size);
      boolean root = random.nextBoolean();
      position = root ? LanePosition.ROOT : new LanePosition(1, random.nextLong() >>> 1);
      key = random.nextBoolean() ? null : Bytes.copyOf(bytes(random, 1 + size / 2));
      for (int i = random.nextInt(1 + size / 5); random.nextBoolean() && i > 0; i--) {
        extensions.put("x." + i, Bytes.copyOf(bytes(random, size * 5)));
      }
      var builder = new FrameDraft(coordinate, 0x1001, version, flags);
      MessageWriter out = builder.options(position, null, null, tags, key, extensions);
      int start = out.end();
      out.writeBinary(bytes(random, size * 10));
      payload = Arrays.copyOfRange(out.array(), start, out.end());
      var stamp = new FrameEncoder.Stamp();
      stamp.place(sequence, random.nextLong(1L << random.nextInt(1, 63)));
      stamp.previous(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
      stamp.time(id.high(), id.low(), random.nextInt(1 << random.nextInt(31)));
      stamp.recovery(random.nextInt(1 << random.nextInt(31)), random.nextLong(sequence + 1));
      frame = encoded(builder, stamp);
    }

    private static List<String> tags(RandomGenerator random, int size) {
      var tags = new ArrayList<String>();
      for (int i = random.nextInt(1 + size / 2); random.nextBoolean() && i > 0; i--) {
        tags.add("t:" + (100 - i));
      }
      return tags;
    }

    private static String name(RandomGenerator random, int size) {
      return "é".repeat(random.nextInt(2)) + "n".repeat(1 + random.nextInt(2 * size));
    }

    private static byte[] bytes(RandomGenerator random, int bound) {
      byte[] bytes = new byte[1 + random.nextInt(bound)];
      random.nextBytes(bytes);
      return bytes;
    }
  }
}
