package io.batpak.processor.write;

import io.batpak.processor.model.PayloadModel;
import io.batpak.processor.model.TypeName;
import io.batpak.processor.model.ValueModel;
import io.batpak.processor.model.ValueModel.EnumValue;
import io.batpak.processor.model.ValueModel.ListValue;
import io.batpak.processor.model.ValueModel.MapValue;
import io.batpak.processor.model.ValueModel.OptionalValue;
import io.batpak.processor.model.ValueModel.Reference;
import io.batpak.processor.model.ValueModel.Scalar;
import io.batpak.processor.model.ValueModel.SetValue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How the types of one payload are called in its codec: as Java types, in method names, as
/// constants.
final class Vocabulary {

  /// Simple names that the generated source imports or takes from `java.lang`, by the package to
  /// import.
  static final Map<String, String> IMPORTS =
      Stream.of(
              "io.batpak.event.EventKind",
              "io.batpak.payload.MessageReader",
              "io.batpak.payload.MessageWriter",
              "io.batpak.payload.NameTable",
              "io.batpak.payload.PayloadCodec",
              "io.batpak.payload.Tags",
              "java.math.BigDecimal",
              "java.math.BigInteger",
              "java.time.Duration",
              "java.time.Instant",
              "java.time.LocalDate",
              "java.util.ArrayList",
              "java.util.Collections",
              "java.util.LinkedHashMap",
              "java.util.LinkedHashSet",
              "java.util.List",
              "java.util.Map",
              "java.util.Optional",
              "java.util.Set",
              "java.util.UUID")
          .collect(
              Collectors.toUnmodifiableMap(
                  name -> name.substring(name.lastIndexOf('.') + 1), name -> name));

  private final PayloadModel payload;
  private final Map<TypeName, String> words = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  Vocabulary(PayloadModel payload) {
    this.payload = payload;
    Stream.of(
            "Boolean",
            "Byte",
            "Short",
            "Int",
            "Long",
            "Char",
            "Float",
            "Double",
            "String",
            "Bytes",
            "Uuid",
            "Instant",
            "Duration",
            "LocalDate",
            "BigDecimal",
            "BigInteger")
        .forEach(taken::add);
    payload.types().keySet().forEach(this::word);
  }

  /// {@return the type as the source says it}
  String javaType(TypeName name) {
    boolean samePackage = name.packageName().equals(payload.name().packageName());
    boolean clear = samePackage && !IMPORTS.containsKey(name.topLevelName());
    return clear ? name.nestedName() : name.qualifiedName();
  }

  /// {@return the type of a local variable}
  String javaType(ValueModel value) {
    return value instanceof Scalar(var type, _) ? type.javaName() : argumentType(value);
  }

  private String argumentType(ValueModel value) {
    return switch (value) {
      case Scalar(var type, _) -> type.boxedName();
      case EnumValue(var name, _) -> javaType(name);
      case Reference(var name) -> javaType(name);
      case OptionalValue(var element) -> "Optional<" + argumentType(element) + ">";
      case ListValue(var element) -> "List<" + argumentType(element) + ">";
      case SetValue(var element) -> "Set<" + argumentType(element) + ">";
      case MapValue(var element) -> "Map<String, " + argumentType(element) + ">";
    };
  }

  /// {@return the type of an element}
  String elementType(ValueModel element) {
    return argumentType(element);
  }

  /// {@return what the methods for a type are called, behind `read` or `write`}
  String word(ValueModel value) {
    return switch (value) {
      case Scalar(var type, _) ->
          switch (type) {
            case BOOLEAN -> "Boolean";
            case BYTE -> "Byte";
            case SHORT -> "Short";
            case INT -> "Int";
            case LONG -> "Long";
            case CHAR -> "Char";
            case FLOAT -> "Float";
            case DOUBLE -> "Double";
            case STRING -> "String";
            case BYTES -> "Bytes";
            case UUID -> "Uuid";
            case INSTANT -> "Instant";
            case DURATION -> "Duration";
            case LOCAL_DATE -> "LocalDate";
            case BIG_DECIMAL -> "BigDecimal";
            case BIG_INTEGER -> "BigInteger";
          };
      case EnumValue(var name, _) -> word(name);
      case Reference(var name) -> word(name);
      case OptionalValue(var element) -> "OptionalOf" + word(element);
      case ListValue(var element) -> "ListOf" + word(element);
      case SetValue(var element) -> "SetOf" + word(element);
      case MapValue(var element) -> "MapOf" + word(element);
    };
  }

  /// {@return what the methods for a type are called: its simple name, made different where two
  /// share one}
  String word(TypeName name) {
    return words.computeIfAbsent(
        name,
        key -> {
          String word = key.simpleName();
          while (!taken.add(word) || word.matches("(Optional|List|Set|Map)Of.*[^_]")) {
            word += "_";
          }
          return word;
        });
  }

  /// {@return what the name table of a type is called}
  String constant(TypeName name) {
    return word(name).replaceAll("([a-z0-9])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT) + "_NAMES";
  }
}
