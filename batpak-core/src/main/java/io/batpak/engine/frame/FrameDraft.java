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

  private static final int NO_ITEM = -1;
  private static final int ID_BYTES = 16;

  private final Coordinate coordinate;
  private final int kind;
  private final List<String> tags;
  private final @Nullable Bytes key;
  private final byte[] bytes;
  private final int optionsStart;
  private final int payloadStart;
  private final int end;
  private final Hash contentHash;
  private final int causeItem;
  private final int causationStart;
  private final int conversationItem;
  private final int correlationStart;

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
    this.causeItem = builder.causeItem;
    this.causationStart = builder.causationStart;
    this.conversationItem = builder.conversationItem;
    this.correlationStart = builder.correlationStart;
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

  /// {@return which earlier event of the same batch is the cause, or -1; its id is only known once
  /// it is minted}
  public int causeItem() {
    return causeItem;
  }

  /// {@return which earlier event of the same batch began the conversation, or -1}
  public int conversationItem() {
    return conversationItem;
  }

  /// Where the 16 bytes of the causation stand in {@link #bytes()}.
  int causationStart() {
    return causationStart;
  }

  int correlationStart() {
    return correlationStart;
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
    private int extensionBytes;
    private int causeItem = NO_ITEM;
    private int causationStart;
    private int conversationItem = NO_ITEM;
    private int correlationStart;

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

    /// Makes the event answer an earlier one of the same batch. Before the options, which then give
    /// no causation, and no correlation if there is a conversation item.
    ///
    /// @param cause which item is the cause
    /// @param conversation which item began the conversation; -1 if the options say
    public void answers(int cause, int conversation) {
      causeItem = cause;
      conversationItem = conversation;
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
      correlationStart = writeId(correlation, conversationItem);
      causationStart = writeId(causation, causeItem);
      out.writeArrayHeader(tags.size());
      for (String tag : tags) {
        out.writeString(tag);
      }
      if (key == null) {
        out.writeNil();
      } else {
        out.writeBinary(key.toByteArray());
      }
      int extensionsStart = out.end();
      writeExtensions(extensions);
      payloadStart = out.end();
      extensionBytes = extensions.isEmpty() ? 0 : payloadStart - extensionsStart;
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
      return out.end() - payloadStart + extensionBytes;
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

    /// Returns where the 16 bytes begin; zeros until the commit knows the id of the item.
    private int writeId(@Nullable EventId id, int item) {
      if (item != NO_ITEM) {
        FrameEncoder.writeId(out, 0, 0);
      } else if (id == null) {
        out.writeNil();
      } else {
        FrameEncoder.writeId(out, id.high(), id.low());
      }
      return out.end() - ID_BYTES;
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
