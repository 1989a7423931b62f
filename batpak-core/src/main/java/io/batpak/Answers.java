package io.batpak;

import io.batpak.config.AckLevel;
import io.batpak.engine.commit.Check;
import io.batpak.engine.commit.Outcome;
import io.batpak.event.EventId;
import io.batpak.event.EventKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// From what the engine says to what the caller is told.
final class Answers {

  private Answers() {}

  /// {@return the answer to one event}
  static Appended of(NewEvent event, Outcome outcome, AckLevel level) {
    return switch (outcome) {
      case Outcome.Committed committed ->
          new Receipt(committed.events().getFirst(), event.coordinate(), level);
      default -> refusal(List.of(event), BatchOptions.none(), outcome);
    };
  }

  /// {@return the answer to a batch}
  static BatchAppended of(
      List<NewEvent> events, BatchOptions options, Outcome outcome, AckLevel level) {
    return switch (outcome) {
      case Outcome.Committed committed -> receipts(events, committed, level);
      default -> refusal(events, options, outcome);
    };
  }

  private static BatchAppended.Receipts receipts(
      List<NewEvent> events, Outcome.Committed committed, AckLevel level) {
    var receipts = new ArrayList<Receipt>(events.size());
    for (int i = 0; i < events.size(); i++) {
      receipts.add(new Receipt(committed.events().get(i), events.get(i).coordinate(), level));
    }
    return new BatchAppended.Receipts(receipts);
  }

  private static Refusal refusal(List<NewEvent> events, BatchOptions options, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Conflicting conflict -> conflict(events, conflict);
      case Outcome.KeyReused reused ->
          new KeyReused(
              reused.item(),
              events
                  .get(reused.item())
                  .options()
                  .key()
                  .or(options::key)
                  .orElseThrow(() -> new AssertionError(reused)),
              reused.sequence(),
              new EventId(reused.idHigh(), reused.idLow()));
      case Outcome.Committed _, Outcome.Deferred _ -> throw new AssertionError(outcome);
    };
  }

  private static Conflict conflict(List<NewEvent> events, Outcome.Conflicting conflict) {
    Optional<EventId> event =
        conflict.sequence() < 0
            ? Optional.empty()
            : Optional.of(new EventId(conflict.idHigh(), conflict.idLow()));
    return switch (conflict.check()) {
      case Check.Revision revision ->
          new Conflict.Revision(
              revision.item(),
              revision.entity(),
              expected(revision.expectedClock()),
              expected(conflict.actual()),
              event);
      case Check.At at ->
          new Conflict.Revision(
              at.item(),
              at.entity(),
              Expected.at(at.position()),
              conflict.sequence() < 0
                  ? expected(conflict.actual())
                  : Expected.at(conflict.sequence()),
              event);
      case Check.NoneMatches none ->
          new Conflict.Match(
              none.item(), none.query().query(), none.from(), conflict.sequence(), event);
      case Check.InState state ->
          new Conflict.State(
              state.item(),
              state.entity(),
              transitions(events.get(state.item()).condition()).get(state.which()),
              conflict.actual() == Check.InState.NO_STATE
                  ? Optional.empty()
                  : Optional.of(EventKind.ofBits((int) conflict.actual())),
              event);
    };
  }

  private static Expected expected(long clock) {
    return clock == Check.Revision.NO_STREAM ? Expected.noStream() : Expected.exactly(clock);
  }

  /// {@return the transitions of a condition, in the order of their checks}
  private static List<Transition<?, ?>> transitions(Condition condition) {
    return switch (condition) {
      case Transition<?, ?> transition -> List.of(transition);
      case Condition.All all -> {
        var found = new ArrayList<Transition<?, ?>>();
        all.conditions().forEach(one -> found.addAll(transitions(one)));
        yield found;
      }
      case Expected _, Condition.Revision _, Condition.NoneMatches _ -> List.of();
    };
  }
}
