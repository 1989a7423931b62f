package io.batpak.engine.commit;

import io.batpak.engine.search.PreparedQuery;
import java.util.Set;

/// Something that must be true of the log for a commit to be made. Decided in the writer role,
/// against everything committed before, so that of two racers one wins.
///
/// Events that a cancelled fence hides do not count, since nobody can see them; those of the fence
/// that is active do, since only its owner commits meanwhile.
public sealed interface Check {

  /// What {@link #item} says of a check that holds for the whole commit.
  int WHOLE = -1;

  /// {@return which event of the commit asks for it; {@link #WHOLE} for all of them}
  int item();

  /// An entity's last event has a clock. Earlier events of the same commit count.
  ///
  /// @param item which event asks
  /// @param entity the entity
  /// @param expectedClock 0 and up, or {@link #NO_STREAM}
  record Revision(int item, String entity, long expectedClock) implements Check {

    /// The entity has no event.
    public static final long NO_STREAM = -1;
  }

  /// An entity's last event stands at a position. Earlier events of the same commit count, and
  /// stand nowhere yet.
  ///
  /// @param item which event asks
  /// @param entity the entity
  /// @param position 0 and up
  record At(int item, String entity, long position) implements Check {

    /// Stands for the position of an entity without an event.
    public static final long NOWHERE = -1;
  }

  /// No event from a sequence on matches a query. Events of the same commit do not count.
  ///
  /// @param item which event asks
  /// @param query which events
  /// @param from the first sequence that counts
  record NoneMatches(int item, PreparedQuery query, long from) implements Check {}

  /// The last event of an entity that is of one of a machine's kinds is of certain ones of them.
  /// Earlier events of the same commit count.
  ///
  /// @param item which event asks
  /// @param which the how-manieth of the event's checks of this sort it is, from 0
  /// @param entity the entity
  /// @param events all of the entity's events
  /// @param machine the machine's kinds, 16 bits each
  /// @param allowed those the last one may be of; with {@link #NO_STATE} there may be none
  record InState(
      int item,
      int which,
      String entity,
      PreparedQuery events,
      Set<Integer> machine,
      Set<Integer> allowed)
      implements Check {

    /// Stands for an entity without an event of the machine's.
    public static final int NO_STATE = -1;

    /// Copies the sets.
    public InState {
      machine = Set.copyOf(machine);
      allowed = Set.copyOf(allowed);
    }
  }
}
