package io.batpak.payload;

import io.batpak.failure.LimitExceeded;
import io.batpak.failure.MalformedPayload;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A growing byte array with MessagePack at its end. Made to be reused: {@link #clear()} keeps the
/// array.
///
/// Every value is written in the smallest form of the MessagePack specification. Not fit for
/// several threads.
public final class MessageWriter {

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final int INITIAL_BYTES = 256;

  private final int bytesMax;
  private byte[] bytes;
  private int end;
  private final FieldPath path = new FieldPath();

  /// Creates an empty writer.
  ///
  /// @param bytesMax the most it may hold
  public MessageWriter(int bytesMax) {
    this.bytesMax = bytesMax;
    this.bytes = new byte[Math.min(INITIAL_BYTES, bytesMax)];
  }

  /// Forgets what was written.
  public void clear() {
    end = 0;
    path.restart();
  }

  /// Goes back to an earlier end.
  ///
  /// @param end an earlier value of {@link #end()}
  public void rewind(int end) {
    this.end = end;
  }

  /// {@return how many bytes have been written}
  public int end() {
    return end;
  }

  /// {@return the array itself, not a copy; its first {@link #end()} bytes are what was written}
  public byte[] array() {
    return bytes;
  }

  /// {@return a copy of what was written}
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, end);
  }

  /// Says what is being written, for messages.
  ///
  /// @param payload the payload class or kind
  public void payload(String payload) {
    path.start(payload);
  }

  /// Says which field is being written, for messages.
  ///
  /// @param field within the record that was entered last
  public void field(String field) {
    path.at(field);
  }

  /// {@return a failure that names the payload and the field being written}
  ///
  /// @param reason what is wrong with the value
  public MalformedPayload malformed(String reason) {
    return path.malformed(reason, null);
  }

  /// {@return the value itself, which must not be null}
  ///
  /// @param value the value
  /// @param <T> its type
  /// @throws MalformedPayload if it is null
  public <T> T present(@Nullable T value) {
    if (value == null) {
      throw malformed("is null; an Optional says that a value may be absent");
    }
    return value;
  }

  /// Enters a record: its map header is written, its fields are to follow.
  ///
  /// @param count how many fields follow
  public void enterRecord(int count) {
    writeMapHeader(count);
    path.enter();
  }

  /// Writes the key of a field of the record entered last.
  ///
  /// @param table the fields of the record
  /// @param field the index of the field whose value is to follow
  public void writeField(NameTable table, int field) {
    path.at(table.names[field]);
    byte[] encoded = table.encoded[field];
    writeRaw(encoded, 0, encoded.length);
  }

  /// Writes a str that is in a table.
  ///
  /// @param table the names
  /// @param index the index of the name
  public void writeName(NameTable table, int index) {
    byte[] encoded = table.encoded[index];
    writeRaw(encoded, 0, encoded.length);
  }

  /// Leaves the record entered last.
  public void leaveRecord() {
    path.leave();
  }

  /// Writes nil.
  public void writeNil() {
    reserve(1);
    bytes[end++] = (byte) 0xC0;
  }

  /// Writes a bool.
  ///
  /// @param value the value
  public void writeBoolean(boolean value) {
    reserve(1);
    bytes[end++] = (byte) (value ? 0xC3 : 0xC2);
  }

  /// Writes a signed integer in the smallest form.
  ///
  /// @param value the value
  public void writeLong(long value) {
    reserve(9);
    if (value >= 0) {
      putUnsigned(value);
    } else {
      putNegative(value);
    }
  }

  /// Writes an integer of 64 unsigned bits in the smallest form.
  ///
  /// @param value the bits
  public void writeUnsigned(long value) {
    reserve(9);
    if (value >= 0) {
      putUnsigned(value);
    } else {
      bytes[end] = (byte) 0xCF;
      LONG.set(bytes, end + 1, value);
      end += 9;
    }
  }

  /// Writes a float 32.
  ///
  /// @param value the value
  public void writeFloat(float value) {
    reserve(5);
    bytes[end] = (byte) 0xCA;
    INT.set(bytes, end + 1, Float.floatToRawIntBits(value));
    end += 5;
  }

  /// Writes a float 64.
  ///
  /// @param value the value
  public void writeDouble(double value) {
    reserve(9);
    bytes[end] = (byte) 0xCB;
    LONG.set(bytes, end + 1, Double.doubleToRawLongBits(value));
    end += 9;
  }

  /// Writes a str.
  ///
  /// @param value the text; unpaired surrogates are refused
  /// @throws MalformedPayload if the text has an unpaired surrogate
  public void writeString(String value) {
    int length = value.length();
    reserve(5 + length);
    int start = end + stringHeaderBytes(length);
    byte[] target = bytes;
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c >= 0x80) {
        writeStringBeyondAscii(value);
        return;
      }
      target[start + i] = (byte) c;
    }
    putStringHeader(length);
    end += length;
  }

  /// Writes a bin.
  ///
  /// @param value the bytes
  public void writeBinary(byte[] value) {
    writeBinaryHeader(value.length);
    writeRaw(value, 0, value.length);
  }

  /// Writes the header of a bin, whose bytes are to follow by {@link #writeRaw}.
  ///
  /// @param count how many bytes follow
  public void writeBinaryHeader(int count) {
    reserve(5);
    if (count < 0x100) {
      bytes[end] = (byte) 0xC4;
      bytes[end + 1] = (byte) count;
      end += 2;
    } else if (count < 0x1_0000) {
      bytes[end] = (byte) 0xC5;
      SHORT.set(bytes, end + 1, (short) count);
      end += 3;
    } else {
      bytes[end] = (byte) 0xC6;
      INT.set(bytes, end + 1, count);
      end += 5;
    }
  }

  /// Writes the header of an array, whose elements are to follow.
  ///
  /// @param count how many elements follow
  public void writeArrayHeader(int count) {
    reserve(5);
    putHeader(count, 0x90, 0xDC);
  }

  /// Writes the header of a map, whose keys and values are to follow.
  ///
  /// @param count how many pairs follow
  public void writeMapHeader(int count) {
    reserve(5);
    putHeader(count, 0x80, 0xDE);
  }

  /// Writes a timestamp: extension type -1 in its form of 32, 64 or 96 bits.
  ///
  /// @param value the instant
  public void writeTimestamp(Instant value) {
    reserve(15);
    long seconds = value.getEpochSecond();
    int nanos = value.getNano();
    if (seconds >>> 34 != 0) {
      bytes[end] = (byte) 0xC7;
      bytes[end + 1] = 12;
      bytes[end + 2] = (byte) -1;
      INT.set(bytes, end + 3, nanos);
      LONG.set(bytes, end + 7, seconds);
      end += 15;
    } else if (nanos != 0 || seconds >>> 32 != 0) {
      bytes[end] = (byte) 0xD7;
      bytes[end + 1] = (byte) -1;
      LONG.set(bytes, end + 2, (long) nanos << 34 | seconds);
      end += 10;
    } else {
      bytes[end] = (byte) 0xD6;
      bytes[end + 1] = (byte) -1;
      INT.set(bytes, end + 2, (int) seconds);
      end += 6;
    }
  }

  /// Writes a bin of 16 bytes, big-endian.
  ///
  /// @param value the identifier
  public void writeUuid(UUID value) {
    reserve(18);
    bytes[end] = (byte) 0xC4;
    bytes[end + 1] = 16;
    LONG.set(bytes, end + 2, value.getMostSignificantBits());
    LONG.set(bytes, end + 10, value.getLeastSignificantBits());
    end += 18;
  }

  /// Writes an array of seconds and nanoseconds.
  ///
  /// @param value the duration
  public void writeDuration(Duration value) {
    writeArrayHeader(2);
    writeLong(value.getSeconds());
    writeLong(value.getNano());
  }

  /// Writes a str with the ISO-8601 form.
  ///
  /// @param value the date
  public void writeLocalDate(LocalDate value) {
    writeString(value.toString());
  }

  /// Writes a str with the canonical form, which keeps the scale.
  ///
  /// @param value the number
  /// @throws MalformedPayload if it has more than {@link MessageReader#NUMBER_CHARS_MAX} characters
  public void writeBigDecimal(BigDecimal value) {
    writeNumber(value.unscaledValue(), value);
  }

  /// Writes a str with the decimal form.
  ///
  /// @param value the number
  /// @throws MalformedPayload if it has more than {@link MessageReader#NUMBER_CHARS_MAX} characters
  public void writeBigInteger(BigInteger value) {
    writeNumber(value, value);
  }

  /// Copies bytes that are MessagePack already, such as a pre-encoded key.
  ///
  /// @param source the array
  /// @param offset where the bytes start
  /// @param count how many
  public void writeRaw(byte[] source, int offset, int count) {
    reserve(count);
    System.arraycopy(source, offset, bytes, end, count);
    end += count;
  }

  /// A decimal digit is worth less than 4 bits, so too many bits are refused before they are
  /// converted.
  private void writeNumber(BigInteger digits, Number value) {
    boolean converts = digits.bitLength() <= 4 * MessageReader.NUMBER_CHARS_MAX;
    String text = converts ? value.toString() : "";
    if (!converts || text.length() > MessageReader.NUMBER_CHARS_MAX) {
      throw malformed("a number of more than " + MessageReader.NUMBER_CHARS_MAX + " characters");
    }
    writeString(text);
  }

  /// Writes eight bytes, most significant first, as a part of a bin.
  ///
  /// @param word the bytes
  public void writeRawLong(long word) {
    reserve(8);
    LONG.set(bytes, end, word);
    end += 8;
  }

  private void putUnsigned(long value) {
    if (value < 0x80) {
      bytes[end++] = (byte) value;
    } else if (value < 0x100) {
      bytes[end] = (byte) 0xCC;
      bytes[end + 1] = (byte) value;
      end += 2;
    } else if (value < 0x1_0000) {
      bytes[end] = (byte) 0xCD;
      SHORT.set(bytes, end + 1, (short) value);
      end += 3;
    } else if (value < 0x1_0000_0000L) {
      bytes[end] = (byte) 0xCE;
      INT.set(bytes, end + 1, (int) value);
      end += 5;
    } else {
      bytes[end] = (byte) 0xCF;
      LONG.set(bytes, end + 1, value);
      end += 9;
    }
  }

  private void putNegative(long value) {
    if (value >= -0x20) {
      bytes[end++] = (byte) value;
    } else if (value >= Byte.MIN_VALUE) {
      bytes[end] = (byte) 0xD0;
      bytes[end + 1] = (byte) value;
      end += 2;
    } else if (value >= Short.MIN_VALUE) {
      bytes[end] = (byte) 0xD1;
      SHORT.set(bytes, end + 1, (short) value);
      end += 3;
    } else if (value >= Integer.MIN_VALUE) {
      bytes[end] = (byte) 0xD2;
      INT.set(bytes, end + 1, (int) value);
      end += 5;
    } else {
      bytes[end] = (byte) 0xD3;
      LONG.set(bytes, end + 1, value);
      end += 9;
    }
  }

  /// Arrays and maps share their forms: 4 bits in the first byte, then 16 bits, then 32 bits.
  private void putHeader(int count, int fix, int wide) {
    if (count < 0x10) {
      bytes[end++] = (byte) (fix | count);
    } else if (count < 0x1_0000) {
      bytes[end] = (byte) wide;
      SHORT.set(bytes, end + 1, (short) count);
      end += 3;
    } else {
      bytes[end] = (byte) (wide + 1);
      INT.set(bytes, end + 1, count);
      end += 5;
    }
  }

  static int stringHeaderBytes(int count) {
    return count < 0x20 ? 1 : count < 0x100 ? 2 : count < 0x1_0000 ? 3 : 5;
  }

  private void putStringHeader(int count) {
    if (count < 0x20) {
      bytes[end++] = (byte) (0xA0 | count);
    } else if (count < 0x100) {
      bytes[end] = (byte) 0xD9;
      bytes[end + 1] = (byte) count;
      end += 2;
    } else if (count < 0x1_0000) {
      bytes[end] = (byte) 0xDA;
      SHORT.set(bytes, end + 1, (short) count);
      end += 3;
    } else {
      bytes[end] = (byte) 0xDB;
      INT.set(bytes, end + 1, count);
      end += 5;
    }
  }

  private void writeStringBeyondAscii(String value) {
    int count = utf8Bytes(value);
    reserve(5 + count);
    putStringHeader(count);
    byte[] target = bytes;
    int at = end;
    for (int i = 0; i < value.length(); ) {
      int point = value.codePointAt(i);
      i += Character.charCount(point);
      if (point < 0x80) {
        target[at++] = (byte) point;
      } else if (point < 0x800) {
        target[at++] = (byte) (0xC0 | point >> 6);
        target[at++] = (byte) (0x80 | point & 0x3F);
      } else if (point < 0x1_0000) {
        target[at++] = (byte) (0xE0 | point >> 12);
        target[at++] = (byte) (0x80 | point >> 6 & 0x3F);
        target[at++] = (byte) (0x80 | point & 0x3F);
      } else {
        target[at++] = (byte) (0xF0 | point >> 18);
        target[at++] = (byte) (0x80 | point >> 12 & 0x3F);
        target[at++] = (byte) (0x80 | point >> 6 & 0x3F);
        target[at++] = (byte) (0x80 | point & 0x3F);
      }
    }
    end = at;
  }

  private int utf8Bytes(String value) {
    long count = 0;
    for (int i = 0; i < value.length(); ) {
      int point = value.codePointAt(i);
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        throw malformed(String.format("unpaired surrogate U+%04X at index %d", point, i));
      }
      i += Character.charCount(point);
      count += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
    }
    return Math.toIntExact(count);
  }

  private void reserve(int count) {
    if (count > bytes.length - end) {
      grow(count);
    }
  }

  /// Reservations are made for the widest form, so the limit leaves that much slack.
  private void grow(int count) {
    long needed = (long) end + count;
    if (needed > (long) bytesMax + 16) {
      throw new LimitExceeded("payload bytes", bytesMax, needed);
    }
    bytes =
        Arrays.copyOf(
            bytes, (int) Math.min(Math.max(needed, 2L * bytes.length), (long) bytesMax + 16));
  }
}
