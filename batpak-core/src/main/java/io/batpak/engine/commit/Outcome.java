package io.batpak.engine.commit;

import io.batpak.engine.index.EventRow;
import java.util.List;

/// What became of a commit.
public sealed interface Outcome {

  /// {@return the highest sequence that it rests on, or -1: if that is never written, neither
  /// holds}
  default long rests() {
    return switch (this) {
      case Committed committed -> committed.lastSequence();
      case Conflicting conflict -> conflict.sequence;
      case KeyReused reused -> reused.sequence;
      case Deferred _ -> -1;
    };
  }

  /// The events are written and visible, by this commit or, if it repeats the keys of an earlier
  /// one, by that.
  ///
  /// @param events one per draft, in order
  record Committed(List<EventRow> events) implements Outcome {

    long lastSequence() {
      return events.getLast().sequence();
    }
  }

  /// A check did not hold; nothing was written.
  ///
  /// @param check which
  /// @param actual the clock of the entity's last event, or {@link Check.Revision#NO_STREAM}; its
  ///   position, or {@link Check.At#NOWHERE}, or its clock if it is of the same commit; the kind of
  ///   its state, or {@link Check.InState#NO_STATE}; 0 for a query
  /// @param sequence the event that stands against it, or -1
  /// @param idHigh upper half of that event's id
  /// @param idLow lower half of that event's id
  record Conflicting(Check check, long actual, long sequence, long idHigh, long idLow)
      implements Outcome {}

  /// A key is known with other content; nothing was written.
  ///
  /// @param item which event of the commit has the key
  /// @param sequence the event that has it already
  /// @param idHigh upper half of that event's id
  /// @param idLow lower half of that event's id
  record KeyReused(int item, long sequence, long idHigh, long idLow) implements Outcome {}

  /// Nothing was decided: the bound on what is unforced stands against the commit, which is to be
  /// tried again when what has been written is durable.
  record Deferred() implements Outcome {

    static final Deferred INSTANCE = new Deferred();
  }
}
