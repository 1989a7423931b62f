package io.batpak;

import io.batpak.event.EventLimits;
import io.batpak.event.Names;
import io.batpak.query.Query;
import io.batpak.query.Region;
import java.util.List;
import java.util.Objects;

/// What must be true of the log for an append to be made. It is decided within the commit, against
/// everything committed before: of two that race, one wins, and the other is told what stood
/// against it.
///
/// | condition | holds if |
/// |---|---|
/// | {@link Expected} | the event's own entity is at a revision |
/// | {@link Revision} | another entity is |
/// | {@link NoneMatches} | nothing that matters to the decision has come since it was read |
/// | {@link Transition} | the event's own entity is in a state that the transition leaves |
/// | {@link All} | all of several hold |
///
/// Within a batch, the condition of an event sees the earlier events of the batch where it speaks
/// of an entity's revision or state; a query sees only what was committed before the batch.
public sealed interface Condition
    permits Expected, Condition.Revision, Condition.NoneMatches, Condition.All, Transition {

  /// Most conditions of one event, and of a batch as a whole.
  int COUNT_MAX = 64;

  /// Most conditions of a batch and its events together: one for each event of the longest. They
  /// are decided in one holding of the writer role.
  int BATCH_COUNT_MAX = EventLimits.BATCH_COUNT_MAX;

  /// An entity is at a revision.
  ///
  /// @param entity the entity
  /// @param expected the revision
  record Revision(String entity, Expected expected) implements Condition {

    /// Checks the name.
    public Revision {
      var _ = Names.check("entity", entity, EventLimits.NAME_BYTES_MAX);
      Objects.requireNonNull(expected);
    }
  }

  /// No event from a position on matches a query.
  ///
  /// @param query which events would stand against it
  /// @param from the first sequence that counts, 0 and up
  record NoneMatches(Query query, long from) implements Condition {

    /// Checks the range.
    public NoneMatches {
      Objects.requireNonNull(query);
      if (from < 0) {
        throw new IllegalArgumentException("sequence " + from + " is negative");
      }
    }
  }

  /// All of several hold.
  ///
  /// @param conditions at most {@link #COUNT_MAX}
  record All(List<Condition> conditions) implements Condition {

    /// Copies the list.
    ///
    /// @throws io.batpak.failure.LimitExceeded if there are too many
    public All {
      conditions = List.copyOf(conditions);
      if (conditions.size() > COUNT_MAX) {
        throw new io.batpak.failure.LimitExceeded("conditions", COUNT_MAX, conditions.size());
      }
    }
  }

  /// {@return the condition that an entity is at a revision}
  ///
  /// @param entity the entity
  /// @param expected the revision
  static Condition revision(String entity, Expected expected) {
    return new Revision(entity, expected);
  }

  /// {@return the condition that no event matches, however old}
  ///
  /// @param query which events would stand against it
  static Condition noneMatches(Query query) {
    return new NoneMatches(query, 0);
  }

  /// {@return the condition that no event matches, however old}
  ///
  /// @param region which events would stand against it
  static Condition noneMatches(Region region) {
    return noneMatches(Query.of(region));
  }

  /// {@return the condition that no event from a position on matches; what a read has seen is given
  /// by {@link Results#unchanged()}}
  ///
  /// @param query which events would stand against it
  /// @param from the first sequence that counts
  static Condition noneMatches(Query query, long from) {
    return new NoneMatches(query, from);
  }

  /// {@return the condition that all of these hold}
  ///
  /// @param conditions at most {@link #COUNT_MAX}
  static Condition all(Condition... conditions) {
    return new All(List.of(conditions));
  }
}
