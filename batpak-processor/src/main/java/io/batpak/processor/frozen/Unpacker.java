package io.batpak.processor.frozen;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/// Unpacks one MessagePack value.
final class Unpacker {

  private final ByteBuffer bytes;

  private Unpacker(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  /// {@return the value that the bytes hold}
  ///
  /// @throws IllegalArgumentException if they hold none, or more
  static Node unpack(byte[] bytes) {
    var unpacker = new Unpacker(bytes);
    try {
      Node node = unpacker.node();
      if (unpacker.bytes.hasRemaining()) {
        throw new IllegalArgumentException("bytes follow the value");
      }
      return node;
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("the bytes end within a value", e);
    }
  }

  private Node node() {
    int head = bytes.get() & 0xFF;
    if (head < 0x80 || head >= 0xE0) {
      return new Node.Int((byte) head);
    }
    if (head < 0x90) {
      return table(head & 0x0F);
    }
    if (head < 0xA0) {
      return array(head & 0x0F);
    }
    if (head < 0xC0) {
      return text(head & 0x1F);
    }
    return switch (head) {
      case 0xC0 -> new Node.Nil();
      case 0xC2 -> new Node.Bool(false);
      case 0xC3 -> new Node.Bool(true);
      case 0xC4 -> binary(bytes.get() & 0xFF);
      case 0xC5 -> binary(bytes.getShort() & 0xFFFF);
      case 0xC7 -> extension(bytes.get() & 0xFF);
      case 0xCA -> new Node.Decimal(bytes.getFloat(), false);
      case 0xCB -> new Node.Decimal(bytes.getDouble(), true);
      case 0xCC -> new Node.Int(bytes.get() & 0xFF);
      case 0xCD -> new Node.Int(bytes.getShort() & 0xFFFF);
      case 0xCE -> new Node.Int(bytes.getInt() & 0xFFFF_FFFFL);
      case 0xCF, 0xD3 -> new Node.Int(bytes.getLong());
      case 0xD0 -> new Node.Int(bytes.get());
      case 0xD1 -> new Node.Int(bytes.getShort());
      case 0xD2 -> new Node.Int(bytes.getInt());
      case 0xD6 -> extension(4);
      case 0xD7 -> extension(8);
      case 0xD9 -> text(bytes.get() & 0xFF);
      case 0xDA -> text(bytes.getShort() & 0xFFFF);
      case 0xDC -> array(bytes.getShort() & 0xFFFF);
      case 0xDE -> table(bytes.getShort() & 0xFFFF);
      default ->
          throw new IllegalArgumentException(String.format("no sample holds the byte %02X", head));
    };
  }

  private Node array(int count) {
    var elements = new ArrayList<Node>();
    for (int i = 0; i < count; i++) {
      elements.add(node());
    }
    return new Node.Array(elements);
  }

  private Node table(int count) {
    var pairs = new ArrayList<Node.Pair>();
    for (int i = 0; i < count; i++) {
      if (!(node() instanceof Node.Text(String key))) {
        throw new IllegalArgumentException("a key is not a str");
      }
      pairs.add(new Node.Pair(key, node()));
    }
    return new Node.Table(pairs);
  }

  private Node text(int count) {
    return new Node.Text(new String(take(count), StandardCharsets.UTF_8));
  }

  private Node binary(int count) {
    return new Node.Binary(take(count).length);
  }

  private Node extension(int count) {
    int type = bytes.get();
    return new Node.Extension(type, take(count).length);
  }

  private byte[] take(int count) {
    byte[] taken = new byte[count];
    bytes.get(taken);
    return taken;
  }
}
