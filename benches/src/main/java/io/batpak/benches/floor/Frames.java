package io.batpak.benches.floor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/// Reads frames of length, CRC-32 and payload until the end or a length of zero.
final class Frames {

  private static final int HEADER_BYTES = 8;

  private Frames() {}

  /// Where the bytes come from.
  interface Source {

    /// Fills the rest of the buffer.
    ///
    /// @param position in the source of the first byte to read
    /// @return how many bytes came, -1 at the end
    int read(long position) throws IOException;
  }

  static long count(ByteBuffer buffer, Source source) throws IOException {
    CRC32 crc = new CRC32();
    long count = 0;
    long position = 0;
    for (int got = source.read(0); got > 0; got = source.read(position)) {
      position += got;
      buffer.flip();
      while (buffer.remaining() >= HEADER_BYTES) {
        int length = buffer.getInt(buffer.position());
        if (length == 0) {
          return count;
        }
        if (buffer.remaining() < HEADER_BYTES + length) {
          break;
        }
        check(crc, buffer, length, count);
        count++;
      }
      buffer.compact();
    }
    return count;
  }

  private static void check(CRC32 crc, ByteBuffer buffer, int length, long count)
      throws IOException {
    int start = buffer.position() + HEADER_BYTES;
    int expected = buffer.getInt(start - Integer.BYTES);
    crc.reset();
    crc.update(buffer.slice(start, length));
    if ((int) crc.getValue() != expected) {
      throw new IOException("event " + count + ": wrong checksum");
    }
    buffer.position(start + length);
  }
}
