package io.batpak.benches;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// JSON as the harness needs it: writes maps, lists, strings and numbers; reads back one flat
/// object of numbers, which is what a trial prints.
final class Json {

  private static final Pattern NUMBER_MEMBER =
      Pattern.compile("\"([A-Za-z0-9]+)\":(-?[0-9]+(?:\\.[0-9]+)?)");

  private Json() {}

  static String text(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  static Map<String, Double> numbers(String object) {
    Map<String, Double> members = new LinkedHashMap<>();
    Matcher matcher = NUMBER_MEMBER.matcher(object);
    while (matcher.find()) {
      members.put(matcher.group(1), Double.valueOf(matcher.group(2)));
    }
    return members;
  }

  private static void write(@Nullable Object value, StringBuilder out) {
    switch (value) {
      case null -> out.append("null");
      case Map<?, ?> map -> writeMembers(map, out);
      case List<?> list -> writeElements(list, out);
      case Double number -> out.append(String.format(Locale.ROOT, "%.4f", number));
      case Number number -> out.append(number);
      case Boolean bool -> out.append(bool);
      default -> writeString(value.toString(), out);
    }
  }

  private static void writeMembers(Map<?, ?> map, StringBuilder out) {
    String separator = "";
    out.append('{');
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.append(separator);
      writeString(String.valueOf(entry.getKey()), out);
      out.append(':');
      write(entry.getValue(), out);
      separator = ",";
    }
    out.append('}');
  }

  private static void writeElements(List<?> list, StringBuilder out) {
    String separator = "";
    out.append('[');
    for (Object element : list) {
      out.append(separator);
      write(element, out);
      separator = ",";
    }
    out.append(']');
  }

  private static void writeString(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        default -> {
          if (c < ' ') {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
