package io.batpak.payload;

import io.batpak.failure.MalformedPayload;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.UUID;

/// Reads MessagePack from a byte array, value by value. Any bytes are safe to read: what does not
/// decode is a {@link MalformedPayload} that names the payload and the field set by {@link #field}.
///
/// Every form of the MessagePack specification that can hold a value is accepted. Not fit for
/// several threads.
public final class MessageReader {

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final int TIMESTAMP = -1;

  /// Most records within one another. Written and read values keep to it, so that hostile bytes
  /// cannot exhaust a thread's stack.
  public static final int DEPTH_MAX = 64;

  /// Longest text of a `BigInteger` or `BigDecimal`, in characters; converting text is slower than
  /// linear.
  public static final int NUMBER_CHARS_MAX = 4_096;

  /// Most elements that room is made for before they are seen.
  private static final int CAPACITY_MAX = 256;

  private byte[] bytes;
  private int position;
  private int end;
  private final FieldPath path = new FieldPath();

  /// Creates a reader over a whole array.
  ///
  /// @param bytes the array; not copied
  public MessageReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  /// Creates a reader over a part of an array.
  ///
  /// @param bytes the array; not copied
  /// @param position where to start
  /// @param end where to stop, exclusive
  public MessageReader(byte[] bytes, int position, int end) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  /// Starts anew over a part of an array.
  ///
  /// @param bytes the array; not copied
  /// @param position where to start
  /// @param end where to stop, exclusive
  /// @return this
  public MessageReader reset(byte[] bytes, int position, int end) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
    path.restart();
    return this;
  }

  /// Says what is being read, for messages.
  ///
  /// @param payload the payload class or kind
  public void payload(String payload) {
    path.start(payload);
  }

  /// Says which field is being read, for messages.
  ///
  /// @param field within the record that was entered last
  public void field(String field) {
    path.at(field);
  }

  /// {@return the index in the array of the next byte}
  public int position() {
    return position;
  }

  /// {@return whether nothing is left}
  public boolean exhausted() {
    return position >= end;
  }

  /// {@return whether the next value is nil; a nil is consumed, anything else is not}
  public boolean readNil() {
    if (position < end && bytes[position] == (byte) 0xC0) {
      position++;
      return true;
    }
    return false;
  }

  /// {@return the next value, a bool}
  public boolean readBoolean() {
    int head = next();
    if (head == 0xC3) {
      return true;
    }
    if (head == 0xC2) {
      return false;
    }
    throw unexpected(head, "a bool");
  }

  /// {@return the next value, an integer of 64 signed bits}
  public long readLong() {
    int head = next();
    if (head < 0x80) {
      return head;
    }
    if (head >= 0xE0) {
      return (byte) head;
    }
    return switch (head) {
      case 0xCC -> bytes[take(1)] & 0xFF;
      case 0xCD -> (short) SHORT.get(bytes, take(2)) & 0xFFFF;
      case 0xCE -> (int) INT.get(bytes, take(4)) & 0xFFFF_FFFFL;
      case 0xCF -> readUnsigned();
      case 0xD0 -> bytes[take(1)];
      case 0xD1 -> (short) SHORT.get(bytes, take(2));
      case 0xD2 -> (int) INT.get(bytes, take(4));
      case 0xD3 -> (long) LONG.get(bytes, take(8));
      default -> throw unexpected(head, "an integer");
    };
  }

  /// {@return the next value, an integer within a range}
  ///
  /// @param min the smallest accepted
  /// @param max the largest accepted
  public long readLong(long min, long max) {
    long value = readLong();
    if (value < min || value > max) {
      throw malformed("the integer " + value + " is outside " + min + ".." + max);
    }
    return value;
  }

  /// {@return the next value, an integer of 32 signed bits}
  public int readInt() {
    return (int) readLong(Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /// {@return the next value, an integer of 8 signed bits}
  public byte readByte() {
    return (byte) readLong(Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  /// {@return the next value, an integer of 16 signed bits}
  public short readShort() {
    return (short) readLong(Short.MIN_VALUE, Short.MAX_VALUE);
  }

  /// {@return the next value, an integer of 16 unsigned bits}
  public char readChar() {
    return (char) readLong(Character.MIN_VALUE, Character.MAX_VALUE);
  }

  /// {@return the next value, a float 32}
  public float readFloat() {
    int head = next();
    if (head == 0xCA) {
      return Float.intBitsToFloat((int) INT.get(bytes, take(4)));
    }
    throw unexpected(head, "a float 32");
  }

  /// {@return the next value, a float of either width}
  public double readDouble() {
    int head = next();
    if (head == 0xCB) {
      return Double.longBitsToDouble((long) LONG.get(bytes, take(8)));
    }
    if (head == 0xCA) {
      return Float.intBitsToFloat((int) INT.get(bytes, take(4)));
    }
    throw unexpected(head, "a float");
  }

  /// {@return the next value, a str}
  public String readString() {
    int count = readStringHeader();
    int start = take(count);
    for (int i = start; i < start + count; i++) {
      if (bytes[i] < 0) {
        return stringBeyondAscii(start, count);
      }
    }
    return new String(bytes, start, count, StandardCharsets.ISO_8859_1);
  }

  /// {@return the next value, a bin}
  public byte[] readBinary() {
    int count = readBinaryHeader();
    int start = take(count);
    return Arrays.copyOfRange(bytes, start, start + count);
  }

  /// {@return the length of the bin that follows; its bytes are next}
  public int readBinaryHeader() {
    int head = next();
    return switch (head) {
      case 0xC4 -> bytes[take(1)] & 0xFF;
      case 0xC5 -> (short) SHORT.get(bytes, take(2)) & 0xFFFF;
      case 0xC6 -> wideCount((int) INT.get(bytes, take(4)), 1);
      default -> throw unexpected(head, "a bin");
    };
  }

  /// {@return the length of the str that follows, in bytes; its bytes are next}
  public int readStringHeader() {
    int head = next();
    if ((head & 0xE0) == 0xA0) {
      return head & 0x1F;
    }
    return switch (head) {
      case 0xD9 -> bytes[take(1)] & 0xFF;
      case 0xDA -> (short) SHORT.get(bytes, take(2)) & 0xFFFF;
      case 0xDB -> wideCount((int) INT.get(bytes, take(4)), 1);
      default -> throw unexpected(head, "a str");
    };
  }

  /// {@return the count of elements of the array that follows, never more than bytes are left}
  public int readArrayHeader() {
    int head = next();
    if ((head & 0xF0) == 0x90) {
      return head & 0x0F;
    }
    return switch (head) {
      case 0xDC -> wideCount((short) SHORT.get(bytes, take(2)) & 0xFFFF, 1);
      case 0xDD -> wideCount((int) INT.get(bytes, take(4)), 1);
      default -> throw unexpected(head, "an array");
    };
  }

  /// {@return the count of pairs of the map that follows, never more than half the bytes that are
  /// left}
  public int readMapHeader() {
    int head = next();
    if ((head & 0xF0) == 0x80) {
      return head & 0x0F;
    }
    return switch (head) {
      case 0xDE -> wideCount((short) SHORT.get(bytes, take(2)) & 0xFFFF, 2);
      case 0xDF -> wideCount((int) INT.get(bytes, take(4)), 2);
      default -> throw unexpected(head, "a map");
    };
  }

  /// {@return the next value, a timestamp of any width}
  public Instant readTimestamp() {
    int head = next();
    int count =
        switch (head) {
          case 0xD6 -> 4;
          case 0xD7 -> 8;
          case 0xC7 -> bytes[take(1)] & 0xFF;
          default -> throw unexpected(head, "a timestamp");
        };
    int type = bytes[take(1)];
    if (type != TIMESTAMP || count != 4 && count != 8 && count != 12) {
      throw malformed(
          "expected a timestamp, found extension type " + type + " of " + count + " bytes");
    }
    int at = take(count);
    long seconds;
    long nanos = 0;
    if (count == 4) {
      seconds = (int) INT.get(bytes, at) & 0xFFFF_FFFFL;
    } else if (count == 8) {
      long both = (long) LONG.get(bytes, at);
      seconds = both & (1L << 34) - 1;
      nanos = both >>> 34;
    } else {
      nanos = (int) INT.get(bytes, at) & 0xFFFF_FFFFL;
      seconds = (long) LONG.get(bytes, at + 4);
    }
    if (nanos > 999_999_999) {
      throw malformed("a timestamp with " + nanos + " nanoseconds");
    }
    try {
      return Instant.ofEpochSecond(seconds, nanos);
    } catch (DateTimeException e) {
      throw malformed("a timestamp of " + seconds + " seconds is out of range");
    }
  }

  /// {@return the next value, a bin of 16 bytes}
  public UUID readUuid() {
    int count = readBinaryHeader();
    if (count != 16) {
      throw malformed("expected a bin of 16 bytes, found one of " + count);
    }
    int at = take(16);
    return new UUID((long) LONG.get(bytes, at), (long) LONG.get(bytes, at + 8));
  }

  /// {@return the next value, an array of seconds and nanoseconds}
  public Duration readDuration() {
    int count = readArrayHeader();
    if (count != 2) {
      throw malformed("expected an array of seconds and nanoseconds, found one of " + count);
    }
    long seconds = readLong();
    return Duration.ofSeconds(seconds, readLong(0, 999_999_999));
  }

  /// {@return the next value, a str with an ISO-8601 date}
  public LocalDate readLocalDate() {
    String text = readString();
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw path.malformed("expected an ISO-8601 date, found \"" + shortened(text) + '"', e);
    }
  }

  /// {@return the next value, a str with a decimal number of any scale}
  public BigDecimal readBigDecimal() {
    String text = readNumber();
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw path.malformed("expected a decimal number, found \"" + shortened(text) + '"', e);
    }
  }

  /// {@return the next value, a str with a decimal integer}
  public BigInteger readBigInteger() {
    String text = readNumber();
    try {
      return new BigInteger(text);
    } catch (NumberFormatException e) {
      throw path.malformed("expected a decimal integer, found \"" + shortened(text) + '"', e);
    }
  }

  /// {@return the index of the next value, a str that must be in the table}
  ///
  /// @param table the names that are accepted
  public int readName(NameTable table) {
    int count = readStringHeader();
    int start = take(count);
    int index = table.indexOf(bytes, start, count);
    if (index < 0) {
      throw malformed("\"" + lenient(start, count) + "\" is none of " + table);
    }
    return index;
  }

  /// Enters a record: its map header is consumed, its fields are next.
  ///
  /// @return how many fields follow
  public int enterRecord() {
    int count = readMapHeader();
    path.enter();
    return count;
  }

  /// Consumes the key of a field of the record entered last.
  ///
  /// @param table the fields of the record, in the order in which they are written
  /// @param expected the index of the field that is likely to be next
  /// @param seen one bit per field that was read before
  /// @return the index of the field whose value is next, or -1 for one that is not in the table
  public int readField(NameTable table, int expected, long seen) {
    byte[][] encoded = table.encoded;
    int field = expected;
    if (expected >= encoded.length || !readIfNext(encoded[expected])) {
      field = fieldOutOfOrder(table);
      if (field < 0) {
        return -1;
      }
    }
    path.at(table.names[field]);
    if ((seen >>> field & 1) != 0) {
      throw malformed("the field occurs twice");
    }
    return field;
  }

  /// Leaves the record entered last.
  public void leaveRecord() {
    path.leave();
  }

  /// {@return a capacity for a collection of so many elements, bounded, as the count may be
  /// hostile}
  ///
  /// @param count the count that was read
  public static int capacity(int count) {
    return Math.min(count, CAPACITY_MAX);
  }

  /// {@return the next eight bytes, most significant first, as a part of a bin}
  public long readRawLong() {
    return (long) LONG.get(bytes, take(8));
  }

  /// Consumes an expected str when it is next.
  ///
  /// @param encoded the str as {@link MessageWriter#writeString} writes it, header included
  /// @return whether it was next; if not, nothing is consumed
  public boolean readIfNext(byte[] encoded) {
    int count = encoded.length;
    if (count > end - position
        || !Arrays.equals(bytes, position, position + count, encoded, 0, count)) {
      return false;
    }
    position += count;
    return true;
  }

  /// Passes over one value of any type, with all that is in it. Nesting of any depth is safe.
  public void skip() {
    long pending = 1;
    while (pending > 0) {
      pending += skipHead() - 1;
    }
  }

  private long readUnsigned() {
    long value = (long) LONG.get(bytes, take(8));
    if (value < 0) {
      throw malformed(
          "the integer " + Long.toUnsignedString(value) + " does not fit 64 signed bits");
    }
    return value;
  }

  /// Passes over a head and its bytes, and returns how many values stand inside.
  private long skipHead() {
    int head = next();
    if (head < 0x80 || head >= 0xE0) {
      return 0;
    }
    if (head < 0x90) {
      return 2L * (head & 0x0F);
    }
    if (head < 0xA0) {
      return head & 0x0F;
    }
    if (head < 0xC0) {
      take(head & 0x1F);
      return 0;
    }
    switch (head) {
      case 0xC0, 0xC2, 0xC3 -> {}
      case 0xCC, 0xD0 -> take(1);
      case 0xCD, 0xD1 -> take(2);
      case 0xCE, 0xD2, 0xCA -> take(4);
      case 0xCF, 0xD3, 0xCB -> take(8);
      case 0xC4, 0xD9 -> take(bytes[take(1)] & 0xFF);
      case 0xC5, 0xDA -> take((short) SHORT.get(bytes, take(2)) & 0xFFFF);
      case 0xC6, 0xDB -> take(wideCount((int) INT.get(bytes, take(4)), 1));
      case 0xC7 -> take(1 + (bytes[take(1)] & 0xFF));
      case 0xC8 -> take(1 + ((short) SHORT.get(bytes, take(2)) & 0xFFFF));
      case 0xC9 -> take(1 + wideCount((int) INT.get(bytes, take(4)), 1));
      case 0xD4, 0xD5, 0xD6, 0xD7, 0xD8 -> take(1 + (1 << head - 0xD4));
      case 0xDC -> {
        return (short) SHORT.get(bytes, take(2)) & 0xFFFF;
      }
      case 0xDD -> {
        return wideCount((int) INT.get(bytes, take(4)), 1);
      }
      case 0xDE -> {
        return 2L * ((short) SHORT.get(bytes, take(2)) & 0xFFFF);
      }
      case 0xDF -> {
        return 2L * wideCount((int) INT.get(bytes, take(4)), 2);
      }
      default -> throw unexpected(head, "a value");
    }
    return 0;
  }

  /// {@return a failure that names the payload and the field being read}
  ///
  /// @param reason what was found and what was expected
  public MalformedPayload malformed(String reason) {
    return path.malformed(reason, null);
  }

  /// {@return a failure for a field of the record entered last that is not there and has no
  /// default}
  ///
  /// @param field the field
  public MalformedPayload missing(String field) {
    path.at(field);
    return malformed("the field is missing and has no default");
  }

  /// {@return a failure for a record whose constructor refused what was read}
  ///
  /// @param cause what it threw
  public MalformedPayload refused(RuntimeException cause) {
    return path.malformed("the record refused its components: " + cause, cause);
  }

  private int fieldOutOfOrder(NameTable table) {
    path.at("");
    int count = readStringHeader();
    int start = take(count);
    return table.indexOf(bytes, start, count);
  }

  private String readNumber() {
    String text = readString();
    if (text.length() > NUMBER_CHARS_MAX) {
      throw malformed(
          "a number of " + text.length() + " characters, at most " + NUMBER_CHARS_MAX + " fit");
    }
    return text;
  }

  private String lenient(int start, int count) {
    return shortened(new String(bytes, start, count, StandardCharsets.UTF_8));
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }

  private String stringBeyondAscii(int start, int count) {
    // A replacement character is the only trace that bytes which are not UTF-8 leave, and is legal
    // itself.
    String text = new String(bytes, start, count, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') < 0) {
      return text;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, start, count))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed("a str of " + count + " bytes is not UTF-8");
    }
  }

  /// A count can never exceed the bytes that are left, so a hostile one allocates nothing.
  private int wideCount(int count, int bytesEach) {
    if (count < 0 || count > (end - position) / bytesEach) {
      throw malformed(
          "a length of "
              + Integer.toUnsignedString(count)
              + " where "
              + (end - position)
              + " bytes are left");
    }
    return count;
  }

  private int next() {
    if (position >= end) {
      throw malformed("the bytes end at " + position + " where a value is expected");
    }
    return bytes[position++] & 0xFF;
  }

  private int take(int count) {
    int at = position;
    if (count > end - at) {
      throw malformed("the bytes end at " + end + ", " + count + " are expected at " + at);
    }
    position = at + count;
    return at;
  }

  private MalformedPayload unexpected(int head, String expected) {
    return malformed(
        String.format("expected %s, found the byte %02X at %d", expected, head, position - 1));
  }
}
