package io.batpak.processor.read;

import io.batpak.annotations.Tag;
import io.batpak.processor.check.Problem;
import io.batpak.processor.check.Problems;
import io.batpak.processor.model.ValueModel;
import io.batpak.processor.model.ValueModel.EnumValue;
import io.batpak.processor.model.ValueModel.ListValue;
import io.batpak.processor.model.ValueModel.MapValue;
import io.batpak.processor.model.ValueModel.OptionalValue;
import io.batpak.processor.model.ValueModel.Reference;
import io.batpak.processor.model.ValueModel.Scalar;
import io.batpak.processor.model.ValueModel.SetValue;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.element.Element;
import javax.lang.model.util.Elements;

/// Reads `@Tag` on the components of one record.
final class TagReader {

  private final Elements elements;
  private final Problems problems;
  private final boolean payload;
  private final Map<String, String> componentsByTag = new HashMap<>();

  /// Starts a record.
  ///
  /// @param payload whether it is the payload itself; records within it give no tags
  TagReader(Elements elements, Problems problems, boolean payload) {
    this.elements = elements;
    this.problems = problems;
    this.payload = payload;
  }

  Optional<String> read(Element component, ValueModel type, Element place) {
    Optional<Annotated> found = Annotated.find(component, Tag.class, elements);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    String own = component.getSimpleName().toString();
    String given = found.get().text("value");
    String name = given.isEmpty() ? own : given;
    if (!payload || !suitable(type)) {
      problems.report(
          Problem.TAG_UNSUITABLE,
          place,
          payload
              ? "a tag is made from a String, an enum, a UUID, an integer or an Optional of these"
              : "only components of the payload itself become tags");
      return Optional.empty();
    }
    if (name.chars().anyMatch(c -> c == ':' || Character.isISOControl(c))) {
      problems.report(Problem.TAG_MALFORMED, place, name);
      return Optional.empty();
    }
    String other = componentsByTag.putIfAbsent(name, own);
    if (other != null) {
      problems.report(Problem.TAG_DUPLICATE, place, name, other);
      return Optional.empty();
    }
    return Optional.of(name);
  }

  private static boolean suitable(ValueModel type) {
    return switch (type) {
      case Scalar(var scalar, _) ->
          switch (scalar) {
            case BYTE, SHORT, INT, LONG, STRING, UUID, BIG_INTEGER -> true;
            case BOOLEAN, CHAR, FLOAT, DOUBLE, BYTES, INSTANT, DURATION, LOCAL_DATE, BIG_DECIMAL ->
                false;
          };
      case EnumValue _ -> true;
      case OptionalValue(var element) -> suitable(element);
      case ListValue _, SetValue _, MapValue _, Reference _ -> false;
    };
  }
}
