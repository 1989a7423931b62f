package io.batpak.cli;

/// Exit statuses; the help says what they mean.
final class Status {

  /// Done, and all is well.
  static final int FINE = 0;

  /// There is no store, or it cannot be read.
  static final int UNREADABLE = 1;

  /// The store is damaged.
  static final int DAMAGED = 2;

  /// The command was not understood; from sysexits.h.
  static final int USAGE = 64;

  private Status() {}
}
