package io.batpak.examples.zones;

import io.batpak.annotations.EventPayload;

/// A zone begins, with the offset that it had in 1800.
///
/// @param offsetSeconds east of Greenwich
@EventPayload(category = 0x7, type = 0x001)
record ZoneFounded(int offsetSeconds) {}
