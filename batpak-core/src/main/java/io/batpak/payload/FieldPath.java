package io.batpak.payload;

import io.batpak.failure.MalformedPayload;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Where in a payload a reader or a writer stands: the payload's name and one field name per record
/// entered.
///
/// Keeping it costs one array store per field; joining it is left to the failure.
final class FieldPath {

  private final String[] names = new String[MessageReader.DEPTH_MAX + 1];
  private String payload = "value";
  private int depth;

  FieldPath() {
    names[0] = "";
  }

  void start(String payload) {
    this.payload = payload;
    restart();
  }

  void restart() {
    depth = 0;
    names[0] = "";
  }

  void at(String name) {
    names[depth] = name;
  }

  void enter() {
    if (depth == MessageReader.DEPTH_MAX) {
      throw malformed("nested deeper than " + MessageReader.DEPTH_MAX + " records", null);
    }
    names[++depth] = "";
  }

  void leave() {
    depth--;
  }

  MalformedPayload malformed(String reason, @Nullable Throwable cause) {
    var field = new StringJoiner(".");
    for (int i = 0; i <= depth; i++) {
      if (!names[i].isEmpty()) {
        field.add(names[i]);
      }
    }
    return new MalformedPayload(payload, field.toString(), reason, cause);
  }
}
