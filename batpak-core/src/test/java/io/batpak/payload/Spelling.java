package io.batpak.payload;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.msgpack.value.ExtensionValue;
import org.msgpack.value.Value;

/// Writes a value in any of the forms that MessagePack has for it: integers and floats in every
/// width and signedness that holds them, lengths in every width, timestamps in every width, maps in
/// any order.
final class Spelling {

  private final RandomGenerator random;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  private Spelling(RandomGenerator random) {
    this.random = random;
  }

  static byte[] any(Value value, RandomGenerator random) throws IOException {
    var spelling = new Spelling(random);
    spelling.write(value);
    return spelling.bytes.toByteArray();
  }

  private void write(Value value) throws IOException {
    switch (value.getValueType()) {
      case NIL -> out.writeByte(0xC0);
      case BOOLEAN -> out.writeByte(value.asBooleanValue().getBoolean() ? 0xC3 : 0xC2);
      case INTEGER -> integer(value.asIntegerValue().asLong());
      case FLOAT -> decimal(value);
      case STRING -> {
        byte[] text = value.asStringValue().asByteArray();
        length(text.length, 32, 0xA0, 0xD9, 0xDA, 0xDB);
        out.write(text);
      }
      case BINARY -> {
        byte[] binary = value.asBinaryValue().asByteArray();
        length(binary.length, 0, 0, 0xC4, 0xC5, 0xC6);
        out.write(binary);
      }
      case ARRAY -> {
        length(value.asArrayValue().size(), 16, 0x90, -1, 0xDC, 0xDD);
        for (Value element : value.asArrayValue()) {
          write(element);
        }
      }
      case MAP -> {
        List<Map.Entry<Value, Value>> entries =
            new ArrayList<>(value.asMapValue().map().entrySet());
        Collections.shuffle(entries, new Random(random.nextLong()));
        length(entries.size(), 16, 0x80, -1, 0xDE, 0xDF);
        for (var entry : entries) {
          write(entry.getKey());
          write(entry.getValue());
        }
      }
      case EXTENSION -> {
        if (value.isTimestampValue()) {
          timestamp(value.asTimestampValue().toInstant());
        } else {
          extension(value.asExtensionValue());
        }
      }
    }
  }

  private void integer(long value) throws IOException {
    List<Integer> heads = new ArrayList<>(List.of(0xD3));
    addIf(heads, value >= -32 && value < 128, 0);
    addIf(heads, value == (byte) value, 0xD0);
    addIf(heads, value == (short) value, 0xD1);
    addIf(heads, value == (int) value, 0xD2);
    addIf(heads, value >= 0 && value < 1L << 8, 0xCC);
    addIf(heads, value >= 0 && value < 1L << 16, 0xCD);
    addIf(heads, value >= 0 && value < 1L << 32, 0xCE);
    addIf(heads, value >= 0, 0xCF);
    int head = heads.get(random.nextInt(heads.size()));
    if (head != 0) {
      out.writeByte(head);
    }
    switch (head) {
      case 0, 0xD0, 0xCC -> out.writeByte((int) value);
      case 0xD1, 0xCD -> out.writeShort((int) value);
      case 0xD2, 0xCE -> out.writeInt((int) value);
      default -> out.writeLong(value);
    }
  }

  /// The narrow form wherever it is exact, which is always so for a `float`.
  private void decimal(Value value) throws IOException {
    double wide = value.asFloatValue().toDouble();
    if (narrow(wide)) {
      out.writeByte(0xCA);
      out.writeInt(Float.floatToRawIntBits((float) wide));
    } else {
      out.writeByte(0xCB);
      out.writeLong(Double.doubleToRawLongBits(wide));
    }
  }

  private static boolean narrow(double wide) {
    return Double.doubleToRawLongBits((float) wide) == Double.doubleToRawLongBits(wide);
  }

  private void timestamp(Instant value) throws IOException {
    long seconds = value.getEpochSecond();
    int nanos = value.getNano();
    int choice = random.nextInt(3);
    if (choice == 0 && nanos == 0 && seconds >>> 32 == 0) {
      out.writeShort(0xD6FF);
      out.writeInt((int) seconds);
    } else if (choice == 1 && seconds >>> 34 == 0) {
      out.writeShort(0xD7FF);
      out.writeLong((long) nanos << 34 | seconds);
    } else {
      out.writeByte(0xC7);
      out.writeShort(0x0CFF);
      out.writeInt(nanos);
      out.writeLong(seconds);
    }
  }

  private void extension(ExtensionValue value) throws IOException {
    out.writeByte(0xC9);
    out.writeInt(value.getData().length);
    out.writeByte(value.getType());
    out.write(value.getData());
  }

  private void length(int count, int fixMax, int fix, int head8, int head16, int head32)
      throws IOException {
    List<Integer> heads = new ArrayList<>(List.of(head32));
    addIf(heads, count < fixMax, fix);
    addIf(heads, head8 > 0 && count < 0x100, head8);
    addIf(heads, count < 0x1_0000, head16);
    int head = heads.get(random.nextInt(heads.size()));
    if (head == fix && fixMax > 0) {
      out.writeByte(fix | count);
      return;
    }
    out.writeByte(head);
    if (head == head8) {
      out.writeByte(count);
    } else if (head == head16) {
      out.writeShort(count);
    } else {
      out.writeInt(count);
    }
  }

  private static void addIf(List<Integer> heads, boolean fits, int head) {
    if (fits) {
      heads.add(head);
    }
  }
}
