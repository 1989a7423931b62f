package io.batpak.processor.write;

import io.batpak.processor.model.ScalarType;
import io.batpak.processor.model.ValueModel;
import io.batpak.processor.model.ValueModel.EnumValue;
import io.batpak.processor.model.ValueModel.Scalar;

/// Renders the reading and the writing of one value.
final class ValueSource {

  private ValueSource() {}

  /// {@return an expression that reads a value}
  static String read(ValueModel value, Vocabulary names) {
    if (value instanceof Scalar(var type, _)) {
      String verb =
          switch (type) {
            case BYTES -> "Binary";
            case INSTANT -> "Timestamp";
            default -> names.word(value);
          };
      return "in.read" + verb + "()";
    }
    return "read" + names.word(value) + "(in)";
  }

  /// {@return a statement that writes a value, a null refused}
  static String write(ValueModel value, String expression, Vocabulary names) {
    return switch (value) {
      case Scalar(var type, boolean nullable) ->
          "out.write%s(%s);".formatted(verb(type), nullable ? present(expression) : expression);
      case EnumValue _ -> "out.writeString(" + present(expression) + ".name());";
      default -> "write%s(%s, out);".formatted(names.word(value), present(expression));
    };
  }

  private static String present(String expression) {
    return "out.present(" + expression + ")";
  }

  private static String verb(ScalarType type) {
    return switch (type) {
      case BOOLEAN -> "Boolean";
      case BYTE, SHORT, INT, LONG, CHAR -> "Long";
      case FLOAT -> "Float";
      case DOUBLE -> "Double";
      case STRING -> "String";
      case BYTES -> "Binary";
      case UUID -> "Uuid";
      case INSTANT -> "Timestamp";
      case DURATION -> "Duration";
      case LOCAL_DATE -> "LocalDate";
      case BIG_DECIMAL -> "BigDecimal";
      case BIG_INTEGER -> "BigInteger";
    };
  }
}
