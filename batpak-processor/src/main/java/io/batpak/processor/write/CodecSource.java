package io.batpak.processor.write;

import io.batpak.processor.model.ComponentModel;
import io.batpak.processor.model.PayloadModel;
import io.batpak.processor.model.TypeModel;
import io.batpak.processor.model.TypeModel.RecordModel;
import io.batpak.processor.model.TypeModel.SealedModel;
import io.batpak.processor.model.TypeName;
import io.batpak.processor.model.ValueModel;
import io.batpak.processor.model.ValueModel.EnumValue;
import io.batpak.processor.model.ValueModel.ListValue;
import io.batpak.processor.model.ValueModel.MapValue;
import io.batpak.processor.model.ValueModel.OptionalValue;
import io.batpak.processor.model.ValueModel.Reference;
import io.batpak.processor.model.ValueModel.Scalar;
import io.batpak.processor.model.ValueModel.SetValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Renders the codec of one payload.
public final class CodecSource {

  private static final int LINE_CHARS_MAX = 100;

  private final PayloadModel payload;
  private final Vocabulary names;
  private final String type;

  /// The interface of codecs, as the source says it; a payload called `Payload` takes its simple
  /// name.
  private final String contract;

  /// The shapes that get methods of their own, by what those are called, in the order of first use.
  private final Map<String, ValueModel> shapes = new LinkedHashMap<>();

  private CodecSource(PayloadModel payload) {
    this.payload = payload;
    this.names = new Vocabulary(payload);
    this.type = names.javaType(payload.name());
    this.contract =
        payload.name().codec().nestedName().equals("PayloadCodec")
            ? "io.batpak.payload.PayloadCodec"
            : "PayloadCodec";
    for (TypeModel part : payload.types().values()) {
      if (part instanceof RecordModel(_, var components)) {
        components.forEach(component -> gather(component.value()));
      }
    }
  }

  /// {@return the source of the codec}
  ///
  /// @param payload the payload
  public static String render(PayloadModel payload) {
    return new CodecSource(payload).render();
  }

  private String render() {
    String body = body();
    String name = payload.name().packageName();
    String head = name.isEmpty() ? "" : "package " + name + ";\n\n";
    return head + imports(body) + "\n" + body;
  }

  private String imports(String body) {
    String own = payload.name().codec().nestedName();
    return Vocabulary.IMPORTS.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(own))
        .filter(entry -> mentions(body, entry.getKey()))
        .map(entry -> "import " + entry.getValue() + ";\n")
        .sorted()
        .collect(Collectors.joining());
  }

  private static boolean mentions(String body, String simpleName) {
    return Pattern.compile("(?<![\\w.])" + simpleName + "\\b").matcher(body).find();
  }

  private String body() {
    return """
    /// The codec of {@link %1$s}: kind %2$s, version %3$d.
    ///
    /// Generated from that record by batpak-processor; change the record, not this.
    @SuppressWarnings({"deprecation", "exports", "removal"})
    public final class %4$s implements %14$s<%1$s> {

      private static final EventKind KIND = new EventKind(0x%5$X, 0x%6$03X);
    %7$s
    %8$s
      /// Creates the codec; it has no state.
      public %4$s() {}

      @Override
      public Class<%1$s> type() {
        return %1$s.class;
      }

      @Override
      public EventKind kind() {
        return KIND;
      }

      @Override
      public int version() {
        return %3$d;
      }

      @Override
      public void write(%1$s payload, MessageWriter out) {
        out.payload("%9$s");
        write%10$s(out.present(payload), out);
      }

    %11$s%12$s%13$s}
    """
        .formatted(
            type,
            payload.key().kind(),
            payload.key().version(),
            payload.name().codec().nestedName(),
            payload.key().category(),
            payload.key().type(),
            older(),
            tables(),
            payload.name(),
            names.word(payload.name()),
            read(),
            tags(),
            methods(),
            contract);
  }

  private String older() {
    return payload
        .upcaster()
        .map(upcaster ->
            "  private static final %s<%s> OLDER = new %s();\n"
                .formatted(
                    contract,
                    names.javaType(upcaster.source()),
                    names.javaType(upcaster.source().codec())))
        .orElse("");
  }

  private String tables() {
    var tables = new StringBuilder();
    for (TypeModel part : payload.types().values()) {
      tables.append(
          switch (part) {
            case RecordModel(var name, var components) ->
                table(name, components.stream().map(ComponentModel::name).toList());
            case SealedModel(var name, var alternatives) ->
                table(name, alternatives.stream().map(TypeName::simpleName).toList());
          });
    }
    for (ValueModel shape : shapes.values()) {
      if (shape instanceof EnumValue(var name, var constants)) {
        tables.append(table(name, constants));
      }
    }
    return tables.toString();
  }

  private String table(TypeName name, List<String> entries) {
    String quoted = entries.stream().map(FallbackSource::quoted).collect(Collectors.joining(", "));
    String declared = "  private static final NameTable " + names.constant(name) + " =";
    String value = "NameTable.of(" + quoted + ");\n";
    boolean fits = declared.length() + value.length() < LINE_CHARS_MAX;
    return declared + (fits ? " " : "\n      ") + value;
  }

  private String read() {
    String word = names.word(payload.name());
    int version = payload.key().version();
    String lift =
        payload
            .upcaster()
            .map(upcaster ->
                """
                    if (version < %d) {
                      return %s.%s(OLDER.read(in, version));
                    }
                """
                    .formatted(version, type, upcaster.method()))
            .orElse("");
    return """
      @Override
      public %s read(MessageReader in, int version) {
    %s    in.payload("%s");
        if (version != %d) {
          throw in.malformed("version " + version + " is unknown, the newest known is %d");
        }
        return read%s(in);
      }

    """
        .formatted(type, lift, payload.name(), version, version, word);
  }

  private String tags() {
    String additions =
        payload.root().components().stream()
            .filter(component -> component.tag().isPresent())
            .map(component ->
                "        .add(\"%1$s\", %2$s, payload.%1$s())\n"
                    .formatted(
                        component.name(), FallbackSource.quoted(component.tag().orElseThrow())))
            .collect(Collectors.joining());
    if (additions.isEmpty()) {
      return "";
    }
    return """
      @Override
      public List<String> tags(%s payload) {
        return new Tags("%s")
    %s        .toList();
      }

    """
        .formatted(type, payload.name(), additions);
  }

  private String methods() {
    var methods = new StringBuilder();
    for (TypeModel part : payload.types().values()) {
      methods.append(
          switch (part) {
            case RecordModel typed -> RecordSource.render(typed, names);
            case SealedModel typed -> SealedSource.render(typed, names);
          });
    }
    for (ValueModel shape : shapes.values()) {
      methods.append(ShapeSource.render(shape, names));
    }
    return methods.toString().stripTrailing() + "\n";
  }

  private void gather(ValueModel value) {
    switch (value) {
      case Scalar _, Reference _ -> {}
      case EnumValue _ -> shapes.putIfAbsent(names.word(value), value);
      case OptionalValue(var element) -> gather(value, element);
      case ListValue(var element) -> gather(value, element);
      case SetValue(var element) -> gather(value, element);
      case MapValue(var element) -> gather(value, element);
    }
  }

  private void gather(ValueModel value, ValueModel element) {
    shapes.putIfAbsent(names.word(value), value);
    gather(element);
  }
}
