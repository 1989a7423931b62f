package io.batpak;

import io.batpak.event.Bytes;
import io.batpak.event.Coordinate;
import io.batpak.event.EventFlags;
import io.batpak.event.EventKind;
import io.batpak.event.LifecycleKinds;
import io.batpak.payload.MessageReader;
import io.batpak.payload.MessageWriter;
import java.util.List;
import java.util.Optional;

/// An event as its author wants it: a simulated caller, or the library itself.
///
/// @param coordinate where it is to live
/// @param kind what it is
/// @param version the payload's schema version
/// @param tags ascending, no duplicates
/// @param key the idempotency key
/// @param payload the bytes
/// @param cause which earlier event of its batch causes it, or -1
record Wanted(
    Coordinate coordinate,
    EventKind kind,
    int version,
    List<String> tags,
    Optional<Bytes> key,
    Bytes payload,
    int cause) {

  private static final Coordinate OWN = new Coordinate(LifecycleKinds.ENTITY, LifecycleKinds.SCOPE);

  private static final int OWN_BYTES_MAX = 1 << 16;

  /// {@return what the library writes of a crash that it has found}
  static Wanted recovered(long cutBytes, int droppedSegments, String reason) {
    var out = new MessageWriter(OWN_BYTES_MAX);
    out.writeMapHeader(3);
    out.writeString("cutBytes");
    out.writeLong(cutBytes);
    out.writeString("droppedSegments");
    out.writeLong(droppedSegments);
    out.writeString("reason");
    out.writeString(reason);
    return own(LifecycleKinds.STORE_RECOVERED, out);
  }

  /// {@return what the library writes of a fence}
  ///
  /// @param kind one of the three
  /// @param begun where its beginning stands, or -1 in that itself
  /// @param cancelled where the last cancellation before stands, or -1
  static Wanted fence(EventKind kind, long begun, long cancelled) {
    var out = new MessageWriter(OWN_BYTES_MAX);
    out.writeMapHeader(2);
    out.writeString("begun");
    out.writeLong(begun);
    out.writeString("cancelled");
    out.writeLong(cancelled);
    return own(kind, out);
  }

  private static Wanted own(EventKind kind, MessageWriter out) {
    return new Wanted(
        OWN, kind, 1, List.of(), Optional.empty(), Bytes.copyOf(out.toByteArray()), -1);
  }

  /// {@return whether the library writes it}
  boolean own() {
    return coordinate.equals(OWN);
  }

  /// {@return the flags that it must have}
  int flags() {
    return own() ? EventFlags.LIFECYCLE : 0;
  }

  /// {@return the entity}
  String entity() {
    return coordinate.entity();
  }

  /// {@return the same under another key, or none}
  Wanted withKey(Optional<Bytes> other) {
    return new Wanted(coordinate, kind, version, tags, other, payload, cause);
  }

  /// {@return the same with another cause, or none}
  Wanted causedBy(int item) {
    return new Wanted(coordinate, kind, version, tags, key, payload, item);
  }

  /// {@return the event for a store, without its key}
  NewEvent event() {
    AppendOptions options = AppendOptions.none().tags(tags);
    Optional<Phase.Codec<?>> phase = Phase.codec(kind);
    if (phase.isPresent()) {
      return NewEvent.of(coordinate, phase.get().made().apply(content())).options(options);
    }
    if (kind.equals(Blob.KIND)) {
      return NewEvent.of(coordinate, new Blob(content())).options(options);
    }
    RawPayload raw = RawPayload.of(kind, version, payload.toByteArray());
    return NewEvent.of(coordinate, raw).options(options);
  }

  private Bytes content() {
    var reader = new MessageReader(payload.toByteArray());
    reader.payload("simulated");
    return Bytes.copyOf(reader.readBinary());
  }
}
