package io.batpak;

/// What an append expects of its event's own entity.
public sealed interface Expected extends Condition {

  /// Nothing.
  record Any() implements Expected {}

  /// The entity has no event yet, or none that is not hidden by a cancelled fence.
  record NoStream() implements Expected {}

  /// The entity's last event has this clock.
  ///
  /// @param clock 0 and up
  record Exactly(long clock) implements Expected {

    /// Checks the range.
    public Exactly {
      if (clock < 0) {
        throw new IllegalArgumentException("clock " + clock + " is negative");
      }
    }
  }

  /// {@return no expectation}
  static Expected any() {
    return new Any();
  }

  /// {@return the expectation that the entity has no event yet}
  static Expected noStream() {
    return new NoStream();
  }

  /// {@return the expectation that the entity's last event has a clock}
  ///
  /// @param clock 0 and up
  static Expected exactly(long clock) {
    return new Exactly(clock);
  }
}
