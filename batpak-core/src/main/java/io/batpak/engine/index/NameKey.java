package io.batpak.engine.index;

import java.nio.charset.StandardCharsets;

/// A name to look for, with its bytes and its fingerprint worked out once for all segments.
public final class NameKey {

  private final String text;
  private final byte[] utf8;
  private final long fingerprint;

  /// Prepares a name.
  ///
  /// @param text the name
  public NameKey(String text) {
    this.text = text;
    this.utf8 = text.getBytes(StandardCharsets.UTF_8);
    this.fingerprint = Fingerprint.of(utf8);
  }

  /// Prepares a name with another fingerprint than that of the format, so that a test can make
  /// names collide.
  NameKey(String text, long fingerprint) {
    this.text = text;
    this.utf8 = text.getBytes(StandardCharsets.UTF_8);
    this.fingerprint = fingerprint;
  }

  /// {@return the name}
  public String text() {
    return text;
  }

  byte[] utf8() {
    return utf8;
  }

  long fingerprint() {
    return fingerprint;
  }
}
