package io.batpak.benches;

/// One subject in one shape: what a trial runs.
///
/// @param shape the shape
/// @param entrant the subject
record Pairing(Shape shape, Entrant entrant) {

  /// {@return whether a verdict rests on it: a target reads it, or it is the floor in a shape that
  /// a target reads}
  boolean judged() {
    return reads(entrant.name())
        || entrant.name().equals(Entrants.FLOOR.name()) && reads(Entrants.STORE.name());
  }

  private boolean reads(String subject) {
    return Target.ALL.stream().anyMatch(target -> target.figure().reads(shape, subject));
  }

  /// {@return shape and subject, for progress}
  String label() {
    return "%-14s %-16s".formatted(shape.label(), entrant.name());
  }
}
