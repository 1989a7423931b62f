package io.batpak.failure;

import java.time.Duration;

/// A visibility fence is active, and only its owner may write; nothing was written.
public final class FenceActive extends StoreException {

  private static final long serialVersionUID = 1L;

  private final Duration left;

  /// Creates the failure.
  ///
  /// @param left how long at most it will go on
  public FenceActive(Duration left) {
    super(
        "a visibility fence is active for at most another "
            + left
            + "; try again when it has ended",
        null);
    this.left = left;
  }

  /// {@return how long at most it will go on}
  public Duration left() {
    return left;
  }
}
