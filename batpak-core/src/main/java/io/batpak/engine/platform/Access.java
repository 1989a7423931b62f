package io.batpak.engine.platform;

/// What a file is opened or mapped for.
public enum Access {
  /// Reading only.
  READ,
  /// Reading and writing.
  WRITE
}
