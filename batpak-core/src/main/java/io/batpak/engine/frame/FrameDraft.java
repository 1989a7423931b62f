package io.batpak.engine.frame;

import io.batpak.event.Bytes;
import io.batpak.event.Coordinate;
import io.batpak.event.EventId;
import io.batpak.event.Hash;
import io.batpak.event.LanePosition;
import io.batpak.payload.MessageWriter;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// What a caller knows of a frame before the commit orders it, encoded and hashed on the caller's
/// thread. Immutable.
///
/// One array holds three runs: header elements 4 to 8, elements 10 to 15, and the payload. The
/// commit copies them around the elements that only it knows.
public final class FrameDraft {

  private final Coordinate coordinate;
  private final int kind;
  private final List<String> tags;
  private final @Nullable Bytes key;
  private final byte[] bytes;
  private final int optionsStart;
  private final int payloadStart;
  private final int end;
  private final Hash contentHash;

  private FrameDraft(Builder builder, MessageWriter out, Hash contentHash) {
    this.coordinate = builder.coordinate;
    this.kind = builder.kind;
    this.tags = builder.tags;
    this.key = builder.key;
    this.bytes = out.array();
    this.optionsStart = builder.optionsStart;
    this.payloadStart = builder.payloadStart;
    this.end = out.end();
    this.contentHash = contentHash;
  }

  /// {@return where the event will live}
  public Coordinate coordinate() {
    return coordinate;
  }

  /// {@return the kind's 16 bits}
  public int kind() {
    return kind;
  }

  /// {@return the tags, ascending, no duplicates}
  public List<String> tags() {
    return tags;
  }

  /// {@return the idempotency key, or null}
  public @Nullable Bytes key() {
    return key;
  }

  /// {@return Blake3 of the payload}
  public Hash contentHash() {
    return contentHash;
  }

  /// {@return an upper bound of the frame's length in the file}
  public int frameBytesMax() {
    return FrameLayout.frameBytes(end + FrameLayout.HEADER_FIXED_BYTES_MAX);
  }

  byte[] bytes() {
    return bytes;
  }

  int optionsStart() {
    return optionsStart;
  }

  int payloadStart() {
    return payloadStart;
  }

  int end() {
    return end;
  }

  /// Collects the parts in the order of the frame: names first, then options, then the payload.
  public static final class Builder {

    private final MessageWriter out = new MessageWriter(FrameLayout.BODY_BYTES_MAX);
    private final Coordinate coordinate;
    private final int kind;
    private List<String> tags = List.of();
    private @Nullable Bytes key;
    private int optionsStart;
    private int payloadStart;

    /// Writes elements 4 to 8.
    ///
    /// @param coordinate where the event will live
    /// @param kind the kind's 16 bits
    /// @param version the payload's schema version
    /// @param flags bits of `EventFlags`
    public Builder(Coordinate coordinate, int kind, int version, int flags) {
      this.coordinate = coordinate;
      this.kind = kind;
      out.writeLong(kind);
      out.writeLong(version);
      out.writeLong(flags);
      out.writeString(coordinate.entity());
      out.writeString(coordinate.scope());
      optionsStart = out.end();
    }

    /// Writes elements 10 to 15.
    ///
    /// @param position the caller's hint
    /// @param correlation null for the own id
    /// @param causation null for none
    /// @param tags ascending, no duplicates
    /// @param key null for none
    /// @param extensions may be empty
    /// @return the writer for the payload, one MessagePack value
    public MessageWriter options(
        LanePosition position,
        @Nullable EventId correlation,
        @Nullable EventId causation,
        List<String> tags,
        @Nullable Bytes key,
        SortedMap<String, Bytes> extensions) {
      this.tags = tags;
      this.key = key;
      writePosition(position);
      writeId(correlation);
      writeId(causation);
      out.writeArrayHeader(tags.size());
      for (String tag : tags) {
        out.writeString(tag);
      }
      if (key == null) {
        out.writeNil();
      } else {
        out.writeBinary(key.toByteArray());
      }
      writeExtensions(extensions);
      payloadStart = out.end();
      return out;
    }

    /// Writes elements 10 to 15 of an event without options.
    ///
    /// @param tags ascending, no duplicates
    /// @return the writer for the payload, one MessagePack value
    public MessageWriter plain(List<String> tags) {
      return options(
          LanePosition.ROOT, null, null, tags, null, java.util.Collections.emptySortedMap());
    }

    /// {@return the draft, once the payload is written}
    public FrameDraft build() {
      int count = out.end() - payloadStart;
      return new FrameDraft(this, out, Blake3.hashOf(out.array(), payloadStart, count));
    }

    /// {@return the length of the payload and the extensions, once they are written}
    public int payloadBytes() {
      return out.end() - payloadStart;
    }

    private void writePosition(LanePosition position) {
      if (position.lane() == 0 && position.depth() == 0) {
        out.writeNil();
      } else {
        out.writeArrayHeader(2);
        out.writeLong(position.lane());
        out.writeLong(position.depth());
      }
    }

    private void writeId(@Nullable EventId id) {
      if (id == null) {
        out.writeNil();
      } else {
        FrameEncoder.writeId(out, id.high(), id.low());
      }
    }

    private void writeExtensions(SortedMap<String, Bytes> extensions) {
      if (extensions.isEmpty()) {
        out.writeNil();
        return;
      }
      out.writeMapHeader(extensions.size());
      for (Map.Entry<String, Bytes> extension : extensions.entrySet()) {
        out.writeString(extension.getKey());
        out.writeBinary(extension.getValue().toByteArray());
      }
    }
  }
}
