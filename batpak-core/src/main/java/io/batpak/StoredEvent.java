package io.batpak;

import io.batpak.event.EventHeader;
import io.batpak.event.Hash;

/// An event as it is stored: its header and its payload's bytes, their checksum checked.
public final class StoredEvent {

  private final EventHeader header;
  private final Hash hash;
  private final Hash contentHash;
  private final byte[] payload;

  StoredEvent(EventHeader header, Hash hash, Hash contentHash, byte[] payload) {
    this.header = header;
    this.hash = hash;
    this.contentHash = contentHash;
    this.payload = payload;
  }

  /// {@return everything but the payload}
  public EventHeader header() {
    return header;
  }

  /// {@return the event hash, worked out from the stored bytes}
  public Hash hash() {
    return hash;
  }

  /// {@return Blake3 of the payload as it was stored, also if it has been erased since}
  public Hash contentHash() {
    return contentHash;
  }

  /// {@return the payload, one MessagePack value; the array is this event's own, not copied}
  public byte[] payload() {
    return payload;
  }
}
