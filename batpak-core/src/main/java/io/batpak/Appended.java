package io.batpak;

import io.batpak.event.EventId;
import java.util.Optional;

/// The answer to a conditional append: a {@link Receipt}, or a {@link Conflict}.
public sealed interface Appended permits Receipt, Appended.Conflict {

  /// {@return the receipt}
  ///
  /// @throws ConflictException if the condition did not hold
  Receipt orThrow();

  /// The condition did not hold; nothing was written.
  ///
  /// @param expected what was expected of the entity
  /// @param actual what is true of it
  /// @param event the event that stands against the condition; empty if there is none
  record Conflict(Expected expected, Expected actual, Optional<EventId> event) implements Appended {

    @Override
    public Receipt orThrow() {
      throw new ConflictException(this);
    }
  }

  /// A conflict, for those who prefer exceptions.
  final class ConflictException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Conflict conflict;

    /// Creates the exception.
    ///
    /// @param conflict the answer
    public ConflictException(Conflict conflict) {
      super("expected " + conflict.expected() + ", found " + conflict.actual());
      this.conflict = conflict;
    }

    /// {@return the answer}
    public Conflict conflict() {
      return conflict;
    }
  }
}
