package io.batpak.engine.segment;

import io.batpak.event.EventId;
import io.batpak.event.Hash;
import io.batpak.failure.MalformedPayload;
import io.batpak.payload.MessageReader;
import io.batpak.payload.MessageWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/// The header of a segment file.
///
/// @param store the store's id
/// @param first sequence of the first event
/// @param createdMillis wall time of creation, milliseconds since the epoch
/// @param previous event hash of the last event before
public record SegmentHeader(EventId store, long first, long createdMillis, Hash previous) {

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /// What the beginning of a file says.
  public sealed interface Read {

    /// The header.
    ///
    /// @param header what it says
    /// @param framesStart where the first frame begins
    record Good(SegmentHeader header, int framesStart) implements Read {}

    /// A header of a format that is not read, newer or older.
    ///
    /// @param format the version it has
    record OtherFormat(int format) implements Read {}

    /// Not a header.
    ///
    /// @param reason what was found and what was expected
    record Bad(String reason) implements Read {}
  }

  /// {@return the bytes from the start of the file to the first frame}
  public byte[] encode() {
    MessageWriter out = new MessageWriter(SegmentLayout.HEADER_BYTES_MAX);
    out.writeMapHeader(5);
    out.writeString("format");
    out.writeLong(SegmentLayout.FORMAT);
    out.writeString("store");
    out.writeBinaryHeader(16);
    out.writeRawLong(store.high());
    out.writeRawLong(store.low());
    out.writeString("first");
    out.writeLong(first);
    out.writeString("created");
    out.writeLong(createdMillis);
    out.writeString("previous");
    out.writeBinary(previous.bytes());
    byte[] file = new byte[SegmentLayout.framesStart(out.end())];
    MemorySegment target = MemorySegment.ofArray(file);
    target.set(INT, SegmentLayout.MAGIC_OFFSET, SegmentLayout.MAGIC);
    target.set(INT, SegmentLayout.LENGTH_OFFSET, out.end());
    target.set(INT, SegmentLayout.CRC_OFFSET, crc(out.array(), out.end()));
    System.arraycopy(out.array(), 0, file, SegmentLayout.HEADER_OFFSET, out.end());
    return file;
  }

  /// {@return what the beginning of a file says}
  ///
  /// @param file the mapped file
  public static Read read(MemorySegment file) {
    if (file.byteSize() < SegmentLayout.HEADER_OFFSET) {
      return new Read.Bad("the file has " + file.byteSize() + " bytes, too few for a header");
    }
    int magic = file.get(INT, SegmentLayout.MAGIC_OFFSET);
    if (magic != SegmentLayout.MAGIC) {
      return new Read.Bad(
          String.format("magic %08X, expected %08X (FBAT)", magic, SegmentLayout.MAGIC));
    }
    int length = file.get(INT, SegmentLayout.LENGTH_OFFSET);
    if (length < 1
        || length > SegmentLayout.HEADER_BYTES_MAX
        || SegmentLayout.framesStart(length) > file.byteSize()) {
      return new Read.Bad("a header of " + Integer.toUnsignedString(length) + " bytes");
    }
    byte[] bytes = file.asSlice(SegmentLayout.HEADER_OFFSET, length).toArray(ValueLayout.JAVA_BYTE);
    int crc = file.get(INT, SegmentLayout.CRC_OFFSET);
    if (crc(bytes, length) != crc) {
      return new Read.Bad(
          String.format("header checksum %08X, expected %08X", crc(bytes, length), crc));
    }
    try {
      return parse(new MessageReader(bytes), SegmentLayout.framesStart(length));
    } catch (MalformedPayload | IllegalArgumentException e) {
      return new Read.Bad(String.valueOf(e.getMessage()));
    }
  }

  /// {@return where a good header ends; zeros follow up to the first frame}
  ///
  /// @param file the mapped file
  public static int end(MemorySegment file) {
    return SegmentLayout.HEADER_OFFSET + file.get(INT, SegmentLayout.LENGTH_OFFSET);
  }

  private static Read parse(MessageReader in, int framesStart) {
    in.payload("segment header");
    int format = 0;
    long first = -1;
    long created = 0;
    byte[] store = {};
    byte[] previous = {};
    int count = in.readMapHeader();
    for (int i = 0; i < count; i++) {
      String key = in.readString();
      in.field(key);
      switch (key) {
        case "format" -> format = in.readInt();
        case "store" -> store = in.readBinary();
        case "first" -> first = in.readLong(0, Long.MAX_VALUE);
        case "created" -> created = in.readLong();
        case "previous" -> previous = in.readBinary();
        default -> in.skip();
      }
    }
    if (format >= 1 && format != SegmentLayout.FORMAT) {
      return new Read.OtherFormat(format);
    }
    if (format < 1 || first < 0 || store.length != 16 || previous.length != Hash.BYTES) {
      return new Read.Bad("the header lacks format, store, first or previous");
    }
    MessageReader id = new MessageReader(store);
    var header =
        new SegmentHeader(
            new EventId(id.readRawLong(), id.readRawLong()),
            first,
            created,
            Hash.read(previous, 0));
    return new Read.Good(header, framesStart);
  }

  private static int crc(byte[] bytes, int count) {
    CRC32 crc32 = new CRC32();
    crc32.update(bytes, 0, count);
    return (int) crc32.getValue();
  }
}
