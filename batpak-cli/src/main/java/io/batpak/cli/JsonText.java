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
        default -> i += append(quoted, plain, i) - 1;
      }
    }
    return quoted.append('"').toString();
  }

  /// {@return a value's text, with what a terminal would not show, or obey, as in a JSON string}
  static String visible(Object value) {
    String plain = value.toString();
    var visible = new StringBuilder(plain.length());
    for (int i = 0; i < plain.length(); ) {
      i += append(visible, plain, i);
    }
    return visible.toString();
  }

  /// Appends one code point, escaped if it is a control or format character, such as those that
  /// turn the direction of text, a line separator, or half a pair.
  ///
  /// @return how many chars it took
  private static int append(StringBuilder target, String plain, int at) {
    int point = plain.codePointAt(at);
    int chars = Character.charCount(point);
    switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE -> {
        for (int i = at; i < at + chars; i++) {
          target.append(String.format("\\u%04x", (int) plain.charAt(i)));
        }
      }
      default -> target.appendCodePoint(point);
    }
    return chars;
  }
}
