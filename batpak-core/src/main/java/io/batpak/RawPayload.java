package io.batpak;

import io.batpak.engine.frame.ErasedPayload;
import io.batpak.event.EventKind;
import io.batpak.event.EventLimits;
import io.batpak.failure.LimitExceeded;
import io.batpak.failure.MalformedPayload;
import io.batpak.failure.ReservedKind;
import io.batpak.payload.MessageReader;

/// A payload without a class: a kind that is known only at run time, and its MessagePack.
public final class RawPayload {

  private final EventKind kind;
  private final int version;
  private final byte[] messagePack;

  private RawPayload(EventKind kind, int version, byte[] messagePack) {
    this.kind = kind;
    this.version = version;
    this.messagePack = messagePack;
  }

  /// {@return the payload}
  ///
  /// @param kind not a reserved one
  /// @param messagePack exactly one MessagePack value; copied
  /// @throws ReservedKind if the kind belongs to the library
  /// @throws MalformedPayload if the bytes are not one MessagePack value
  /// @throws LimitExceeded if there are too many
  /// @throws IllegalArgumentException if the value has the form of an erased payload: an extension
  ///   of type 0x45 with 32 bytes
  public static RawPayload of(EventKind kind, byte[] messagePack) {
    return of(kind, 0, messagePack);
  }

  /// {@return the payload, in a schema version}
  ///
  /// @param kind not a reserved one
  /// @param version the schema version, 0 to 65535; 0 for none
  /// @param messagePack exactly one MessagePack value; copied
  /// @throws ReservedKind if the kind belongs to the library
  /// @throws MalformedPayload if the bytes are not one MessagePack value
  /// @throws LimitExceeded if there are too many
  /// @throws IllegalArgumentException if the value has the form of an erased payload: an extension
  ///   of type 0x45 with 32 bytes
  public static RawPayload of(EventKind kind, int version, byte[] messagePack) {
    if (kind.reserved()) {
      throw new ReservedKind(kind.category(), kind.type());
    }
    if (version < 0 || version > 0xFFFF) {
      throw new IllegalArgumentException("version " + version + " is outside 0..65535");
    }
    if (messagePack.length > EventLimits.PAYLOAD_BYTES_MAX) {
      throw new LimitExceeded("payload bytes", EventLimits.PAYLOAD_BYTES_MAX, messagePack.length);
    }
    var reader = new MessageReader(messagePack);
    reader.payload("raw payload of kind " + kind);
    reader.skip();
    if (!reader.exhausted()) {
      throw reader.malformed(
          (messagePack.length - reader.position())
              + " bytes behind the one value that is expected");
    }
    ErasedPayload.refuse(messagePack, 0, messagePack.length);
    return new RawPayload(kind, version, messagePack.clone());
  }

  /// {@return the kind}
  public EventKind kind() {
    return kind;
  }

  /// {@return the schema version; 0 for none}
  public int version() {
    return version;
  }

  /// {@return the bytes, in a new array}
  public byte[] messagePack() {
    return messagePack.clone();
  }

  byte[] shared() {
    return messagePack;
  }
}
