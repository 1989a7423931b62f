package io.batpak.cli;

/// The command was not understood.
final class WrongUsage extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// Creates the failure.
  ///
  /// @param message what was not understood
  WrongUsage(String message) {
    super(message);
  }
}
