package io.batpak.processor.read;

import io.batpak.annotations.Default;
import io.batpak.processor.check.Problem;
import io.batpak.processor.check.Problems;
import io.batpak.processor.model.Fallback;
import io.batpak.processor.model.ValueModel;
import java.util.Optional;
import javax.lang.model.element.Element;
import javax.lang.model.util.Elements;

/// Reads `@Default` on a component.
final class FallbackReader {

  private FallbackReader() {}

  static Optional<Fallback> read(
      Element component, ValueModel type, Element place, Elements elements, Problems problems) {
    Optional<Annotated> found = Annotated.find(component, Default.class, elements);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> unsuitable = FallbackText.unsuitable(type);
    if (unsuitable.isPresent()) {
      problems.report(Problem.DEFAULT_UNSUITABLE, place, unsuitable.get());
      return Optional.empty();
    }
    String text = found.get().text("value");
    Optional<Object> value = FallbackText.parse(type, text);
    if (value.isEmpty()) {
      problems.report(Problem.DEFAULT_MALFORMED, place, text, FallbackText.expectation(type));
    }
    return value.map(Fallback::new);
  }
}
