package io.batpak;

import io.batpak.StoreModel.Ask;
import io.batpak.evidence.OpenReport;
import java.util.List;
import java.util.Set;

/// Notes what a process of a walk meets.
final class Sightings {

  private final Set<Sight> sights;
  private final LogModel log;
  private final long sealedEnd;
  private final int openedEnd;

  /// Begins with the opening of a store whose model has recovered.
  Sightings(Set<Sight> sights, LogModel log, OpenReport report) {
    this.sights = sights;
    this.log = log;
    this.sealedEnd = report.events() - report.scannedEvents();
    this.openedEnd = log.end();
  }

  /// Notes what an ask has come to.
  void note(Ask ask) {
    switch (ask.expected) {
      case Prediction.Fresh _ -> noteFresh(ask);
      case Prediction.Again(List<Integer> sequences) -> noteAgain(sequences);
      case Prediction.Refused(Refusal refusal) -> noteRefused(refusal);
      case Prediction.FenceStands _ ->
          see(ask.ticket == null ? Sight.FENCE_ACTIVE : Sight.TICKET_MET_FENCE, true);
      case Prediction.FenceOver _ -> see(Sight.FENCE_ENDED, true);
      case null -> throw new AssertionError(ask);
    }
  }

  private void noteFresh(Ask ask) {
    for (Request.Item item : ask.request.items()) {
      see(Sight.CONDITIONS_HELD, !(item.condition() instanceof Expected.Any));
      see(Sight.CAUSED_WITHIN_BATCH, item.wanted().cause() >= 0);
      see(Sight.STATE_LEFT, item.condition() instanceof Transition<?, ?>);
      see(
          Sight.READ_UNCHANGED,
          item.condition() instanceof Condition.NoneMatches none && none.from() > 0);
      item.wanted().key().ifPresent(key -> see(Sight.KEY_OF_HIDDEN_TAKEN, log.hasHidden(key)));
    }
  }

  private void noteAgain(List<Integer> sequences) {
    see(Sight.KEY_REPEATED, true);
    see(Sight.BATCH_REPEATED, sequences.size() > 1);
    see(Sight.KEY_REPEATED_AFTER_RESTART, sequences.getFirst() < openedEnd);
    see(Sight.KEY_REPEATED_FROM_SEALED, sequences.getFirst() < sealedEnd);
  }

  private void noteRefused(Refusal refusal) {
    see(Sight.CONFLICT_OF_WHOLE_BATCH, refusal.item() < 0);
    switch (refusal) {
      case KeyReused _ -> see(Sight.KEY_REUSED, true);
      case Conflict.Revision revision -> {
        see(Sight.REVISION_CONFLICT, revision.item() >= 0);
        see(Sight.OTHER_REVISION_CONFLICT, revision.item() < 0);
        see(
            Sight.REVISION_CONFLICT_WITHIN_BATCH,
            revision.event().isEmpty() && revision.actual() instanceof Expected.Exactly);
      }
      case Conflict.Match _ -> see(Sight.MATCH_CONFLICT, true);
      case Conflict.State state -> {
        see(Sight.STATE_CONFLICT, true);
        see(
            Sight.STATE_CONFLICT_WITHIN_BATCH,
            state.event().isEmpty() && state.actual().isPresent());
      }
    }
  }

  /// Notes a sight if it was seen.
  void see(Sight sight, boolean seen) {
    if (seen) {
      sights.add(sight);
    }
  }
}
