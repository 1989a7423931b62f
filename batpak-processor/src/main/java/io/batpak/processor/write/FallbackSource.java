package io.batpak.processor.write;

import io.batpak.processor.model.ValueModel;
import io.batpak.processor.model.ValueModel.EnumValue;
import io.batpak.processor.model.ValueModel.ListValue;
import io.batpak.processor.model.ValueModel.MapValue;
import io.batpak.processor.model.ValueModel.SetValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

/// Renders the value that a component takes when its field is missing.
final class FallbackSource {

  private FallbackSource() {}

  /// {@return a Java expression}
  static String expression(ValueModel type, Object value, Vocabulary names) {
    return switch (type) {
      case EnumValue(var name, _) -> names.javaType(name) + "." + value;
      case ListValue _ -> "List.of()";
      case SetValue _ -> "Set.of()";
      case MapValue _ -> "Map.of()";
      default -> scalar(value);
    };
  }

  private static String scalar(Object value) {
    return switch (value) {
      case Boolean b -> b.toString();
      case Byte b -> "(byte) " + b;
      case Short s -> "(short) " + s;
      case Integer i -> i.toString();
      case Long l -> l + "L";
      case Character c -> "(char) 0x%04X".formatted((int) c);
      case Float f ->
          "Float.intBitsToFloat(0x%08X)".formatted(Float.floatToRawIntBits(f)) + note(f);
      case Double d ->
          "Double.longBitsToDouble(0x%016XL)".formatted(Double.doubleToRawLongBits(d)) + note(d);
      case String s -> quoted(s);
      case byte[] _ -> "new byte[0]";
      case UUID id ->
          "new UUID(0x%016XL, 0x%016XL)"
              .formatted(id.getMostSignificantBits(), id.getLeastSignificantBits());
      case Instant instant ->
          "Instant.ofEpochSecond(%dL, %d)".formatted(instant.getEpochSecond(), instant.getNano());
      case Duration duration ->
          "Duration.ofSeconds(%dL, %d)".formatted(duration.getSeconds(), duration.getNano());
      case LocalDate date ->
          "LocalDate.of(%d, %d, %d)"
              .formatted(date.getYear(), date.getMonthValue(), date.getDayOfMonth());
      case BigDecimal number -> "new BigDecimal(\"" + number + "\")";
      case BigInteger number -> "new BigInteger(\"" + number + "\")";
      default -> throw new IllegalArgumentException("no source form for " + value.getClass());
    };
  }

  private static String note(Object value) {
    return " /* " + value + " */";
  }

  /// {@return a string literal in ASCII}
  static String quoted(String text) {
    var literal = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> literal.append("\\\"");
        case '\\' -> literal.append("\\\\");
        case '\n' -> literal.append("\\n");
        default -> {
          // below 0x100 octal, as a Unicode escape of a line end would end the line
          boolean plain = c >= 0x20 && c < 0x7F;
          literal.append(
              plain ? String.valueOf(c) : (c < 0x100 ? "\\%03o" : "\\u%04X").formatted((int) c));
        }
      }
    }
    return literal.append('"').toString();
  }
}
