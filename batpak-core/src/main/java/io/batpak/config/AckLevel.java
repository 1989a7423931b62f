package io.batpak.config;

/// What must have been reached when an append answers.
public enum AckLevel {

  /// The event is written and may be read by everyone: it survives a crash or `kill -9` of the
  /// process.
  VISIBLE,

  /// A force that covers it has returned: it survives loss of power.
  DURABLE
}
