package io.batpak.processor.check;

import javax.annotation.processing.Messager;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.tools.Diagnostic.Kind;

/// Where problems go: to the compiler, at the source element.
public final class Problems {

  private final Messager messager;
  private int count;

  /// Starts without problems.
  ///
  /// @param messager the compiler's
  public Problems(Messager messager) {
    this.messager = messager;
  }

  /// {@return how many there were so far}
  public int count() {
    return count;
  }

  /// Reports a problem.
  ///
  /// @param problem what is wrong
  /// @param element where
  /// @param values what the message speaks of
  public void report(Problem problem, Element element, Object... values) {
    count++;
    messager.printError(problem.message(values), element);
  }

  /// Reports a problem at a value of an annotation.
  ///
  /// @param problem what is wrong
  /// @param element where
  /// @param annotation the annotation on it
  /// @param value the value in that
  /// @param values what the message speaks of
  public void reportAt(
      Problem problem,
      Element element,
      AnnotationMirror annotation,
      AnnotationValue value,
      Object... values) {
    count++;
    messager.printMessage(Kind.ERROR, problem.message(values), element, annotation, value);
  }
}
