package io.batpak.processor.write;

import io.batpak.processor.model.TypeModel.SealedModel;
import io.batpak.processor.model.TypeName;

/// Renders the two methods of a sealed interface.
final class SealedSource {

  private SealedSource() {}

  static String render(SealedModel model, Vocabulary names) {
    return write(model, names) + read(model, names);
  }

  private static String write(SealedModel model, Vocabulary names) {
    String table = names.constant(model.name());
    var cases = new StringBuilder();
    for (int i = 0; i < model.alternatives().size(); i++) {
      TypeName alternative = model.alternatives().get(i);
      cases.append(
          """
                case %s alternative -> {
                  out.writeName(%s, %d);
                  write%s(alternative, out);
                }
          """
              .formatted(names.javaType(alternative), table, i, names.word(alternative)));
    }
    return """
      private static void write%s(%s value, MessageWriter out) {
        out.writeMapHeader(1);
        switch (value) {
    %s    }
      }

    """
        .formatted(names.word(model.name()), names.javaType(model.name()), cases);
  }

  private static String read(SealedModel model, Vocabulary names) {
    var cases = new StringBuilder();
    for (int i = 0; i < model.alternatives().size(); i++) {
      cases.append(
          "      case %d -> read%s(in);\n".formatted(i, names.word(model.alternatives().get(i))));
    }
    return """
      private static %s read%s(MessageReader in) {
        int count = in.readMapHeader();
        if (count != 1) {
          throw in.malformed("expected a map of one alternative, found one of " + count);
        }
        return switch (in.readName(%3$s)) {
    %4$s      default -> throw in.malformed("expected one of " + %3$s);
        };
      }

    """
        .formatted(
            names.javaType(model.name()),
            names.word(model.name()),
            names.constant(model.name()),
            cases);
  }
}
