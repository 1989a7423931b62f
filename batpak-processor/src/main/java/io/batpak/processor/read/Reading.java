package io.batpak.processor.read;

/// What came of reading an annotated element.
public sealed interface Reading {

  /// It is understood.
  ///
  /// @param declaration what it says
  record Read(Declaration declaration) implements Reading {}

  /// It has problems, which were reported.
  record Refused() implements Reading {}

  /// It names a type that is not there; another processor may write it, so it is worth another
  /// round.
  record Unresolved() implements Reading {}
}
