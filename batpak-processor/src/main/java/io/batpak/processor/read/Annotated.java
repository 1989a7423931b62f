package io.batpak.processor.read;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/// An annotation on an element, with its values by name.
///
/// @param element where it stands
/// @param mirror the annotation itself
/// @param values explicit and default ones
record Annotated(Element element, AnnotationMirror mirror, Map<String, AnnotationValue> values) {

  /// {@return the annotation of a type on an element}
  static Optional<Annotated> find(Element element, Class<?> type, Elements elements) {
    for (AnnotationMirror mirror : element.getAnnotationMirrors()) {
      var found = (TypeElement) mirror.getAnnotationType().asElement();
      if (found.getQualifiedName().contentEquals(type.getCanonicalName())) {
        return Optional.of(new Annotated(element, mirror, valuesOf(mirror, elements)));
      }
    }
    return Optional.empty();
  }

  private static Map<String, AnnotationValue> valuesOf(AnnotationMirror mirror, Elements elements) {
    return elements.getElementValuesWithDefaults(mirror).entrySet().stream()
        .filter(entry -> entry.getKey().getKind() == ElementKind.METHOD)
        .collect(
            Collectors.toUnmodifiableMap(
                entry -> entry.getKey().getSimpleName().toString(), Map.Entry::getValue));
  }

  AnnotationValue value(String name) {
    AnnotationValue value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(mirror + " has no value " + name);
    }
    return value;
  }

  int number(String name) {
    return value(name).getValue() instanceof Integer number ? number : 0;
  }

  String text(String name) {
    return value(name).getValue() instanceof String text ? text : "";
  }
}
