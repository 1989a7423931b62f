package io.batpak.engine.index;

import io.batpak.event.Bytes;

/// An idempotency key to look for, with its fingerprint worked out once for all segments.
public final class KeyProbe {

  private final Bytes key;
  private final byte[] bytes;
  private final long fingerprint;

  /// Prepares a key.
  ///
  /// @param key the key
  public KeyProbe(Bytes key) {
    this.key = key;
    this.bytes = key.toByteArray();
    this.fingerprint = Fingerprint.of(bytes);
  }

  /// Prepares a key with another fingerprint than that of the format, for tests.
  KeyProbe(Bytes key, long fingerprint) {
    this.key = key;
    this.bytes = key.toByteArray();
    this.fingerprint = fingerprint;
  }

  /// {@return the key}
  public Bytes key() {
    return key;
  }

  byte[] bytes() {
    return bytes;
  }

  long fingerprint() {
    return fingerprint;
  }
}
