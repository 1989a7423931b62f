package io.batpak.payload;

import io.batpak.failure.MalformedPayload;
import java.util.Arrays;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Where in a payload a reader or a writer stands: the payload's name and one field name per record
/// entered.
///
/// Keeping it costs one store per field; joining it is left to the failure.
final class FieldPath {

  private static final String[] NONE = {};

  /// The fields of the records around the current one, outermost first; most payloads have none.
  private String[] outer = NONE;

  private String payload = "value";
  private String current = "";
  private int depth;

  FieldPath() {}

  void start(String payload) {
    this.payload = payload;
    restart();
  }

  void restart() {
    depth = 0;
    current = "";
  }

  void at(String name) {
    current = name;
  }

  void enter() {
    if (depth == MessageReader.DEPTH_MAX) {
      throw malformed("nested deeper than " + MessageReader.DEPTH_MAX + " records", null);
    }
    if (depth == outer.length) {
      outer = Arrays.copyOf(outer, depth * 2 + 2);
    }
    outer[depth++] = current;
    current = "";
  }

  void leave() {
    current = outer[--depth];
  }

  MalformedPayload malformed(String reason, @Nullable Throwable cause) {
    var field = new StringJoiner(".");
    for (int i = 0; i < depth; i++) {
      if (!outer[i].isEmpty()) {
        field.add(outer[i]);
      }
    }
    if (!current.isEmpty()) {
      field.add(current);
    }
    return new MalformedPayload(payload, field.toString(), reason, cause);
  }
}
