package io.batpak.event;

import java.util.Arrays;
import java.util.HexFormat;

/// An immutable string of bytes, compared by content.
public final class Bytes {

  private final byte[] bytes;

  private Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /// {@return the bytes of an array}
  ///
  /// @param bytes copied
  public static Bytes copyOf(byte[] bytes) {
    return new Bytes(bytes.clone());
  }

  /// {@return how many bytes}
  public int count() {
    return bytes.length;
  }

  /// {@return the bytes, in a new array}
  public byte[] toByteArray() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// {@return hexadecimal digits}
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
