package io.batpak.engine.index;

import java.nio.charset.StandardCharsets;
import java.util.function.ToLongFunction;

/// A name to look for, with its bytes and its fingerprint worked out once for all segments.
public final class NameKey {

  private final String text;
  private final byte[] utf8;
  private final long fingerprint;

  /// Prepares a name.
  ///
  /// @param text the name
  public NameKey(String text) {
    this(text, Fingerprint::of);
  }

  /// Prepares a name with another fingerprint than that of the format, so that a test can make
  /// names collide.
  NameKey(String text, ToLongFunction<byte[]> fingerprints) {
    this.text = text;
    this.utf8 = text.getBytes(StandardCharsets.UTF_8);
    this.fingerprint = fingerprints.applyAsLong(utf8);
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
