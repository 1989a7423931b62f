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

  /// The entity's last event stands at this position. An earlier event of the same batch has none
  /// yet, so behind one of the same entity this never holds.
  ///
  /// @param position the sequence of the event, as in its receipt, 0 and up
  record At(long position) implements Expected {

    /// Checks the range.
    public At {
      if (position < 0) {
        throw new IllegalArgumentException("position " + position + " is negative");
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

  /// {@return the expectation that the entity's last event stands at a position, as its receipt has
  /// it; for a caller that keeps one number of what it has read or written}
  ///
  /// @param position the sequence of the event, 0 and up
  static Expected at(long position) {
    return new At(position);
  }
}
