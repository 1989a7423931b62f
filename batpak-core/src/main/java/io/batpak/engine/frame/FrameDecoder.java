package io.batpak.engine.frame;

import io.batpak.event.Bytes;
import io.batpak.event.Coordinate;
import io.batpak.event.EventFlags;
import io.batpak.event.EventHeader;
import io.batpak.event.EventId;
import io.batpak.event.EventKind;
import io.batpak.event.Hash;
import io.batpak.event.Hlc;
import io.batpak.event.LanePosition;
import io.batpak.failure.MalformedPayload;
import io.batpak.failure.StoreException;
import io.batpak.payload.MessageReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;

/// Reads one frame from a mapped file: checks it, copies its body out, takes it apart. This is the
/// one place where checksums of frames are checked. Not fit for several threads; cheap to make.
public final class FrameDecoder {

  private static final byte[] NOTHING = {};
  private static final int KEPT_BYTES_MIN = 512;
  private static final int KEPT_BYTES_MAX = 1 << 16;

  /// Which element of the header is the version.
  private static final int VERSION_ELEMENT = 4;

  private final CRC32 crc32 = new CRC32();
  private final MessageReader reader = new MessageReader(NOTHING);
  private byte[] body = NOTHING;
  private int bodyBytes;
  private int payloadStart;

  /// Creates a decoder.
  public FrameDecoder() {}

  /// What stands at an offset.
  public enum Found {
    /// A whole frame with the right checksum.
    FRAME,
    /// A length of zero: nothing was written here.
    NOTHING,
    /// Something that is not a whole frame.
    DAMAGE
  }

  /// Looks for a frame and takes its body.
  ///
  /// @param file the mapped file
  /// @param offset where the frame begins
  /// @param end where frames must end
  /// @return what was found; only after {@link Found#FRAME} are the other methods of use
  public Found load(MemorySegment file, long offset, long end) {
    if (offset + FrameLayout.BODY_OFFSET > end) {
      return offset >= end ? Found.NOTHING : Found.DAMAGE;
    }
    int length = FrameLayout.lengthAcquire(file, offset);
    if (length == 0) {
      return Found.NOTHING;
    }
    if (!plausible(file, offset, length, end)) {
      return Found.DAMAGE;
    }
    if (body.length < length) {
      body = new byte[Math.max(length, KEPT_BYTES_MIN)];
    }
    MemorySegment.copy(
        file, ValueLayout.JAVA_BYTE, offset + FrameLayout.BODY_OFFSET, body, 0, length);
    crc32.reset();
    crc32.update(body, 0, length);
    bodyBytes = length;
    payloadStart = 0;
    return (int) crc32.getValue() == FrameLayout.crc(file, offset) ? Found.FRAME : Found.DAMAGE;
  }

  /// {@return whether the bytes at an offset look like a frame, before the cost of a checksum}
  ///
  /// @param file the mapped file
  /// @param offset a multiple of 8
  /// @param length the word that would be the length
  /// @param end where frames must end
  public static boolean plausible(MemorySegment file, long offset, int length, long end) {
    return length >= FrameLayout.BODY_BYTES_MIN
        && length <= FrameLayout.BODY_BYTES_MAX
        && offset + FrameLayout.BODY_OFFSET + length <= end
        && FrameLayout.bodyMark(file, offset) == FrameLayout.BODY_MARK;
  }

  /// {@return whether it holds no more memory than one should keep between two reads}
  public boolean small() {
    return body.length <= KEPT_BYTES_MAX;
  }

  /// {@return the length of the loaded frame in the file, with its padding}
  public int frameBytes() {
    return FrameLayout.frameBytes(bodyBytes);
  }

  /// {@return the loaded frame's header}
  ///
  /// @throws StoreException if the body is not what the format says, although its checksum holds
  public EventHeader header() {
    MessageReader in = reader.reset(body, FrameLayout.HEADER_OFFSET, bodyBytes);
    in.payload("header");
    if (in.readArrayHeader() != FrameLayout.HEADER_COUNT) {
      throw in.malformed("not an array of " + FrameLayout.HEADER_COUNT);
    }
    long sequence = number(in, "sequence", Long.MAX_VALUE);
    in.field("event id");
    EventId id = readId(in);
    Hlc hlc = new Hlc(id.wallMillis(), (int) number(in, "counter", Integer.MAX_VALUE));
    EventKind kind = EventKind.ofBits((int) number(in, "kind", 0xFFFF));
    int version = (int) number(in, "version", 0xFFFF);
    in.field("coordinate");
    Coordinate coordinate = new Coordinate(in.readString(), in.readString());
    long clock = number(in, "clock", Long.MAX_VALUE);
    List<String> tags = readTags(in);
    Options options = readOptions(in, id);
    int more = (int) number(in, "more", Integer.MAX_VALUE);
    long unforced = number(in, "unforced", sequence);
    in.field("previous hash");
    Hash previousHash = readHash(in);
    payloadStart = in.position();
    if (payloadStart >= bodyBytes) {
      throw in.malformed("no payload behind it");
    }
    return new EventHeader(
        sequence,
        id,
        hlc,
        kind,
        version,
        erased() ? options.flags | EventFlags.ERASED : options.flags,
        coordinate,
        clock,
        options.position,
        options.correlation,
        options.causation,
        tags,
        options.key,
        options.extensions,
        more,
        unforced,
        previousHash);
  }

  /// {@return the event hash of the loaded frame; the header must have been read}
  ///
  /// @param blake3 does the work
  public Hash eventHash(Blake3 blake3) {
    byte[] hash = contentHash(blake3).bytes();
    blake3
        .update(body, FrameLayout.HEADER_OFFSET, payloadStart - FrameLayout.HEADER_OFFSET)
        .update(hash, 0, Hash.BYTES)
        .digest(hash, 0);
    return Hash.read(hash, 0);
  }

  /// {@return Blake3 of the payload as it was stored; the header must have been read. An erased
  /// payload has left it in its place}
  ///
  /// @param blake3 does the work
  public Hash contentHash(Blake3 blake3) {
    return erased()
        ? Hash.read(body, payloadStart + ErasedPayload.HASH_OFFSET)
        : blake3.hash(body, payloadStart, bodyBytes - payloadStart);
  }

  private boolean erased() {
    return ErasedPayload.matches(body, payloadStart, bodyBytes - payloadStart);
  }

  /// {@return how long the header of the loaded frame is; it must have been read}
  public int headerBytes() {
    return payloadStart - FrameLayout.HEADER_OFFSET;
  }

  /// {@return the payload in a new array; the header must have been read}
  public byte[] payload() {
    return java.util.Arrays.copyOfRange(body, payloadStart, bodyBytes);
  }

  /// Goes to the payload without taking the header apart.
  ///
  /// @return the payload's schema version
  // ReadBench.typedStream
  public int openPayload() {
    byte[] body = this.body;
    int end = bodyBytes;
    int at = FrameLayout.HEADER_OFFSET;
    if ((body[at] & 0xFF) != (0x90 | FrameLayout.HEADER_COUNT)) {
      throw malformedHeader();
    }
    int version = HeaderPass.behind(body, at + 1, end, VERSION_ELEMENT);
    int start =
        version < 0
            ? -1
            : HeaderPass.behind(body, version, end, FrameLayout.HEADER_COUNT - VERSION_ELEMENT);
    if (start < 0 || start >= end) {
      throw malformedHeader();
    }
    int number = HeaderPass.number(body, version);
    if (number < 0) {
      throw malformedHeader();
    }
    payloadStart = start;
    return number;
  }

  private MalformedPayload malformedHeader() {
    MessageReader in = reader.reset(body, FrameLayout.HEADER_OFFSET, bodyBytes);
    in.payload("header");
    return in.malformed("not the header of an event");
  }

  /// {@return a reader at the payload; the header must have been read or passed}
  public MessageReader payloadReader() {
    return reader.reset(body, payloadStart, bodyBytes);
  }

  private static long number(MessageReader in, String field, long max) {
    in.field(field);
    return in.readLong(0, max);
  }

  /// What most events have none of.
  private record Options(
      int flags,
      LanePosition position,
      EventId correlation,
      Optional<EventId> causation,
      Optional<Bytes> key,
      Map<String, Bytes> extensions) {}

  private static Options readOptions(MessageReader in, EventId id) {
    in.field("options");
    if (in.readNil()) {
      return new Options(0, LanePosition.ROOT, id, Optional.empty(), Optional.empty(), Map.of());
    }
    if (in.readArrayHeader() != FrameLayout.OPTIONS_COUNT) {
      throw in.malformed("not an array of " + FrameLayout.OPTIONS_COUNT);
    }
    int flags = (int) number(in, "flags", Integer.MAX_VALUE);
    if ((flags & EventFlags.ERASED) != 0) {
      throw in.malformed("the flag of an erased payload, which is never stored");
    }
    LanePosition position = readPosition(in);
    in.field("correlation");
    EventId correlation = in.readNil() ? id : readId(in);
    in.field("causation");
    Optional<EventId> causation = in.readNil() ? Optional.empty() : Optional.of(readId(in));
    in.field("key");
    Optional<Bytes> key =
        in.readNil() ? Optional.empty() : Optional.of(Bytes.copyOf(in.readBinary()));
    return new Options(flags, position, correlation, causation, key, readExtensions(in));
  }

  private static EventId readId(MessageReader in) {
    int count = in.readBinaryHeader();
    if (count != 16) {
      throw in.malformed("an id of " + count + " bytes, expected 16");
    }
    return new EventId(in.readRawLong(), in.readRawLong());
  }

  private static Hash readHash(MessageReader in) {
    int count = in.readBinaryHeader();
    if (count != Hash.BYTES) {
      throw in.malformed("a hash of " + count + " bytes, expected " + Hash.BYTES);
    }
    return new Hash(in.readRawLong(), in.readRawLong(), in.readRawLong(), in.readRawLong());
  }

  private static LanePosition readPosition(MessageReader in) {
    in.field("position");
    if (in.readNil()) {
      return LanePosition.ROOT;
    }
    if (in.readArrayHeader() != 2) {
      throw in.malformed("not an array of 2");
    }
    return new LanePosition(in.readLong(0, Long.MAX_VALUE), in.readLong(0, Long.MAX_VALUE));
  }

  private static List<String> readTags(MessageReader in) {
    in.field("tags");
    int count = in.readArrayHeader();
    if (count == 0) {
      return List.of();
    }
    var tags = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      tags.add(in.readString());
    }
    return tags;
  }

  private static Map<String, Bytes> readExtensions(MessageReader in) {
    in.field("extensions");
    if (in.readNil()) {
      return Map.of();
    }
    int count = in.readMapHeader();
    var extensions = new TreeMap<String, Bytes>();
    for (int i = 0; i < count; i++) {
      extensions.put(in.readString(), Bytes.copyOf(in.readBinary()));
    }
    return extensions;
  }
}
