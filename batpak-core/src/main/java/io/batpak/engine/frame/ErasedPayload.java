package io.batpak.engine.frame;

import io.batpak.event.Hash;

/// The form of a payload that was erased: an ext of type 'E' with 32 bytes, the content hash that
/// the payload had. So an event keeps its hash, and its chain holds, when its payload is gone.
///
/// No caller may write a payload of this form: its hash would be whatever the caller says.
public final class ErasedPayload {

  /// Length of the whole value.
  static final int BYTES = 3 + Hash.BYTES;

  /// Where the hash stands in the value.
  static final int HASH_OFFSET = 3;

  private static final byte EXT_8 = (byte) 0xC7;
  private static final byte TYPE = 'E';

  private ErasedPayload() {}

  /// {@return whether a payload has this form}
  ///
  /// @param source holds the payload
  /// @param start where it starts
  /// @param count its length in bytes
  public static boolean matches(byte[] source, int start, int count) {
    return count == BYTES
        && source[start] == EXT_8
        && source[start + 1] == Hash.BYTES
        && source[start + 2] == TYPE;
  }

  /// Refuses a caller's payload of this form.
  ///
  /// @param source holds the payload
  /// @param start where it starts
  /// @param count its length in bytes
  /// @throws IllegalArgumentException if it has this form
  public static void refuse(byte[] source, int start, int count) {
    if (matches(source, start, count)) {
      throw new IllegalArgumentException(
          "the payload is an extension of type 0x45 with 32 bytes, the form of an erased payload,"
              + " which only the library writes");
    }
  }
}
