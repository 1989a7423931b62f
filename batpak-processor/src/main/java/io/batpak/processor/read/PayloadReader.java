package io.batpak.processor.read;

import io.batpak.annotations.EventPayload;
import io.batpak.processor.check.Problem;
import io.batpak.processor.check.Problems;
import io.batpak.processor.model.Heights;
import io.batpak.processor.model.PayloadKey;
import io.batpak.processor.model.PayloadModel;
import io.batpak.processor.model.TypeModel;
import io.batpak.processor.model.TypeName;
import io.batpak.processor.model.Upcaster;
import java.util.Optional;
import java.util.SequencedMap;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/// Reads one annotated record.
public final class PayloadReader {

  private static final int VERSION_MAX = 0xFFFF;

  private final Elements elements;
  private final Types types;
  private final Problems problems;

  /// Creates a reader.
  ///
  /// @param elements the compiler's
  /// @param types the compiler's
  /// @param problems where problems go
  public PayloadReader(Elements elements, Types types, Problems problems) {
    this.elements = elements;
    this.types = types;
    this.problems = problems;
  }

  /// Reads one payload.
  ///
  /// @param element the annotated element
  /// @return what was read
  public Reading read(TypeElement element) {
    int problemsBefore = problems.count();
    if (element.getKind() != ElementKind.RECORD) {
      problems.report(Problem.NOT_A_RECORD, element, element.getSimpleName());
      return new Reading.Refused();
    }
    if (!element.getTypeParameters().isEmpty()) {
      problems.report(Problem.GENERIC_PAYLOAD, element, element.getSimpleName());
    }
    PayloadKey key = readKey(element);
    var reader = new TypeReader(element, elements, problems);
    if (!reader.accessible(element)) {
      problems.report(Problem.INACCESSIBLE_PAYLOAD, element, element.getSimpleName());
    }
    TypeName name = reader.nameOf(element);
    SequencedMap<TypeName, TypeModel> parts = reader.read();
    if (reader.unresolved()) {
      return new Reading.Unresolved();
    }
    if (problems.count() == problemsBefore) {
      Heights.endless(parts)
          .forEach(it -> problems.report(Problem.ENDLESS_TYPE, element, it.simpleName()));
    }
    Optional<Upcaster> upcaster =
        new UpcastReader(elements, types, problems).read(element, key, reader::nameOf);
    return problems.count() > problemsBefore
        ? new Reading.Refused()
        : new Reading.Read(new Declaration(element, new PayloadModel(name, key, parts, upcaster)));
  }

  private PayloadKey readKey(TypeElement element) {
    Annotated annotated = Annotated.find(element, EventPayload.class, elements).orElseThrow();
    PayloadKey key = keyOf(annotated);
    if (key.category() < 0 || key.category() > 0xF) {
      report(Problem.CATEGORY_OUT_OF_RANGE, annotated, "category", key.category());
    } else if (key.category() == 0x0 || key.category() == 0xD) {
      report(Problem.CATEGORY_RESERVED, annotated, "category", key.category());
    }
    if (key.type() < 0 || key.type() > 0xFFF) {
      report(Problem.TYPE_OUT_OF_RANGE, annotated, "type", key.type());
    } else if (key.type() == 0) {
      report(Problem.TYPE_RESERVED, annotated, "type");
    }
    if (key.version() < 1 || key.version() > VERSION_MAX) {
      report(Problem.VERSION_OUT_OF_RANGE, annotated, "version", key.version());
    }
    return key;
  }

  /// {@return what an annotation says}
  static PayloadKey keyOf(Annotated annotated) {
    return new PayloadKey(
        annotated.number("category"), annotated.number("type"), annotated.number("version"));
  }

  private void report(Problem problem, Annotated annotated, String value, Object... values) {
    problems.reportAt(
        problem, annotated.element(), annotated.mirror(), annotated.value(value), values);
  }
}
