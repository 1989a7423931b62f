package io.batpak.engine.platform;

/// Randomness for event ids and store ids.
public interface Entropy {

  /// {@return 64 random bits}
  long nextLong();
}
