package io.batpak.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// A Blake3 hash: 32 bytes, held as four big-endian words so that it is a plain value.
///
/// @param word0 bytes 0 to 7
/// @param word1 bytes 8 to 15
/// @param word2 bytes 16 to 23
/// @param word3 bytes 24 to 31
public record Hash(long word0, long word1, long word2, long word3) {

  /// Length of a hash, in bytes.
  public static final int BYTES = 32;

  /// 32 zero bytes: what an entity's first event has as its previous hash.
  public static final Hash ZERO = new Hash(0, 0, 0, 0);

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /// {@return the hash that stands in an array}
  ///
  /// @param source the array
  /// @param offset where the 32 bytes start
  public static Hash read(byte[] source, int offset) {
    return new Hash(
        (long) WORD.get(source, offset),
        (long) WORD.get(source, offset + 8),
        (long) WORD.get(source, offset + 16),
        (long) WORD.get(source, offset + 24));
  }

  /// Writes the 32 bytes into an array.
  ///
  /// @param target the array
  /// @param offset where the 32 bytes start
  public void write(byte[] target, int offset) {
    WORD.set(target, offset, word0);
    WORD.set(target, offset + 8, word1);
    WORD.set(target, offset + 16, word2);
    WORD.set(target, offset + 24, word3);
  }

  /// {@return the 32 bytes, in a new array}
  public byte[] bytes() {
    byte[] bytes = new byte[BYTES];
    write(bytes, 0);
    return bytes;
  }

  /// {@return 64 hexadecimal digits}
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes());
  }
}
