package io.batpak;

import io.batpak.event.EventId;
import io.batpak.event.EventKind;
import io.batpak.query.Query;
import java.util.Optional;

/// A condition did not hold; nothing was written. It says what stood against it.
public sealed interface Conflict extends Refusal {

  /// {@return the event that stands against the condition; empty if it is the lack of one}
  Optional<EventId> event();

  /// An entity is at another revision.
  ///
  /// @param item which event of the batch, from 0; -1 for the batch as a whole
  /// @param entity the entity
  /// @param expected what was expected of it
  /// @param actual what is true of it, a clock; a position where one was expected, unless its last
  ///   event is part of the same batch and has none yet
  /// @param event its last event; empty without one, or if it is part of the same batch
  record Revision(
      int item, String entity, Expected expected, Expected actual, Optional<EventId> event)
      implements Conflict {}

  /// An event matches that must not be there.
  ///
  /// @param item which event of the batch, from 0; -1 for the batch as a whole
  /// @param query which events were not to be there
  /// @param from the first sequence that counted
  /// @param sequence where the newest event that matches stands
  /// @param event that event
  record Match(int item, Query query, long from, long sequence, Optional<EventId> event)
      implements Conflict {}

  /// An entity is in another state.
  ///
  /// @param item which event of the batch, from 0; -1 for the batch as a whole
  /// @param entity the entity
  /// @param transition the transition that cannot be made
  /// @param actual the kind of the event that brought it where it is; empty if it is in no state
  /// @param event that event; empty without one, or if it is part of the same batch
  record State(
      int item,
      String entity,
      Transition<?, ?> transition,
      Optional<EventKind> actual,
      Optional<EventId> event)
      implements Conflict {}
}
