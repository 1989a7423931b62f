package io.batpak;

import io.batpak.config.AckLevel;
import io.batpak.event.Coordinate;
import io.batpak.event.EventId;
import io.batpak.event.Hash;
import io.batpak.event.Hlc;

/// What an append reached.
///
/// @param id the event's identity
/// @param sequence its position in the store
/// @param hlc when it was committed
/// @param coordinate where it lives
/// @param clock the entity's own counter
/// @param hash the event hash
/// @param level what had been reached when this was answered
public record Receipt(
    EventId id,
    long sequence,
    Hlc hlc,
    Coordinate coordinate,
    long clock,
    Hash hash,
    AckLevel level)
    implements Appended {

  @Override
  public Receipt orThrow() {
    return this;
  }
}
