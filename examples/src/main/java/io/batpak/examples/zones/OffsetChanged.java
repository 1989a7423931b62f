package io.batpak.examples.zones;

import io.batpak.annotations.EventPayload;
import io.batpak.annotations.Tag;
import java.time.Instant;

/// The clocks of a zone are set.
///
/// @param at when
/// @param offsetBeforeSeconds east of Greenwich, until then
/// @param offsetAfterSeconds east of Greenwich, from then on
/// @param clocks which way
@EventPayload(category = 0x7, type = 0x002)
record OffsetChanged(
    Instant at, int offsetBeforeSeconds, int offsetAfterSeconds, @Tag Clocks clocks) {

  /// Which way the clocks are set.
  enum Clocks {
    FORWARD,
    BACK
  }
}
