package io.batpak.processor.write;

import io.batpak.processor.model.ValueModel;
import io.batpak.processor.model.ValueModel.EnumValue;
import io.batpak.processor.model.ValueModel.ListValue;
import io.batpak.processor.model.ValueModel.MapValue;
import io.batpak.processor.model.ValueModel.OptionalValue;
import io.batpak.processor.model.ValueModel.Reference;
import io.batpak.processor.model.ValueModel.Scalar;
import io.batpak.processor.model.ValueModel.SetValue;

/// Renders the methods of an enum, an optional or a collection.
final class ShapeSource {

  private ShapeSource() {}

  static String render(ValueModel shape, Vocabulary names) {
    return switch (shape) {
      case EnumValue constant -> constant(constant, names);
      case OptionalValue(var element) -> optional(shape, element, names);
      case ListValue(var element) -> list(shape, element, names);
      case SetValue(var element) -> set(shape, element, names);
      case MapValue(var element) -> map(shape, element, names);
      case Scalar _, Reference _ -> throw new IllegalArgumentException("no shape: " + shape);
    };
  }

  private static String constant(EnumValue value, Vocabulary names) {
    String type = names.javaType(value.name());
    var cases = new StringBuilder();
    for (int i = 0; i < value.constants().size(); i++) {
      cases.append("      case %d -> %s.%s;\n".formatted(i, type, value.constants().get(i)));
    }
    return """
      private static %s read%s(MessageReader in) {
        return switch (in.readName(%3$s)) {
    %4$s      default -> throw in.malformed("expected one of " + %3$s);
        };
      }

    """
        .formatted(type, names.word(value), names.constant(value.name()), cases);
  }

  private static String optional(ValueModel shape, ValueModel element, Vocabulary names) {
    return """
      private static void write%1$s(%2$s value, MessageWriter out) {
        if (value.isEmpty()) {
          out.writeNil();
        } else {
          %3$s
        }
      }

      private static %2$s read%1$s(MessageReader in) {
        return in.readNil() ? Optional.empty() : Optional.of(%4$s);
      }

    """
        .formatted(
            names.word(shape),
            names.javaType(shape),
            ValueSource.write(element, "value.get()", names),
            ValueSource.read(element, names));
  }

  private static String list(ValueModel shape, ValueModel element, Vocabulary names) {
    return """
      private static void write%1$s(%2$s value, MessageWriter out) {
        out.writeArrayHeader(value.size());
        for (%3$s element : value) {
          %4$s
        }
      }

      private static %2$s read%1$s(MessageReader in) {
        int count = in.readArrayHeader();
        List<%3$s> elements = new ArrayList<>(MessageReader.capacity(count));
        for (int i = 0; i < count; i++) {
          elements.add(%5$s);
        }
        return List.copyOf(elements);
      }

    """
        .formatted(
            names.word(shape),
            names.javaType(shape),
            names.elementType(element),
            ValueSource.write(element, "element", names),
            ValueSource.read(element, names));
  }

  private static String set(ValueModel shape, ValueModel element, Vocabulary names) {
    return """
      private static void write%1$s(%2$s value, MessageWriter out) {
        out.writeArrayHeader(value.size());
        for (%3$s element : value) {
          %4$s
        }
      }

      private static %2$s read%1$s(MessageReader in) {
        int count = in.readArrayHeader();
        Set<%3$s> elements = LinkedHashSet.newLinkedHashSet(MessageReader.capacity(count));
        for (int i = 0; i < count; i++) {
          if (!elements.add(%5$s)) {
            throw in.malformed("the set holds an element twice");
          }
        }
        return Collections.unmodifiableSet(elements);
      }

    """
        .formatted(
            names.word(shape),
            names.javaType(shape),
            names.elementType(element),
            ValueSource.write(element, "element", names),
            ValueSource.read(element, names));
  }

  private static String map(ValueModel shape, ValueModel element, Vocabulary names) {
    return """
      private static void write%1$s(%2$s value, MessageWriter out) {
        out.writeMapHeader(value.size());
        for (Map.Entry<String, %3$s> entry : value.entrySet()) {
          out.writeString(out.present(entry.getKey()));
          %4$s
        }
      }

      private static %2$s read%1$s(MessageReader in) {
        int count = in.readMapHeader();
        Map<String, %3$s> entries = LinkedHashMap.newLinkedHashMap(MessageReader.capacity(count));
        for (int i = 0; i < count; i++) {
          if (entries.put(in.readString(), %5$s) != null) {
            throw in.malformed("the map holds a key twice");
          }
        }
        return Collections.unmodifiableMap(entries);
      }

    """
        .formatted(
            names.word(shape),
            names.javaType(shape),
            names.elementType(element),
            ValueSource.write(element, "entry.getValue()", names),
            ValueSource.read(element, names));
  }
}
