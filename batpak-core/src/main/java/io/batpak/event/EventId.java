package io.batpak.event;

import java.util.UUID;

/// The identity of one event: a UUIDv7 (RFC 9562), minted in commit order, so that ids sort as
/// sequences do.
///
/// The upper 48 bits are the wall part of the event's {@link Hlc}.
///
/// @param high bits 64 to 127
/// @param low bits 0 to 63
public record EventId(long high, long low) implements Comparable<EventId> {

  /// {@return the id with the value of the UUID}
  ///
  /// @param uuid any UUID
  public static EventId of(UUID uuid) {
    return new EventId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
  }

  /// {@return the id written as a UUID}
  ///
  /// @param text the canonical form, 36 characters
  /// @throws IllegalArgumentException if the text is no UUID
  public static EventId parse(String text) {
    return of(UUID.fromString(text));
  }

  /// {@return the id as a UUID}
  public UUID uuid() {
    return new UUID(high, low);
  }

  /// {@return the time part, in milliseconds since the epoch}
  public long wallMillis() {
    return high >>> 16;
  }

  @Override
  public int compareTo(EventId other) {
    int order = Long.compareUnsigned(high, other.high);
    return order != 0 ? order : Long.compareUnsigned(low, other.low);
  }

  @Override
  public String toString() {
    return uuid().toString();
  }
}
