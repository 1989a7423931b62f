package io.batpak.processor.read;

import io.batpak.processor.model.ScalarType;
import io.batpak.processor.model.ValueModel;
import io.batpak.processor.model.ValueModel.EnumValue;
import io.batpak.processor.model.ValueModel.ListValue;
import io.batpak.processor.model.ValueModel.MapValue;
import io.batpak.processor.model.ValueModel.OptionalValue;
import io.batpak.processor.model.ValueModel.Reference;
import io.batpak.processor.model.ValueModel.Scalar;
import io.batpak.processor.model.ValueModel.SetValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;

/// Turns the text of a default into the value that it stands for.
final class FallbackText {

  private FallbackText() {}

  /// {@return why a type can have no default, or empty}
  static Optional<String> unsuitable(ValueModel type) {
    return switch (type) {
      case OptionalValue _ ->
          Optional.of("an Optional needs no default, it is empty when its field is missing");
      case Reference _ ->
          Optional.of("a record has no default; make it Optional, or default its components");
      case Scalar _, EnumValue _, ListValue _, SetValue _, MapValue _ -> Optional.empty();
    };
  }

  /// {@return the value, or empty if the text is none of the type}
  static Optional<Object> parse(ValueModel type, String text) {
    try {
      return switch (type) {
        case Scalar(var scalar, _) -> Optional.of(scalar(scalar, text));
        case EnumValue(_, var constants) ->
            constants.contains(text) ? Optional.of(text) : Optional.empty();
        case ListValue _, SetValue _, MapValue _ ->
            text.isEmpty() ? Optional.of("") : Optional.empty();
        case OptionalValue _, Reference _ -> Optional.empty();
      };
    } catch (IllegalArgumentException | DateTimeException refusal) {
      return Optional.empty();
    }
  }

  /// {@return what the text should have been, for the message}
  static String expectation(ValueModel type) {
    return switch (type) {
      case Scalar(var scalar, _) when scalar == ScalarType.BYTES ->
          "empty, the one default of a byte[]";
      case Scalar(var scalar, _) -> "the text of the type " + scalar.javaName();
      case EnumValue(var name, var constants) ->
          "one of the constants of " + name.simpleName() + ": " + String.join(", ", constants);
      default -> "empty, the one default of a collection";
    };
  }

  private static Object scalar(ScalarType type, String text) {
    return switch (type) {
      case BOOLEAN -> bool(text);
      case BYTE -> Byte.valueOf(text);
      case SHORT -> Short.valueOf(text);
      case INT -> Integer.valueOf(text);
      case LONG -> Long.valueOf(text);
      case CHAR -> single(text);
      case FLOAT -> Float.valueOf(text);
      case DOUBLE -> Double.valueOf(text);
      case STRING -> text;
      case BYTES -> nothing(text);
      case UUID -> canonical(UUID.fromString(text), text);
      case INSTANT -> Instant.parse(text);
      case DURATION -> Duration.parse(text);
      case LOCAL_DATE -> LocalDate.parse(text);
      case BIG_DECIMAL -> new BigDecimal(text);
      case BIG_INTEGER -> new BigInteger(text);
    };
  }

  private static Boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Character single(String text) {
    if (text.length() != 1) {
      throw new IllegalArgumentException(text);
    }
    return text.charAt(0);
  }

  private static byte[] nothing(String text) {
    if (!text.isEmpty()) {
      throw new IllegalArgumentException(text);
    }
    return new byte[0];
  }

  private static UUID canonical(UUID id, String text) {
    if (!id.toString().equalsIgnoreCase(text)) {
      throw new IllegalArgumentException(text);
    }
    return id;
  }
}
