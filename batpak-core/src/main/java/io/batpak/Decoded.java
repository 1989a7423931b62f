package io.batpak;

import io.batpak.event.EventKind;
import io.batpak.failure.MalformedPayload;

/// The payload of any event, decoded by its kind.
public sealed interface Decoded {

  /// A payload that has a codec.
  ///
  /// @param payload the payload record
  record Known(Record payload) implements Decoded {}

  /// No codec is registered for the kind.
  ///
  /// @param kind the kind
  /// @param version the schema version
  record UnknownKind(EventKind kind, int version) implements Decoded {}

  /// The codec does not accept the bytes.
  ///
  /// @param cause names the payload and the field
  record Malformed(MalformedPayload cause) implements Decoded {}
}
