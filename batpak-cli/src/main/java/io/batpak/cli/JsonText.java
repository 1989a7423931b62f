package io.batpak.cli;

/// A JSON object in the making, on one line.
final class JsonText {

  private final StringBuilder text = new StringBuilder("{");

  JsonText number(String name, long value) {
    return raw(name, Long.toString(value));
  }

  JsonText string(String name, Object value) {
    return raw(name, quoted(value));
  }

  JsonText raw(String name, String json) {
    if (text.length() > 1) {
      text.append(',');
    }
    text.append(quoted(name)).append(':').append(json);
    return this;
  }

  String end() {
    return text + "}";
  }

  /// {@return the JSON string of a value's text}
  static String quoted(Object value) {
    String plain = value.toString();
    var quoted = new StringBuilder(plain.length() + 2).append('"');
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          boolean plainly = c >= 0x20 && c != 0x7F && !Character.isSurrogate(c);
          boolean pair =
              Character.isHighSurrogate(c)
                  && i + 1 < plain.length()
                  && Character.isLowSurrogate(plain.charAt(i + 1));
          if (pair) {
            quoted.append(c).append(plain.charAt(++i));
          } else {
            quoted.append(plainly ? String.valueOf(c) : String.format("\\u%04x", (int) c));
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
