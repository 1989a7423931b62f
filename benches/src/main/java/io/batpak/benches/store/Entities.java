package io.batpak.benches.store;

import io.batpak.event.Coordinate;

/// The entities that one caller appends to. Not thread-safe.
interface Entities {

  /// {@return the entity of the next event}
  Coordinate next();

  /// Ends the warm-up. Called once.
  default void warmedUp() {}

  /// {@return how many entities are left; unlimited by default}
  default long room() {
    return Long.MAX_VALUE;
  }
}
