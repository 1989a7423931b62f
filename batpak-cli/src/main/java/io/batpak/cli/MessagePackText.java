package io.batpak.cli;

import io.batpak.failure.MalformedPayload;
import io.batpak.payload.MessageReader;
import java.util.Arrays;
import java.util.HexFormat;

/// A MessagePack value as JSON.
///
/// What JSON lacks is written as a string: bytes in hexadecimal, timestamps in ISO 8601, numbers
/// that are not finite by their name; an extension of another type is an object of type and bytes.
final class MessagePackText {

  /// Deeper values are written in hexadecimal.
  private static final int DEPTH_MAX = 64;

  private final byte[] bytes;
  private final MessageReader in;
  private final StringBuilder text = new StringBuilder();

  private MessagePackText(byte[] bytes) {
    this.bytes = bytes;
    this.in = new MessageReader(bytes);
  }

  /// {@return the value as JSON; what is not a value, in hexadecimal}
  ///
  /// @param bytes one value
  static String of(byte[] bytes) {
    var text = new MessagePackText(bytes);
    try {
      text.value(0);
      return text.text.toString();
    } catch (MalformedPayload e) {
      return hex(bytes);
    }
  }

  private void value(int depth) {
    int start = in.position();
    int head = start < bytes.length ? bytes[start] & 0xFF : 0;
    if (depth > DEPTH_MAX) {
      skipped(start);
    } else if (head < 0x80 || head >= 0xE0 || head >= 0xCC && head <= 0xD3 && head != 0xCF) {
      text.append(in.readLong());
    } else if (head < 0x90 || head == 0xDE || head == 0xDF) {
      map(depth);
    } else if (head < 0xA0 || head == 0xDC || head == 0xDD) {
      array(depth);
    } else if (head < 0xC0 || head >= 0xD9 && head <= 0xDB) {
      text.append(JsonText.quoted(in.readString()));
    } else {
      scalar(head, start);
    }
  }

  private void scalar(int head, int start) {
    switch (head) {
      case 0xC0 -> {
        in.skip();
        text.append("null");
      }
      case 0xC2, 0xC3 -> text.append(in.readBoolean());
      case 0xC4, 0xC5, 0xC6 -> text.append(hex(in.readBinary()));
      case 0xCA, 0xCB -> {
        double number = in.readDouble();
        text.append(Double.isFinite(number) ? Double.toString(number) : JsonText.quoted(number));
      }
      case 0xCF -> {
        in.skip();
        var eight = new MessageReader(bytes, start + 1, start + 9);
        text.append(Long.toUnsignedString(eight.readRawLong()));
      }
      default -> extension(head, start);
    }
  }

  private void extension(int head, int start) {
    in.skip();
    int typeAt =
        switch (head) {
          case 0xC7 -> start + 2;
          case 0xC8 -> start + 3;
          case 0xC9 -> start + 5;
          default -> start + 1;
        };
    if (bytes[typeAt] == -1) {
      var timestamp = new MessageReader(bytes, start, in.position());
      text.append(JsonText.quoted(timestamp.readTimestamp()));
    } else {
      text.append("{\"ext\":").append(bytes[typeAt]).append(",\"bytes\":");
      text.append(hex(Arrays.copyOfRange(bytes, typeAt + 1, in.position()))).append('}');
    }
  }

  private void array(int depth) {
    int count = in.readArrayHeader();
    text.append('[');
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ",");
      value(depth + 1);
    }
    text.append(']');
  }

  private void map(int depth) {
    int count = in.readMapHeader();
    text.append('{');
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ",");
      key(depth + 1);
      text.append(':');
      value(depth + 1);
    }
    text.append('}');
  }

  /// A key that is not a str becomes one.
  private void key(int depth) {
    int start = text.length();
    value(depth);
    if (text.charAt(start) != '"') {
      String key = text.substring(start);
      text.setLength(start);
      text.append(JsonText.quoted(key));
    }
  }

  private void skipped(int start) {
    in.skip();
    text.append(hex(Arrays.copyOfRange(bytes, start, in.position())));
  }

  private static String hex(byte[] bytes) {
    return JsonText.quoted(HexFormat.of().formatHex(bytes));
  }
}
