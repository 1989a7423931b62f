package io.batpak.benches.floor;

import io.batpak.benches.Durability;
import io.batpak.benches.Shape;
import io.batpak.benches.Subject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;

/// Floor: a file filled with zeros ahead of its use, CRC-32 under a lock, nothing else.
///
/// Visible appends copy into a mapping whose pages were touched before; durable ones write at a
/// position and force, which on zero-filled space needs no journal commit. A background thread
/// keeps the next part of {@value #PART_BYTES} bytes ready. It is what a log on this machine can
/// reach before it shares forces between callers.
public final class ZeroedFile implements Subject {

  private static final int PART_BYTES = 64 * 1024 * 1024;
  private static final int FRAME_BYTES = 8 + PAYLOAD_BYTES;
  private static final int READ_BYTES = 64 * 1024;
  private static final int PAGE_BYTES = 4096;

  private final ExecutorService preparer =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
  private final ByteBuffer frame = ByteBuffer.allocateDirect(FRAME_BYTES);
  private final CRC32 crc = new CRC32();
  private final Path directory;
  private final boolean durable;
  private int parts = 1;
  private Part part;
  private Future<Part> next;

  private ZeroedFile(Path directory, boolean durable, Part first) {
    this.directory = directory;
    this.durable = durable;
    this.part = first;
    this.next = preparer.submit(() -> prepare(directory, durable, 1));
  }

  private record Part(FileChannel file, MappedByteBuffer bytes) {}

  /// {@return it, open and empty, its first part ready}
  ///
  /// @param directory where to
  /// @param shape whether to force each append
  /// @throws IOException if the first part cannot be filled
  public static ZeroedFile open(Path directory, Shape shape) throws IOException {
    boolean durable = shape.durability() == Durability.DURABLE;
    return new ZeroedFile(directory, durable, prepare(directory, durable, 0));
  }

  private static Path file(Path directory, int number) {
    return directory.resolve("part-" + number);
  }

  private static Part prepare(Path directory, boolean durable, int number) throws IOException {
    FileChannel file =
        FileChannel.open(
            file(directory, number),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    ByteBuffer zeros = ByteBuffer.allocateDirect(1024 * 1024);
    for (int written = 0; written < PART_BYTES; ) {
      written += file.write(zeros.clear(), written);
    }
    MappedByteBuffer bytes = file.map(MapMode.READ_WRITE, 0, PART_BYTES);
    if (durable) {
      file.force(true);
    } else {
      for (int at = 0; at < PART_BYTES; at += PAGE_BYTES) {
        bytes.put(at, (byte) 0);
      }
    }
    return new Part(file, bytes);
  }

  @Override
  public void append(int caller, byte[] payload) throws Exception {
    synchronized (frame) {
      if (part.bytes.remaining() < FRAME_BYTES) {
        roll();
      }
      crc.reset();
      crc.update(payload);
      if (durable) {
        appendDurably(payload);
      } else {
        part.bytes.putInt(payload.length).putInt((int) crc.getValue()).put(payload);
      }
    }
  }

  private void appendDurably(byte[] payload) throws IOException {
    int position = part.bytes.position();
    frame.clear().putInt(payload.length).putInt((int) crc.getValue()).put(payload).flip();
    while (frame.hasRemaining()) {
      position += part.file.write(frame, position);
    }
    part.file.force(false);
    part.bytes.position(position);
  }

  private void roll() throws Exception {
    part.file.close();
    part = next.get();
    parts++;
    int number = parts;
    next = preparer.submit(() -> prepare(directory, durable, number));
  }

  @Override
  public long readAll() throws Exception {
    ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    long count = 0;
    for (int i = 0; i < parts; i++) {
      buffer.clear();
      try (FileChannel file = FileChannel.open(file(directory, i))) {
        count += Frames.count(buffer, position -> file.read(buffer, position));
      }
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    preparer.close();
    part.file.truncate(part.bytes.position()).close();
    next.resultNow().file.truncate(0).close();
  }
}
