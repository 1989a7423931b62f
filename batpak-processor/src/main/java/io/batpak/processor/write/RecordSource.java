package io.batpak.processor.write;

import io.batpak.processor.model.ComponentModel;
import io.batpak.processor.model.TypeModel.RecordModel;
import io.batpak.processor.model.ValueModel.OptionalValue;
import io.batpak.processor.model.ValueModel.Scalar;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Renders the two methods of a record.
final class RecordSource {

  /// The local variables of the reading method, which components must not take.
  private static final Set<String> LOCALS = Set.of("in", "seen", "field", "left", "refusal");

  private final List<ComponentModel> components;
  private final Vocabulary names;
  private final String type;
  private final String word;
  private final String table;

  private RecordSource(RecordModel model, Vocabulary names) {
    this.components = model.components();
    this.names = names;
    this.type = names.javaType(model.name());
    this.word = names.word(model.name());
    this.table = names.constant(model.name());
  }

  static String render(RecordModel model, Vocabulary names) {
    var source = new RecordSource(model, names);
    return source.write() + source.read();
  }

  private String write() {
    var fields = new StringBuilder();
    for (int i = 0; i < components.size(); i++) {
      ComponentModel component = components.get(i);
      String written =
          ValueSource.write(component.value(), "value." + component.name() + "()", names);
      fields.append("    out.writeField(%s, %d);\n    %s\n".formatted(table, i, written));
    }
    return """
      private static void write%s(%s value, MessageWriter out) {
        out.enterRecord(%d);
    %s    out.leaveRecord();
      }

    """
        .formatted(word, type, components.size(), fields);
  }

  private String read() {
    return """
      private static %1$s read%2$s(MessageReader in) {
    %3$s    long seen = 0;
        int field = -1;
        for (int left = in.enterRecord(); left > 0; left--) {
          field = in.readField(%4$s, field + 1, seen);
          switch (field) {
    %5$s        default -> in.skip();
          }
          seen |= 1L << field; // an unknown field is -1 and sets bit 63, which stands for no component
        }
    %6$s    in.leaveRecord();
        try {
          return new %1$s(%7$s);
        } catch (RuntimeException refusal) {
          throw in.refused(refusal);
        }
      }

    """
        .formatted(type, word, locals(), table, cases(), missing(), arguments());
  }

  private String locals() {
    return components.stream()
        .map(component ->
            "    %s %s = %s;\n"
                .formatted(names.javaType(component.value()), local(component), initial(component)))
        .collect(Collectors.joining());
  }

  private static String initial(ComponentModel component) {
    if (component.value() instanceof Scalar(var type, _) && type.primitive()) {
      return switch (type) {
        case BOOLEAN -> "false";
        default -> "0";
      };
    }
    return "null";
  }

  private String cases() {
    var cases = new StringBuilder();
    for (int i = 0; i < components.size(); i++) {
      ComponentModel component = components.get(i);
      cases.append(
          "        case %d -> %s = %s;\n"
              .formatted(i, local(component), ValueSource.read(component.value(), names)));
    }
    return cases.toString();
  }

  private String missing() {
    if (components.isEmpty()) {
      return "";
    }
    var checks = new StringBuilder();
    for (int i = 0; i < components.size(); i++) {
      checks.append(
          """
                if ((seen & 0x%XL) == 0) {
                  %s;
                }
          """
              .formatted(1L << i, substitute(components.get(i))));
    }
    String all = "0x%XL".formatted((1L << components.size()) - 1);
    return """
        if ((seen & %1$s) != %1$s) {
    %2$s    }
    """
        .formatted(all, checks);
  }

  private String substitute(ComponentModel component) {
    if (component.fallback().isPresent()) {
      Object value = component.fallback().orElseThrow().value();
      return local(component) + " = " + FallbackSource.expression(component.value(), value, names);
    }
    if (component.value() instanceof OptionalValue) {
      return local(component) + " = Optional.empty()";
    }
    return "throw in.missing(\"" + component.name() + "\")";
  }

  private String arguments() {
    return components.stream().map(this::local).collect(Collectors.joining(", "));
  }

  private String local(ComponentModel component) {
    String local = component.name();
    if (LOCALS.contains(local)) {
      do {
        local += "_";
      } while (has(local));
    }
    return local;
  }

  private boolean has(String name) {
    return components.stream().anyMatch(component -> component.name().equals(name));
  }
}
