package io.batpak.engine.commit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one holding of the writer role leaves to be done when it has been given back.
final class Turn {

  private static final int FIRST_CAPACITY = 16;

  private @Nullable ArrayList<Submission> taken;
  private @Nullable Outcome own;
  private boolean syncerDue;
  private boolean upkeepDue;
  private boolean deferred;
  private boolean roomMade;
  private long recordSequence = -1;
  private @Nullable FenceTicket fenceEnded;

  /// The submissions that were taken, each with its outcome.
  List<Submission> taken() {
    return taken == null ? List.of() : taken;
  }

  @Nullable Outcome own() {
    return own;
  }

  boolean syncerDue() {
    return syncerDue;
  }

  boolean upkeepDue() {
    return upkeepDue;
  }

  /// Whether the bound on unforced frames stood against going on.
  boolean deferred() {
    return deferred;
  }

  /// Whether the queue is shorter than before, also by submissions that were called off.
  boolean roomMade() {
    return roomMade;
  }

  /// An event of the library's own that was written in this turn and is to be made durable, or -1.
  long recordSequence() {
    return recordSequence;
  }

  /// Makes room for one more that is taken, so that {@link #take} cannot fail.
  void makeRoomForOneMore() {
    if (taken == null) {
      taken = new ArrayList<>(FIRST_CAPACITY);
    }
    taken.ensureCapacity(taken.size() + 1);
  }

  void take(Submission submission) {
    if (taken != null) {
      taken.add(submission);
    }
  }

  /// The fence that was ended in this turn, if one was.
  @Nullable FenceTicket fenceEnded() {
    return fenceEnded;
  }

  void endFence(FenceTicket fence) {
    fenceEnded = fence;
  }

  void own(Outcome outcome) {
    own = outcome;
  }

  void defer() {
    deferred = true;
  }

  void roomIsMade() {
    roomMade = true;
  }

  void syncerIsDue() {
    syncerDue = true;
  }

  void upkeepIsDue() {
    upkeepDue = true;
  }

  void recorded(long sequence) {
    recordSequence = sequence;
  }
}
