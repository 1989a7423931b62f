package io.batpak.engine.frame;

import io.batpak.event.Bytes;
import io.batpak.event.Coordinate;
import io.batpak.event.EventId;
import io.batpak.event.Hash;
import io.batpak.event.LanePosition;
import io.batpak.payload.MessageWriter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// What a caller knows of a frame before the commit orders it, encoded on the caller's thread.
///
/// It is filled in the order of the frame: {@link #begin}, the options, the payload. One array then
/// holds three runs, header elements 3 to 6, elements 8 and 9, and the payload; the commit copies
/// them around the elements that only it knows. A draft may be begun again once its commit has been
/// answered. Not thread-safe.
public final class FrameDraft {

  private static final int NO_ITEM = -1;
  private static final int ID_BYTES = 16;
  private static final Coordinate NOWHERE = Coordinate.of("-", "-");

  private final MessageWriter out = new MessageWriter(FrameLayout.BODY_BYTES_MAX);
  private Coordinate coordinate = NOWHERE;
  private int kind;
  private int flags;
  private List<String> tags = List.of();
  private @Nullable Bytes key;
  private int tagsStart;
  private int payloadStart;
  private int extensionBytes;
  private int causeItem = NO_ITEM;
  private int causationStart;
  private int conversationItem = NO_ITEM;
  private int correlationStart;

  /// Creates a draft of nothing yet.
  public FrameDraft() {}

  /// Creates a draft and begins it.
  ///
  /// @param coordinate where the event will live
  /// @param kind the kind's 16 bits
  /// @param version the payload's schema version
  /// @param flags bits of `EventFlags`
  public FrameDraft(Coordinate coordinate, int kind, int version, int flags) {
    begin(coordinate, kind, version, flags);
  }

  /// Forgets what it holds and begins anew: writes elements 3 to 6.
  ///
  /// @param coordinate where the event will live
  /// @param kind the kind's 16 bits
  /// @param version the payload's schema version
  /// @param flags bits of `EventFlags`
  public void begin(Coordinate coordinate, int kind, int version, int flags) {
    out.clear();
    this.coordinate = coordinate;
    this.kind = kind;
    this.flags = flags;
    causeItem = NO_ITEM;
    conversationItem = NO_ITEM;
    out.writeLong(kind);
    out.writeLong(version);
    out.writeString(coordinate.entity());
    out.writeString(coordinate.scope());
    tagsStart = out.end();
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

  /// Writes elements 8 and 9.
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
    writeTags(tags);
    this.key = key;
    extensionBytes = 0;
    boolean none =
        flags == 0
            && position.lane() == 0
            && position.depth() == 0
            && correlation == null
            && causation == null
            && causeItem == NO_ITEM
            && key == null
            && extensions.isEmpty();
    if (none) {
      out.writeNil();
    } else {
      out.writeArrayHeader(FrameLayout.OPTIONS_COUNT);
      out.writeLong(flags);
      writePosition(position);
      correlationStart = writeId(correlation, conversationItem);
      causationStart = writeId(causation, causeItem);
      writeKey(key);
      writeExtensions(extensions);
    }
    payloadStart = out.end();
    return out;
  }

  /// Writes elements 8 and 9 of an event without options.
  ///
  /// @param tags ascending, no duplicates
  /// @return the writer for the payload, one MessagePack value
  public MessageWriter plain(List<String> tags) {
    return options(LanePosition.ROOT, null, null, tags, null, Collections.emptySortedMap());
  }

  private void writeTags(List<String> tags) {
    this.tags = tags;
    out.writeArrayHeader(tags.size());
    for (int i = 0; i < tags.size(); i++) {
      out.writeString(tags.get(i));
    }
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

  private void writeKey(@Nullable Bytes key) {
    if (key == null) {
      out.writeNil();
    } else {
      out.writeBinary(key.toByteArray());
    }
  }

  private void writeExtensions(SortedMap<String, Bytes> extensions) {
    if (extensions.isEmpty()) {
      out.writeNil();
      return;
    }
    int start = out.end();
    out.writeMapHeader(extensions.size());
    for (Map.Entry<String, Bytes> extension : extensions.entrySet()) {
      out.writeString(extension.getKey());
      out.writeBinary(extension.getValue().toByteArray());
    }
    extensionBytes = out.end() - start;
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

  /// {@return Blake3 of the payload, worked out at each call}
  public Hash contentHash() {
    return Blake3.hashOf(out.array(), payloadStart, out.end() - payloadStart);
  }

  /// {@return the length of the payload and the extensions, once they are written}
  public int payloadBytes() {
    return out.end() - payloadStart + extensionBytes;
  }

  /// Refuses a payload of the form that an erased one has.
  ///
  /// @throws IllegalArgumentException if it has
  public void refuseErasedForm() {
    ErasedPayload.refuse(out.array(), payloadStart, out.end() - payloadStart);
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
    return FrameLayout.frameBytes(out.end() + FrameLayout.COMMIT_BYTES_MAX);
  }

  /// {@return how many bytes of memory it keeps}
  public int capacity() {
    return out.array().length;
  }

  byte[] bytes() {
    return out.array();
  }

  int tagsStart() {
    return tagsStart;
  }

  int payloadStart() {
    return payloadStart;
  }

  int end() {
    return out.end();
  }
}
