package good;

import io.batpak.event.EventKind;
import io.batpak.payload.MessageReader;
import io.batpak.payload.MessageWriter;
import io.batpak.payload.NameTable;
import io.batpak.payload.PayloadCodec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The codec of {@link Shapes.Drawn}: kind F:FFF, version 1.
///
/// Generated from that record by batpak-processor; change the record, not this.
@SuppressWarnings({"deprecation", "exports", "removal"})
public final class Shapes_DrawnCodec implements PayloadCodec<Shapes.Drawn> {

  private static final EventKind KIND = new EventKind(0xF, 0xFFF);

  private static final NameTable DRAWN_NAMES =
      NameTable.of("shape", "layers", "optional", "lists");
  private static final NameTable SHAPE_NAMES = NameTable.of("Circle", "Group");
  private static final NameTable CIRCLE_NAMES = NameTable.of("radius");
  private static final NameTable GROUP_NAMES = NameTable.of("parts");
  private static final NameTable OPTIONAL_NAMES = NameTable.of("there");
  private static final NameTable LIST__NAMES = NameTable.of("count");

  /// Creates the codec; it has no state.
  public Shapes_DrawnCodec() {}

  @Override
  public Class<Shapes.Drawn> type() {
    return Shapes.Drawn.class;
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
  public void write(Shapes.Drawn payload, MessageWriter out) {
    out.payload("good.Shapes.Drawn");
    writeDrawn(out.present(payload), out);
  }

  @Override
  public Shapes.Drawn read(MessageReader in, int version) {
    in.payload("good.Shapes.Drawn");
    if (version != 1) {
      throw in.malformed("version " + version + " is unknown, the newest known is 1");
    }
    return readDrawn(in);
  }

  private static void writeDrawn(Shapes.Drawn value, MessageWriter out) {
    out.enterRecord(4);
    out.writeField(DRAWN_NAMES, 0);
    writeShape(out.present(value.shape()), out);
    out.writeField(DRAWN_NAMES, 1);
    writeMapOfSetOfByte(out.present(value.layers()), out);
    out.writeField(DRAWN_NAMES, 2);
    writeOptional(out.present(value.optional()), out);
    out.writeField(DRAWN_NAMES, 3);
    writeSetOfList_(out.present(value.lists()), out);
    out.leaveRecord();
  }

  private static Shapes.Drawn readDrawn(MessageReader in) {
    Shapes.Shape shape = null;
    Map<String, Set<Byte>> layers = null;
    Shapes.Optional optional = null;
    Set<Shapes.List_> lists = null;
    long seen = 0;
    int field = -1;
    for (int left = in.enterRecord(); left > 0; left--) {
      field = in.readField(DRAWN_NAMES, field + 1, seen);
      switch (field) {
        case 0 -> shape = readShape(in);
        case 1 -> layers = readMapOfSetOfByte(in);
        case 2 -> optional = readOptional(in);
        case 3 -> lists = readSetOfList_(in);
        default -> in.skip();
      }
      seen |= 1L << field; // an unknown field is -1 and sets bit 63, which stands for no component
    }
    if ((seen & 0xFL) != 0xFL) {
      if ((seen & 0x1L) == 0) {
        throw in.missing("shape");
      }
      if ((seen & 0x2L) == 0) {
        throw in.missing("layers");
      }
      if ((seen & 0x4L) == 0) {
        throw in.missing("optional");
      }
      if ((seen & 0x8L) == 0) {
        throw in.missing("lists");
      }
    }
    in.leaveRecord();
    try {
      return new Shapes.Drawn(shape, layers, optional, lists);
    } catch (RuntimeException refusal) {
      throw in.refused(refusal);
    }
  }

  private static void writeShape(Shapes.Shape value, MessageWriter out) {
    out.writeMapHeader(1);
    switch (value) {
      case Shapes.Circle alternative -> {
        out.writeName(SHAPE_NAMES, 0);
        writeCircle(alternative, out);
      }
      case Shapes.Group alternative -> {
        out.writeName(SHAPE_NAMES, 1);
        writeGroup(alternative, out);
      }
    }
  }

  private static Shapes.Shape readShape(MessageReader in) {
    int count = in.readMapHeader();
    if (count != 1) {
      throw in.malformed("expected a map of one alternative, found one of " + count);
    }
    return switch (in.readName(SHAPE_NAMES)) {
      case 0 -> readCircle(in);
      case 1 -> readGroup(in);
      default -> throw in.malformed("expected one of " + SHAPE_NAMES);
    };
  }

  private static void writeCircle(Shapes.Circle value, MessageWriter out) {
    out.enterRecord(1);
    out.writeField(CIRCLE_NAMES, 0);
    out.writeDouble(value.radius());
    out.leaveRecord();
  }

  private static Shapes.Circle readCircle(MessageReader in) {
    double radius = 0;
    long seen = 0;
    int field = -1;
    for (int left = in.enterRecord(); left > 0; left--) {
      field = in.readField(CIRCLE_NAMES, field + 1, seen);
      switch (field) {
        case 0 -> radius = in.readDouble();
        default -> in.skip();
      }
      seen |= 1L << field; // an unknown field is -1 and sets bit 63, which stands for no component
    }
    if ((seen & 0x1L) != 0x1L) {
      if ((seen & 0x1L) == 0) {
        throw in.missing("radius");
      }
    }
    in.leaveRecord();
    try {
      return new Shapes.Circle(radius);
    } catch (RuntimeException refusal) {
      throw in.refused(refusal);
    }
  }

  private static void writeGroup(Shapes.Group value, MessageWriter out) {
    out.enterRecord(1);
    out.writeField(GROUP_NAMES, 0);
    writeListOfShape(out.present(value.parts()), out);
    out.leaveRecord();
  }

  private static Shapes.Group readGroup(MessageReader in) {
    List<Shapes.Shape> parts = null;
    long seen = 0;
    int field = -1;
    for (int left = in.enterRecord(); left > 0; left--) {
      field = in.readField(GROUP_NAMES, field + 1, seen);
      switch (field) {
        case 0 -> parts = readListOfShape(in);
        default -> in.skip();
      }
      seen |= 1L << field; // an unknown field is -1 and sets bit 63, which stands for no component
    }
    if ((seen & 0x1L) != 0x1L) {
      if ((seen & 0x1L) == 0) {
        throw in.missing("parts");
      }
    }
    in.leaveRecord();
    try {
      return new Shapes.Group(parts);
    } catch (RuntimeException refusal) {
      throw in.refused(refusal);
    }
  }

  private static void writeOptional(Shapes.Optional value, MessageWriter out) {
    out.enterRecord(1);
    out.writeField(OPTIONAL_NAMES, 0);
    out.writeBoolean(value.there());
    out.leaveRecord();
  }

  private static Shapes.Optional readOptional(MessageReader in) {
    boolean there = false;
    long seen = 0;
    int field = -1;
    for (int left = in.enterRecord(); left > 0; left--) {
      field = in.readField(OPTIONAL_NAMES, field + 1, seen);
      switch (field) {
        case 0 -> there = in.readBoolean();
        default -> in.skip();
      }
      seen |= 1L << field; // an unknown field is -1 and sets bit 63, which stands for no component
    }
    if ((seen & 0x1L) != 0x1L) {
      if ((seen & 0x1L) == 0) {
        throw in.missing("there");
      }
    }
    in.leaveRecord();
    try {
      return new Shapes.Optional(there);
    } catch (RuntimeException refusal) {
      throw in.refused(refusal);
    }
  }

  private static void writeList_(Shapes.List_ value, MessageWriter out) {
    out.enterRecord(1);
    out.writeField(LIST__NAMES, 0);
    out.writeLong(value.count());
    out.leaveRecord();
  }

  private static Shapes.List_ readList_(MessageReader in) {
    int count = 0;
    long seen = 0;
    int field = -1;
    for (int left = in.enterRecord(); left > 0; left--) {
      field = in.readField(LIST__NAMES, field + 1, seen);
      switch (field) {
        case 0 -> count = in.readInt();
        default -> in.skip();
      }
      seen |= 1L << field; // an unknown field is -1 and sets bit 63, which stands for no component
    }
    if ((seen & 0x1L) != 0x1L) {
      if ((seen & 0x1L) == 0) {
        throw in.missing("count");
      }
    }
    in.leaveRecord();
    try {
      return new Shapes.List_(count);
    } catch (RuntimeException refusal) {
      throw in.refused(refusal);
    }
  }

  private static void writeMapOfSetOfByte(Map<String, Set<Byte>> value, MessageWriter out) {
    out.writeMapHeader(value.size());
    for (Map.Entry<String, Set<Byte>> entry : value.entrySet()) {
      out.writeString(out.present(entry.getKey()));
      writeSetOfByte(out.present(entry.getValue()), out);
    }
  }

  private static Map<String, Set<Byte>> readMapOfSetOfByte(MessageReader in) {
    int count = in.readMapHeader();
    Map<String, Set<Byte>> entries = LinkedHashMap.newLinkedHashMap(MessageReader.capacity(count));
    for (int i = 0; i < count; i++) {
      if (entries.put(in.readString(), readSetOfByte(in)) != null) {
        throw in.malformed("the map holds a key twice");
      }
    }
    return Collections.unmodifiableMap(entries);
  }

  private static void writeSetOfByte(Set<Byte> value, MessageWriter out) {
    out.writeArrayHeader(value.size());
    for (Byte element : value) {
      out.writeLong(out.present(element));
    }
  }

  private static Set<Byte> readSetOfByte(MessageReader in) {
    int count = in.readArrayHeader();
    Set<Byte> elements = LinkedHashSet.newLinkedHashSet(MessageReader.capacity(count));
    for (int i = 0; i < count; i++) {
      if (!elements.add(in.readByte())) {
        throw in.malformed("the set holds an element twice");
      }
    }
    return Collections.unmodifiableSet(elements);
  }

  private static void writeSetOfList_(Set<Shapes.List_> value, MessageWriter out) {
    out.writeArrayHeader(value.size());
    for (Shapes.List_ element : value) {
      writeList_(out.present(element), out);
    }
  }

  private static Set<Shapes.List_> readSetOfList_(MessageReader in) {
    int count = in.readArrayHeader();
    Set<Shapes.List_> elements = LinkedHashSet.newLinkedHashSet(MessageReader.capacity(count));
    for (int i = 0; i < count; i++) {
      if (!elements.add(readList_(in))) {
        throw in.malformed("the set holds an element twice");
      }
    }
    return Collections.unmodifiableSet(elements);
  }

  private static void writeListOfShape(List<Shapes.Shape> value, MessageWriter out) {
    out.writeArrayHeader(value.size());
    for (Shapes.Shape element : value) {
      writeShape(out.present(element), out);
    }
  }

  private static List<Shapes.Shape> readListOfShape(MessageReader in) {
    int count = in.readArrayHeader();
    List<Shapes.Shape> elements = new ArrayList<>(MessageReader.capacity(count));
    for (int i = 0; i < count; i++) {
      elements.add(readShape(in));
    }
    return List.copyOf(elements);
  }
}
