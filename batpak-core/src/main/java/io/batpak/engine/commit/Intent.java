package io.batpak.engine.commit;

import io.batpak.engine.frame.FrameDraft;

/// One event that a caller wants committed.
///
/// @param draft its bytes, as far as the caller knows them
/// @param expectedClock the clock that the entity's last event must have: {@link #ANY}, {@link
///   #NO_STREAM}, or 0 and up
public record Intent(FrameDraft draft, long expectedClock) {

  /// No expectation.
  public static final long ANY = -2;

  /// The entity must have no event.
  public static final long NO_STREAM = -1;
}
