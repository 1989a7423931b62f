package io.batpak.benches.floor;

import io.batpak.benches.Durability;
import io.batpak.benches.Shape;
import io.batpak.benches.Subject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;

/// Floor: one growing file, one write per event, length and CRC-32 before each payload.
///
/// A lock keeps the writes in order. Durable callers force the file themselves, after their write
/// and outside the lock: a force covers every write that returned before it, so two may share the
/// work of the file system but each pays its own call.
public final class RawFile implements Subject {

  private static final int FRAME_BYTES = 8 + PAYLOAD_BYTES;
  private static final int READ_BYTES = 64 * 1024;

  private final ByteBuffer frame = ByteBuffer.allocateDirect(FRAME_BYTES);
  private final CRC32 crc = new CRC32();
  private final FileChannel file;
  private final boolean durable;

  private RawFile(FileChannel file, boolean durable) {
    this.file = file;
    this.durable = durable;
  }

  /// {@return it, open and empty}
  ///
  /// @param directory where to
  /// @param shape whether to force each append
  /// @throws IOException if the file cannot be created
  public static RawFile open(Path directory, Shape shape) throws IOException {
    FileChannel file =
        FileChannel.open(
            directory.resolve("raw"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    return new RawFile(file, shape.durability() == Durability.DURABLE);
  }

  @Override
  public void append(int caller, byte[] payload) throws IOException {
    synchronized (frame) {
      crc.reset();
      crc.update(payload);
      frame.clear().putInt(payload.length).putInt((int) crc.getValue()).put(payload).flip();
      while (frame.hasRemaining()) {
        file.write(frame);
      }
    }
    if (durable) {
      file.force(false);
    }
  }

  @Override
  public long readAll() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    return Frames.count(buffer, position -> file.read(buffer, position));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
