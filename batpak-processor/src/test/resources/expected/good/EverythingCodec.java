package good;

import io.batpak.event.EventKind;
import io.batpak.payload.MessageReader;
import io.batpak.payload.MessageWriter;
import io.batpak.payload.NameTable;
import io.batpak.payload.PayloadCodec;
import io.batpak.payload.Tags;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The codec of {@link Everything}: kind 3:001, version 1.
///
/// Generated from that record by batpak-processor; change the record, not this.
@SuppressWarnings({"deprecation", "exports", "removal"})
public final class EverythingCodec implements PayloadCodec<Everything> {

  private static final EventKind KIND = new EventKind(0x3, 0x001);

  private static final NameTable EVERYTHING_NAMES =
      NameTable.of("aBoolean", "aByte", "aShort", "anInt", "aLong", "aChar", "aFloat", "aDouble", "aBox", "text", "bytes", "id", "at", "duration", "date", "decimal", "integer", "color", "list", "set", "map", "optional");
  private static final NameTable COLOR_NAMES = NameTable.of("RED", "GREEN", "BLUE");

  /// Creates the codec; it has no state.
  public EverythingCodec() {}

  @Override
  public Class<Everything> type() {
    return Everything.class;
  }

  @Override
  public EventKind kind() {
    return KIND;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void write(Everything payload, MessageWriter out) {
    out.payload("good.Everything");
    writeEverything(out.present(payload), out);
  }

  @Override
  public Everything read(MessageReader in, int version) {
    in.payload("good.Everything");
    if (version != 1) {
      throw in.malformed("version " + version + " is unknown, the newest known is 1");
    }
    return readEverything(in);
  }

  @Override
  public List<String> tags(Everything payload) {
    return new Tags("good.Everything")
        .add("anInt", "anInt", payload.anInt())
        .add("id", "id", payload.id())
        .add("color", "colour", payload.color())
        .toList();
  }

  private static void writeEverything(Everything value, MessageWriter out) {
    out.enterRecord(22);
    out.writeField(EVERYTHING_NAMES, 0);
    out.writeBoolean(value.aBoolean());
    out.writeField(EVERYTHING_NAMES, 1);
    out.writeLong(value.aByte());
    out.writeField(EVERYTHING_NAMES, 2);
    out.writeLong(value.aShort());
    out.writeField(EVERYTHING_NAMES, 3);
    out.writeLong(value.anInt());
    out.writeField(EVERYTHING_NAMES, 4);
    out.writeLong(value.aLong());
    out.writeField(EVERYTHING_NAMES, 5);
    out.writeLong(value.aChar());
    out.writeField(EVERYTHING_NAMES, 6);
    out.writeFloat(value.aFloat());
    out.writeField(EVERYTHING_NAMES, 7);
    out.writeDouble(value.aDouble());
    out.writeField(EVERYTHING_NAMES, 8);
    out.writeLong(out.present(value.aBox()));
    out.writeField(EVERYTHING_NAMES, 9);
    out.writeString(out.present(value.text()));
    out.writeField(EVERYTHING_NAMES, 10);
    out.writeBinary(out.present(value.bytes()));
    out.writeField(EVERYTHING_NAMES, 11);
    out.writeUuid(out.present(value.id()));
    out.writeField(EVERYTHING_NAMES, 12);
    out.writeTimestamp(out.present(value.at()));
    out.writeField(EVERYTHING_NAMES, 13);
    out.writeDuration(out.present(value.duration()));
    out.writeField(EVERYTHING_NAMES, 14);
    out.writeLocalDate(out.present(value.date()));
    out.writeField(EVERYTHING_NAMES, 15);
    out.writeBigDecimal(out.present(value.decimal()));
    out.writeField(EVERYTHING_NAMES, 16);
    out.writeBigInteger(out.present(value.integer()));
    out.writeField(EVERYTHING_NAMES, 17);
    out.writeString(out.present(value.color()).name());
    out.writeField(EVERYTHING_NAMES, 18);
    writeListOfOptionalOfLong(out.present(value.list()), out);
    out.writeField(EVERYTHING_NAMES, 19);
    writeSetOfMapOfEverything(out.present(value.set()), out);
    out.writeField(EVERYTHING_NAMES, 20);
    writeMapOfListOfBytes(out.present(value.map()), out);
    out.writeField(EVERYTHING_NAMES, 21);
    writeOptionalOfColor(out.present(value.optional()), out);
    out.leaveRecord();
  }

  private static Everything readEverything(MessageReader in) {
    boolean aBoolean = false;
    byte aByte = 0;
    short aShort = 0;
    int anInt = 0;
    long aLong = 0;
    char aChar = 0;
    float aFloat = 0;
    double aDouble = 0;
    int aBox = 0;
    String text = null;
    byte[] bytes = null;
    UUID id = null;
    Instant at = null;
    Duration duration = null;
    LocalDate date = null;
    BigDecimal decimal = null;
    BigInteger integer = null;
    Color color = null;
    List<Optional<Long>> list = null;
    Set<Map<String, Everything>> set = null;
    Map<String, List<byte[]>> map = null;
    Optional<Color> optional = null;
    long seen = 0;
    int field = -1;
    for (int left = in.enterRecord(); left > 0; left--) {
      field = in.readField(EVERYTHING_NAMES, field + 1, seen);
      switch (field) {
        case 0 -> aBoolean = in.readBoolean();
        case 1 -> aByte = in.readByte();
        case 2 -> aShort = in.readShort();
        case 3 -> anInt = in.readInt();
        case 4 -> aLong = in.readLong();
        case 5 -> aChar = in.readChar();
        case 6 -> aFloat = in.readFloat();
        case 7 -> aDouble = in.readDouble();
        case 8 -> aBox = in.readInt();
        case 9 -> text = in.readString();
        case 10 -> bytes = in.readBinary();
        case 11 -> id = in.readUuid();
        case 12 -> at = in.readTimestamp();
        case 13 -> duration = in.readDuration();
        case 14 -> date = in.readLocalDate();
        case 15 -> decimal = in.readBigDecimal();
        case 16 -> integer = in.readBigInteger();
        case 17 -> color = readColor(in);
        case 18 -> list = readListOfOptionalOfLong(in);
        case 19 -> set = readSetOfMapOfEverything(in);
        case 20 -> map = readMapOfListOfBytes(in);
        case 21 -> optional = readOptionalOfColor(in);
        default -> in.skip();
      }
      seen |= 1L << field; // an unknown field is -1 and sets bit 63, which stands for no component
    }
    if ((seen & 0x3FFFFFL) != 0x3FFFFFL) {
      if ((seen & 0x1L) == 0) {
        aBoolean = true;
      }
      if ((seen & 0x2L) == 0) {
        aByte = (byte) -1;
      }
      if ((seen & 0x4L) == 0) {
        aShort = (short) -2;
      }
      if ((seen & 0x8L) == 0) {
        anInt = -3;
      }
      if ((seen & 0x10L) == 0) {
        aLong = -4L;
      }
      if ((seen & 0x20L) == 0) {
        aChar = (char) 0x005C;
      }
      if ((seen & 0x40L) == 0) {
        aFloat = Float.intBitsToFloat(0x3F000000) /* 0.5 */;
      }
      if ((seen & 0x80L) == 0) {
        aDouble = Double.longBitsToDouble(0x7FF8000000000000L) /* NaN */;
      }
      if ((seen & 0x100L) == 0) {
        aBox = 5;
      }
      if ((seen & 0x200L) == 0) {
        text = "\"quoted\"";
      }
      if ((seen & 0x400L) == 0) {
        bytes = new byte[0];
      }
      if ((seen & 0x800L) == 0) {
        id = new UUID(0x0000000000000001L, 0x0000000000000002L);
      }
      if ((seen & 0x1000L) == 0) {
        at = Instant.ofEpochSecond(1709208000L, 500000000);
      }
      if ((seen & 0x2000L) == 0) {
        duration = Duration.ofSeconds(1L, 500000000);
      }
      if ((seen & 0x4000L) == 0) {
        date = LocalDate.of(2024, 2, 29);
      }
      if ((seen & 0x8000L) == 0) {
        decimal = new BigDecimal("1.50");
      }
      if ((seen & 0x10000L) == 0) {
        integer = new BigInteger("7");
      }
      if ((seen & 0x20000L) == 0) {
        color = Color.RED;
      }
      if ((seen & 0x40000L) == 0) {
        list = List.of();
      }
      if ((seen & 0x80000L) == 0) {
        set = Set.of();
      }
      if ((seen & 0x100000L) == 0) {
        map = Map.of();
      }
      if ((seen & 0x200000L) == 0) {
        optional = Optional.empty();
      }
    }
    in.leaveRecord();
    try {
      return new Everything(aBoolean, aByte, aShort, anInt, aLong, aChar, aFloat, aDouble, aBox, text, bytes, id, at, duration, date, decimal, integer, color, list, set, map, optional);
    } catch (RuntimeException refusal) {
      throw in.refused(refusal);
    }
  }

  private static Color readColor(MessageReader in) {
    return switch (in.readName(COLOR_NAMES)) {
      case 0 -> Color.RED;
      case 1 -> Color.GREEN;
      case 2 -> Color.BLUE;
      default -> throw in.malformed("expected one of " + COLOR_NAMES);
    };
  }

  private static void writeListOfOptionalOfLong(List<Optional<Long>> value, MessageWriter out) {
    out.writeArrayHeader(value.size());
    for (Optional<Long> element : value) {
      writeOptionalOfLong(out.present(element), out);
    }
  }

  private static List<Optional<Long>> readListOfOptionalOfLong(MessageReader in) {
    int count = in.readArrayHeader();
    List<Optional<Long>> elements = new ArrayList<>(MessageReader.capacity(count));
    for (int i = 0; i < count; i++) {
      elements.add(readOptionalOfLong(in));
    }
    return List.copyOf(elements);
  }

  private static void writeOptionalOfLong(Optional<Long> value, MessageWriter out) {
    if (value.isEmpty()) {
      out.writeNil();
    } else {
      out.writeLong(out.present(value.get()));
    }
  }

  private static Optional<Long> readOptionalOfLong(MessageReader in) {
    return in.readNil() ? Optional.empty() : Optional.of(in.readLong());
  }

  private static void writeSetOfMapOfEverything(Set<Map<String, Everything>> value, MessageWriter out) {
    out.writeArrayHeader(value.size());
    for (Map<String, Everything> element : value) {
      writeMapOfEverything(out.present(element), out);
    }
  }

  private static Set<Map<String, Everything>> readSetOfMapOfEverything(MessageReader in) {
    int count = in.readArrayHeader();
    Set<Map<String, Everything>> elements = LinkedHashSet.newLinkedHashSet(MessageReader.capacity(count));
    for (int i = 0; i < count; i++) {
      if (!elements.add(readMapOfEverything(in))) {
        throw in.malformed("the set holds an element twice");
      }
    }
    return Collections.unmodifiableSet(elements);
  }

  private static void writeMapOfEverything(Map<String, Everything> value, MessageWriter out) {
    out.writeMapHeader(value.size());
    for (Map.Entry<String, Everything> entry : value.entrySet()) {
      out.writeString(out.present(entry.getKey()));
      writeEverything(out.present(entry.getValue()), out);
    }
  }

  private static Map<String, Everything> readMapOfEverything(MessageReader in) {
    int count = in.readMapHeader();
    Map<String, Everything> entries = LinkedHashMap.newLinkedHashMap(MessageReader.capacity(count));
    for (int i = 0; i < count; i++) {
      if (entries.put(in.readString(), readEverything(in)) != null) {
        throw in.malformed("the map holds a key twice");
      }
    }
    return Collections.unmodifiableMap(entries);
  }

  private static void writeMapOfListOfBytes(Map<String, List<byte[]>> value, MessageWriter out) {
    out.writeMapHeader(value.size());
    for (Map.Entry<String, List<byte[]>> entry : value.entrySet()) {
      out.writeString(out.present(entry.getKey()));
      writeListOfBytes(out.present(entry.getValue()), out);
    }
  }

  private static Map<String, List<byte[]>> readMapOfListOfBytes(MessageReader in) {
    int count = in.readMapHeader();
    Map<String, List<byte[]>> entries = LinkedHashMap.newLinkedHashMap(MessageReader.capacity(count));
    for (int i = 0; i < count; i++) {
      if (entries.put(in.readString(), readListOfBytes(in)) != null) {
        throw in.malformed("the map holds a key twice");
      }
    }
    return Collections.unmodifiableMap(entries);
  }

  private static void writeListOfBytes(List<byte[]> value, MessageWriter out) {
    out.writeArrayHeader(value.size());
    for (byte[] element : value) {
      out.writeBinary(out.present(element));
    }
  }

  private static List<byte[]> readListOfBytes(MessageReader in) {
    int count = in.readArrayHeader();
    List<byte[]> elements = new ArrayList<>(MessageReader.capacity(count));
    for (int i = 0; i < count; i++) {
      elements.add(in.readBinary());
    }
    return List.copyOf(elements);
  }

  private static void writeOptionalOfColor(Optional<Color> value, MessageWriter out) {
    if (value.isEmpty()) {
      out.writeNil();
    } else {
      out.writeString(out.present(value.get()).name());
    }
  }

  private static Optional<Color> readOptionalOfColor(MessageReader in) {
    return in.readNil() ? Optional.empty() : Optional.of(readColor(in));
  }
}
