package io.batpak.processor.frozen;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Packs the few MessagePack forms that samples need. It shares no code with the runtime, so that
/// samples check both.
final class Packer {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  byte[] bytes() {
    return out.toByteArray();
  }

  void nil() {
    out.write(0xC0);
  }

  void bool(boolean value) {
    out.write(value ? 0xC3 : 0xC2);
  }

  void integer(long value) {
    if (value >= -0x20 && value < 0x80) {
      out.write((int) value);
    } else {
      out.write(0xD3);
      out.writeBytes(ByteBuffer.allocate(8).putLong(value).array());
    }
  }

  void single(float value) {
    out.write(0xCA);
    out.writeBytes(ByteBuffer.allocate(4).putFloat(value).array());
  }

  void wide(double value) {
    out.write(0xCB);
    out.writeBytes(ByteBuffer.allocate(8).putDouble(value).array());
  }

  void text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    out.write(0xDA);
    out.writeBytes(ByteBuffer.allocate(2).putShort((short) utf8.length).array());
    out.writeBytes(utf8);
  }

  void binary(byte[] value) {
    out.write(0xC4);
    out.write(value.length);
    out.writeBytes(value);
  }

  void timestamp(long seconds, int nanos) {
    out.write(0xD7);
    out.write(-1);
    out.writeBytes(ByteBuffer.allocate(8).putLong((long) nanos << 34 | seconds).array());
  }

  void array(int count) {
    out.write(0x90 | count);
  }

  void map(int count) {
    out.write(0xDE);
    out.writeBytes(ByteBuffer.allocate(2).putShort((short) count).array());
  }
}
