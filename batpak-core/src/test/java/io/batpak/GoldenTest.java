package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.engine.frame.Blake3;
import io.batpak.engine.frame.FrameDecoder;
import io.batpak.engine.frame.FrameDraft;
import io.batpak.engine.frame.FrameEncoder;
import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.index.FooterComparison;
import io.batpak.engine.index.KeyProbe;
import io.batpak.engine.index.NameKey;
import io.batpak.engine.index.SealedIndex;
import io.batpak.engine.index.SidxLayout;
import io.batpak.engine.index.SidxWriter;
import io.batpak.engine.recovery.StoreId;
import io.batpak.engine.segment.SegmentHeader;
import io.batpak.engine.segment.SegmentLayout;
import io.batpak.event.Bytes;
import io.batpak.event.Coordinate;
import io.batpak.event.EventFlags;
import io.batpak.event.EventHeader;
import io.batpak.event.EventId;
import io.batpak.event.Hash;
import io.batpak.event.LanePosition;
import io.batpak.testing.IndexRow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.msgpack.core.MessagePack;
import org.msgpack.value.ArrayValue;
import org.msgpack.value.Value;

/// Proves that the bytes of each format are those on file, that they read back, and that another
/// MessagePack tool reads them as the format page says. Would catch a change of a format that does
/// not change its version. Deterministic; -Dgolden.update=true writes files of a new version only.
class GoldenTest {

  private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");

  private static final EventId STORE = new EventId(0x0123456789ABCDEFL, 0xFEDCBA9876543210L);
  private static final EventId ID = new EventId(0x0190_0000_0000_7001L, 0x8000_0000_0000_0002L);
  private static final EventId CAUSE = new EventId(0x018F_FFFF_FFFF_7001L, 0x8000_0000_0000_0003L);
  private static final Hash PREVIOUS = new Hash(0x1111, 0x2222, 0x3333, 0x4444);
  private static final byte[] PAYLOAD = {(byte) 0x81, (byte) 0xA1, 'n', 0x07};

  @Test
  void a_plain_frame_is_as_on_file() throws IOException {
    byte[] golden = golden(GOLDEN, "frame-plain", SegmentLayout.FORMAT, plain());

    EventHeader header = decoded(golden).header();

    assertThat(header.sequence()).isEqualTo(300);
    assertThat(header.id()).isEqualTo(ID);
    assertThat(header.hlc().counter()).isEqualTo(5);
    assertThat(header.hlc().wallMillis()).isEqualTo(ID.wallMillis());
    assertThat(header.kind().bits()).isEqualTo(0x1007);
    assertThat(header.coordinate()).isEqualTo(Coordinate.of("order:1", "shop"));
    assertThat(header.clock()).isEqualTo(3);
    assertThat(header.correlation()).isEqualTo(ID);
    assertThat(header.causation()).isEmpty();
    assertThat(header.tags()).isEmpty();
    assertThat(header.previousHash()).isEqualTo(PREVIOUS);
    assertThat(hashOf(golden)).isEqualTo(hashByTheFormatPage(golden));
  }

  @Test
  void a_frame_with_every_option_is_as_on_file() throws IOException {
    byte[] golden = golden(GOLDEN, "frame-full", SegmentLayout.FORMAT, full());

    EventHeader header = decoded(golden).header();

    assertThat(header.version()).isEqualTo(2);
    assertThat(header.flags()).isEqualTo(EventFlags.DENIAL);
    assertThat(header.coordinate()).isEqualTo(Coordinate.of("größe/𝄞", "日本"));
    assertThat(header.position()).isEqualTo(new LanePosition(3, 70_000));
    assertThat(header.correlation()).isEqualTo(CAUSE);
    assertThat(header.causation()).contains(CAUSE);
    assertThat(header.tags()).containsExactly("a:1", "ß:2");
    assertThat(header.key()).contains(Bytes.copyOf(new byte[] {9, 8}));
    assertThat(header.extensions())
        .isEqualTo(Map.of("sig", Bytes.copyOf(new byte[] {1, 2, 3}), "x", Bytes.copyOf(PAYLOAD)));
    assertThat(header.unforced()).isEqualTo(17);
    assertThat(hashOf(golden)).isEqualTo(hashByTheFormatPage(golden));
  }

  @Test
  void a_frame_with_an_erased_payload_is_as_on_file() throws IOException {
    byte[] plain = plain();
    byte[] golden = golden(GOLDEN, "frame-erased", SegmentLayout.FORMAT, erased(plain));
    var decoder = new FrameDecoder();
    MemorySegment file = MemorySegment.ofArray(aligned(golden));
    assertThat(decoder.load(file, 0, golden.length)).isEqualTo(FrameDecoder.Found.FRAME);

    assertThat(decoder.header().flags()).isEqualTo(EventFlags.ERASED);

    assertThat(decoder.eventHash(new Blake3())).isEqualTo(hashOf(plain));
    assertThat(decoder.contentHash(new Blake3()))
        .isEqualTo(Blake3.hashOf(PAYLOAD, 0, PAYLOAD.length));
  }

  @Test
  void a_batch_is_as_on_file() throws IOException {
    byte[] golden = golden(GOLDEN, "frame-batch", SegmentLayout.FORMAT, batch());
    var decoder = new FrameDecoder();
    MemorySegment file = MemorySegment.ofArray(aligned(golden));
    long offset = 0;
    for (int more = 2; more >= 0; more--) {
      assertThat(decoder.load(file, offset, golden.length)).isEqualTo(FrameDecoder.Found.FRAME);
      assertThat(decoder.header().more()).isEqualTo(more);
      assertThat(decoder.header().sequence()).isEqualTo(302 - more);
      offset += decoder.frameBytes();
    }
    assertThat(offset).isEqualTo(golden.length);
  }

  @Test
  void a_segment_header_is_as_on_file() throws IOException {
    var header = new SegmentHeader(STORE, 412_877, 1_750_000_000_000L, PREVIOUS);
    byte[] golden = golden(GOLDEN, "segment-header", SegmentLayout.FORMAT, header.encode());

    assertThat(SegmentHeader.read(MemorySegment.ofArray(golden)))
        .isEqualTo(new SegmentHeader.Read.Good(header, golden.length));
    try (var in = MessagePack.newDefaultUnpacker(golden, 12, golden.length - 12)) {
      var map = new TreeMap<String, Value>();
      in.unpackValue().asMapValue().map().forEach((key, value) -> map.put(key.toString(), value));
      assertThat(map).containsOnlyKeys("format", "store", "first", "created", "previous");
      assertThat(map).extractingByKey("first").hasToString("412877");
      assertThat(map)
          .extractingByKey("previous")
          .extracting(value -> value.asBinaryValue().asByteArray())
          .isEqualTo(PREVIOUS.bytes());
    }
  }

  @Test
  void a_footer_is_as_on_file() throws IOException {
    byte[] bytes = SidxWriter.write(index(), 4_096).array();
    byte[] golden = golden(GOLDEN, "sidx", SidxLayout.FORMAT, bytes);

    assertThat(footer(golden).lastFence()).isEqualTo(990);
  }

  /// The footer behind 4 096 bytes of frames, opened, asked, and found to be what the rows make.
  private static SealedIndex footer(byte[] golden) {
    byte[] bytes = new byte[4_096 + golden.length];
    System.arraycopy(golden, 0, bytes, 4_096, golden.length);
    MemorySegment file = MemorySegment.ofArray(bytes);
    if (!(SealedIndex.open(file) instanceof SealedIndex.Footer.Present present)) {
      throw new AssertionError("a footer that does not open");
    }
    SealedIndex index = present.index();
    assertThat(present.framesEnd()).isEqualTo(4_096);
    assertThat(index.intact()).isTrue();
    assertThat(index.first()).isEqualTo(1_000);
    assertThat(index.rows()).isEqualTo(6);
    assertThat(index.ofEntity(new NameKey("order:1")).count()).isEqualTo(2);
    assertThat(index.ofEntity(new NameKey("order:2")).count()).isZero();
    assertThat(index.withTag(new NameKey("t:0")).count()).isEqualTo(3);
    assertThat(index.withTag(new NameKey("t:1")).count()).isZero();
    assertThat(index.rowWithKey(new KeyProbe(Bytes.copyOf(new byte[] {9})))).isEqualTo(4);
    assertThat(index.rowWithKey(new KeyProbe(Bytes.copyOf(new byte[] {8})))).isEqualTo(-1);
    assertThat(index.clock(5)).isEqualTo(70_000);
    assertThat(FooterComparison.differences(file, present, index())).isEmpty();
    return index;
  }

  @Test
  void a_store_id_is_as_on_file() throws IOException {
    byte[] bytes = (StoreId.text(STORE) + "\n").getBytes(StandardCharsets.US_ASCII);
    byte[] golden = golden(GOLDEN, "store-id", 1, bytes);

    assertThat(new String(golden, StandardCharsets.US_ASCII))
        .isEqualTo("0123456789abcdeffedcba9876543210\n");
  }

  /// What `Store` writes, not only what the golden files are made with.
  @Test
  void a_store_writes_its_id_so(@TempDir Path directory) throws IOException {
    try (Store store = Store.open(directory)) {
      assertThat(directory.resolve("store.id")).hasContent(StoreId.text(store.id()) + "\n");
    }
  }

  @Test
  void another_tool_reads_every_element_of_a_full_frame() throws IOException {
    ArrayValue header = header(golden(GOLDEN, "frame-full", SegmentLayout.FORMAT, full()));

    assertThat(header.get(0).asIntegerValue().asInt()).isEqualTo(300);
    assertThat(header.get(1).asBinaryValue().asByteArray()).isEqualTo(bytes(ID));
    assertThat(header.get(2).asIntegerValue().asInt()).isEqualTo(5);
    assertThat(header.get(3).asIntegerValue().asInt()).isEqualTo(0x1007);
    assertThat(header.get(4).asIntegerValue().asInt()).isEqualTo(2);
    assertThat(header.get(5).asStringValue().asString()).isEqualTo("größe/𝄞");
    assertThat(header.get(6).asStringValue().asString()).isEqualTo("日本");
    assertThat(header.get(7).asIntegerValue().asInt()).isEqualTo(3);
    assertThat(header.get(8).toJson()).isEqualTo("[\"a:1\",\"ß:2\"]");
    assertThat(header.get(10).asIntegerValue().asInt()).isZero();
    assertThat(header.get(11).asIntegerValue().asInt()).isEqualTo(17);
    assertThat(header.get(12).asBinaryValue().asByteArray()).isEqualTo(PREVIOUS.bytes());

    ArrayValue options = header.get(9).asArrayValue();
    assertThat(options.size()).isEqualTo(6);
    assertThat(options.get(0).asIntegerValue().asInt()).isEqualTo(EventFlags.DENIAL);
    assertThat(options.get(1).toJson()).isEqualTo("[3,70000]");
    assertThat(options.get(2).asBinaryValue().asByteArray()).isEqualTo(bytes(CAUSE));
    assertThat(options.get(3).asBinaryValue().asByteArray()).isEqualTo(bytes(CAUSE));
    assertThat(options.get(4).asBinaryValue().asByteArray()).containsExactly(9, 8);
    assertThat(options.get(5).asMapValue().entrySet().stream().map(e -> e.getKey().toString()))
        .containsExactly("sig", "x");
  }

  @Test
  void another_tool_reads_nil_where_nothing_is_said() throws IOException {
    ArrayValue header = header(golden(GOLDEN, "frame-plain", SegmentLayout.FORMAT, plain()));

    assertThat(header.get(8).asArrayValue().size()).isZero();
    assertThat(header.get(9).isNilValue()).isTrue();
  }

  @Test
  void another_tool_reads_nil_for_each_option_that_is_absent() throws IOException {
    byte[] frame = golden(GOLDEN, "frame-flag", SegmentLayout.FORMAT, flagged());

    assertThat(header(frame).get(9).toJson()).isEqualTo("[2,null,null,null,null,null]");
  }

  @Test
  void a_change_without_a_new_version_is_refused(@TempDir Path directory) throws IOException {
    byte[] first = {1};
    byte[] second = {2};
    var _ = golden(directory, "x", 1, first, true);

    assertThatThrownBy(() -> golden(directory, "x", 1, second, true))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("x.v1.bin");
    assertThat(golden(directory, "x", 2, second, true)).isEqualTo(second);
    assertThat(directory.resolve("x.v1.bin")).hasBinaryContent(first);
    assertThatThrownBy(() -> golden(directory, "x", 3, second, false))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("golden.update");
  }

  private static byte[] golden(Path directory, String name, int version, byte[] now)
      throws IOException {
    return golden(directory, name, version, now, Boolean.getBoolean("golden.update"));
  }

  /// The file of a format and version, compared with what is written now. Only the file of a
  /// version that has none yet is ever written.
  private static byte[] golden(Path directory, String name, int version, byte[] now, boolean update)
      throws IOException {
    Path file = directory.resolve(name + ".v" + version + ".bin");
    if (update && !Files.exists(file)) {
      var _ = Files.createDirectories(directory);
      var _ = Files.write(file, now);
    }
    assertThat(file).as("for a new version, run with -Dgolden.update=true").exists();
    byte[] golden = Files.readAllBytes(file);
    assertThat(Arrays.equals(now, golden))
        .as("%s: the format has changed and its version has not", file)
        .isTrue();
    return golden;
  }

  private static ArrayValue header(byte[] frame) throws IOException {
    try (var in = MessagePack.newDefaultUnpacker(frame, 8, frame.length - 8)) {
      ArrayValue body = in.unpackValue().asArrayValue();
      assertThat(body.size()).isEqualTo(2);
      assertThat(body.get(1).toJson()).isEqualTo("{\"n\":7}");
      assertThat(body.get(0).asArrayValue().size()).isEqualTo(13);
      return body.get(0).asArrayValue();
    }
  }

  private static FrameDecoder decoded(byte[] frame) {
    var decoder = new FrameDecoder();
    assertThat(decoder.load(MemorySegment.ofArray(aligned(frame)), 0, frame.length))
        .isEqualTo(FrameDecoder.Found.FRAME);
    assertThat(decoder.header()).isNotNull();
    assertThat(decoder.payload()).isEqualTo(PAYLOAD);
    return decoder;
  }

  /// As longs, so that words may be read with ordering.
  private static long[] aligned(byte[] bytes) {
    long[] words = new long[(bytes.length + 7) / 8];
    MemorySegment.copy(
        MemorySegment.ofArray(bytes), 0, MemorySegment.ofArray(words), 0, bytes.length);
    return words;
  }

  private static byte[] bytes(EventId id) {
    return ByteBuffer.allocate(16).putLong(id.high()).putLong(id.low()).array();
  }

  private static byte[] plain() {
    var encoder = new FrameEncoder(1 << 16);
    encoder.encode(plainDraft(), stamp(300, 3, 0, 0));
    return Arrays.copyOf(encoder.array(), encoder.end());
  }

  private static byte[] flagged() {
    var encoder = new FrameEncoder(1 << 16);
    var builder = new FrameDraft(Coordinate.of("order:1", "shop"), 0x1007, 1, EventFlags.DENIAL);
    builder.plain(List.of()).writeRaw(PAYLOAD, 0, PAYLOAD.length);
    encoder.encode(builder, stamp(300, 3, 0, 0));
    return Arrays.copyOf(encoder.array(), encoder.end());
  }

  /// The frame with the content hash of its payload in the payload's place.
  private static byte[] erased(byte[] frame) {
    int payload = 8 + ByteBuffer.wrap(frame).getInt(0) - PAYLOAD.length;
    var body = new ByteArrayOutputStream();
    body.write(frame, 8, payload - 8);
    body.writeBytes(new byte[] {(byte) 0xC7, 32, 'E'});
    body.writeBytes(Blake3.hashOf(PAYLOAD, 0, PAYLOAD.length).bytes());
    var crc32 = new CRC32();
    crc32.update(body.toByteArray());
    ByteBuffer erased = ByteBuffer.allocate(8 + body.size() + 7 & -8);
    erased.putInt(body.size()).putInt((int) crc32.getValue()).put(body.toByteArray());
    return erased.array();
  }

  private static Hash hashOf(byte[] frame) {
    return decoded(frame).eventHash(new Blake3());
  }

  /// The event hash as the format page says it: of the header's bytes and the content hash.
  private static Hash hashByTheFormatPage(byte[] frame) {
    int payload = 8 + ByteBuffer.wrap(frame).getInt(0) - PAYLOAD.length;
    var hashed = new ByteArrayOutputStream();
    hashed.write(frame, 9, payload - 9);
    hashed.writeBytes(Blake3.hashOf(PAYLOAD, 0, PAYLOAD.length).bytes());
    return Blake3.hashOf(hashed.toByteArray(), 0, hashed.size());
  }

  private static byte[] full() {
    var builder = new FrameDraft(Coordinate.of("größe/𝄞", "日本"), 0x1007, 2, EventFlags.DENIAL);
    var extensions = new TreeMap<String, Bytes>();
    extensions.put("x", Bytes.copyOf(PAYLOAD));
    extensions.put("sig", Bytes.copyOf(new byte[] {1, 2, 3}));
    builder
        .options(
            new LanePosition(3, 70_000),
            CAUSE,
            CAUSE,
            List.of("a:1", "ß:2"),
            Bytes.copyOf(new byte[] {9, 8}),
            extensions)
        .writeRaw(PAYLOAD, 0, PAYLOAD.length);
    var encoder = new FrameEncoder(1 << 16);
    encoder.encode(builder, stamp(300, 3, 0, 17));
    return Arrays.copyOf(encoder.array(), encoder.end());
  }

  private static byte[] batch() {
    var encoder = new FrameEncoder(1 << 16);
    for (int i = 0; i < 3; i++) {
      encoder.encode(plainDraft(), stamp(300 + i, 3 + i, 2 - i, i));
    }
    return Arrays.copyOf(encoder.array(), encoder.end());
  }

  private static FrameDraft plainDraft() {
    var builder = new FrameDraft(Coordinate.of("order:1", "shop"), 0x1007, 1, 0);
    builder.plain(List.of()).writeRaw(PAYLOAD, 0, PAYLOAD.length);
    return builder;
  }

  private static FrameEncoder.Stamp stamp(long sequence, long clock, int more, long unforced) {
    var stamp = new FrameEncoder.Stamp();
    stamp.place(sequence, clock);
    stamp.previous(PREVIOUS.word0(), PREVIOUS.word1(), PREVIOUS.word2(), PREVIOUS.word3());
    stamp.time(ID.high(), ID.low(), 5);
    stamp.recovery(more, unforced);
    return stamp;
  }

  private static ActiveIndex index() {
    var index = new ActiveIndex(1_000, 990);
    for (int i = 0; i < 6; i++) {
      List<String> tags = i % 2 == 0 ? new ArrayList<>(List.of("t:0", "ß:" + i)) : List.of();
      String entity = i < 2 ? "order:1" : "größe/" + i;
      String scope = i % 3 == 0 ? "shop" : "日本";
      int kind = 0x1000 + i % 2 * 0x1000 + 7;
      var row =
          new IndexRow(
              200 + i * 208,
              ID.high(),
              ID.low() + i,
              i,
              kind,
              i * 14_000L,
              new Hash(i, 2, 3, 4),
              i == 4 ? Bytes.copyOf(new byte[] {9}) : null);
      row.addTo(index, entity, scope, tags);
    }
    return index;
  }
}
