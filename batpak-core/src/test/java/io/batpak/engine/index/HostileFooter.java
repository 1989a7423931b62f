package io.batpak.engine.index;

import io.batpak.event.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/// A footer with bytes changed and its checksums made to hold, and every question there is to ask.
final class HostileFooter {

  private HostileFooter() {}

  static byte[] mutate(ByteBuffer footer, RandomGenerator random, int size) {
    byte[] file = new byte[footer.remaining()];
    footer.get(file);
    int body = file.length - SidxLayout.TRAILER_BYTES;
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int head = headBytes(bytes, body, body);
    for (int i = random.nextInt(1, 2 + size / 10); i > 0; i--) {
      int at = random.nextInt(random.nextBoolean() ? head : body);
      file[at] = (byte) (random.nextBoolean() ? 0xFF : random.nextInt(256));
    }
    bytes.putInt(body + SidxLayout.TRAILER_BODY_CRC, crc(file, body));
    bytes.putInt(body + SidxLayout.TRAILER_HEAD_CRC, crc(file, headBytes(bytes, body, head)));
    return file;
  }

  /// {@return a footer with one number of the directory entry of a section changed}
  static byte[] withSection(ByteBuffer footer, int id, int field, long value) {
    byte[] file = new byte[footer.remaining()];
    footer.get(file);
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int body = file.length - SidxLayout.TRAILER_BYTES;
    int head = headBytes(bytes, body, body);
    for (int at = SidxLayout.HEAD_BYTES; at < head; at += SidxLayout.ENTRY_BYTES) {
      if (bytes.getInt(at + SidxLayout.ENTRY_ID) == id) {
        if (field < SidxLayout.ENTRY_OFFSET) {
          bytes.putInt(at + field, (int) value);
        } else {
          bytes.putLong(at + field, value);
        }
      }
    }
    bytes.putInt(body + SidxLayout.TRAILER_BODY_CRC, crc(file, body));
    bytes.putInt(body + SidxLayout.TRAILER_HEAD_CRC, crc(file, head));
    return file;
  }

  private static int headBytes(ByteBuffer bytes, int body, int otherwise) {
    long sections = bytes.getInt(SidxLayout.HEAD_SECTIONS);
    long head = SidxLayout.HEAD_BYTES + sections * SidxLayout.ENTRY_BYTES;
    return head < 0 || head > body ? otherwise : (int) head;
  }

  static void askAll(SealedIndex index) {
    for (int row = 0; row < index.rows(); row++) {
      askRow(index, row);
    }
    tolerate(index::entities);
    tolerate(index::scopes);
    tolerate(index::kinds);
    for (String name : List.of("a", "a:10", "𝄞1", "absent")) {
      NameKey key = new NameKey(name);
      tolerate(() -> walk(index.ofEntity(key)));
      tolerate(() -> walk(index.ofScope(key)));
      tolerate(() -> walk(index.withTag(key)));
      tolerate(() -> index.ofEntitiesFrom(key).forEach(HostileFooter::walk));
    }
    assert index.lastFence() >= -1 : index.lastFence();
    for (int i = 0; i < 3; i++) {
      var key = new KeyProbe(Bytes.copyOf(new byte[] {(byte) i, 0}));
      tolerate(() -> index.rowWithKey(key));
    }
    for (int category = 0; category < 16; category++) {
      int asked = category;
      tolerate(() -> index.ofCategory(asked).forEach(HostileFooter::walk));
      tolerate(() -> walk(index.ofKind(asked << 12)));
      tolerate(() -> index.mayHave(asked));
    }
  }

  private static void askRow(SealedIndex index, int row) {
    tolerate(() -> index.offset(row));
    tolerate(() -> index.idHigh(row));
    tolerate(() -> index.idLow(row));
    tolerate(() -> index.counter(row));
    tolerate(() -> index.kind(row));
    tolerate(() -> index.clock(row));
    tolerate(() -> index.entity(row));
    tolerate(() -> index.scope(row));
    tolerate(() -> index.hash(row));
  }

  private static void walk(Postings postings) {
    int below = postings.countBelow(5);
    assert below >= 0;
    for (int i = 0; i < postings.count(); i++) {
      var _ = postings.row(i);
    }
  }

  private static void tolerate(Runnable question) {
    try {
      question.run();
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      // The two ways that the front door turns into Corrupt.
      assert !e.toString().isEmpty();
    }
  }

  private static int crc(byte[] bytes, int count) {
    CRC32 crc32 = new CRC32();
    crc32.update(bytes, 0, count);
    return (int) crc32.getValue();
  }
}
