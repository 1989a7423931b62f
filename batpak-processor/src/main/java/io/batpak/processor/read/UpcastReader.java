package io.batpak.processor.read;

import io.batpak.annotations.EventPayload;
import io.batpak.annotations.Upcast;
import io.batpak.processor.check.Problem;
import io.batpak.processor.check.Problems;
import io.batpak.processor.model.PayloadKey;
import io.batpak.processor.model.TypeName;
import io.batpak.processor.model.Upcaster;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/// Reads the `@Upcast` method of a payload.
final class UpcastReader {

  private final Elements elements;
  private final Types types;
  private final Problems problems;

  UpcastReader(Elements elements, Types types, Problems problems) {
    this.elements = elements;
    this.types = types;
    this.problems = problems;
  }

  Optional<Upcaster> read(
      TypeElement payload, PayloadKey key, Function<TypeElement, TypeName> names) {
    List<ExecutableElement> methods =
        ElementFilter.methodsIn(payload.getEnclosedElements()).stream()
            .filter(method -> Annotated.find(method, Upcast.class, elements).isPresent())
            .toList();
    if (key.version() <= 1) {
      methods.forEach(method ->
          problems.report(Problem.UPCAST_UNEXPECTED, method, "version 1 has no version before it"));
      return Optional.empty();
    }
    if (methods.isEmpty()) {
      problems.report(Problem.UPCAST_MISSING, payload, key.version(), key.version() - 1);
      return Optional.empty();
    }
    methods.stream()
        .skip(1)
        .forEach(method ->
            problems.report(Problem.UPCAST_UNEXPECTED, method, "one @Upcast method is enough"));
    return read(payload, methods.getFirst(), key, names);
  }

  private Optional<Upcaster> read(
      TypeElement payload,
      ExecutableElement method,
      PayloadKey key,
      Function<TypeElement, TypeName> names) {
    Set<Modifier> modifiers = method.getModifiers();
    boolean callable =
        modifiers.contains(Modifier.STATIC)
            && !modifiers.contains(Modifier.PRIVATE)
            && method.getTypeParameters().isEmpty()
            && method.getThrownTypes().isEmpty()
            && method.getParameters().size() == 1
            && types.isSameType(method.getReturnType(), payload.asType());
    if (!callable
        || !(method.getParameters().getFirst().asType() instanceof DeclaredType parameter)
        || !(parameter.asElement() instanceof TypeElement source)) {
      problems.report(
          Problem.UPCAST_MISTYPED,
          method,
          "static %1$s of(%1$sV%2$d before)".formatted(payload.getSimpleName(), key.version() - 1));
      return Optional.empty();
    }
    Optional<PayloadKey> before =
        Annotated.find(source, EventPayload.class, elements).map(PayloadReader::keyOf);
    if (!before.equals(
        Optional.of(new PayloadKey(key.category(), key.type(), key.version() - 1)))) {
      problems.report(
          Problem.UPCAST_GAP,
          method,
          source.getSimpleName() + before.map(it -> " of kind " + it).orElse(", no payload"),
          key.kind(),
          key.version() - 1);
      return Optional.empty();
    }
    return Optional.of(new Upcaster(names.apply(source), method.getSimpleName().toString()));
  }
}
