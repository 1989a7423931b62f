package io.batpak.engine.commit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One holding of the writer role: the time at which it began, and what it leaves to be done when
/// the role has been given back.
///
/// A commit without conditions that meets nothing on its way takes none ({@link Writer#append}).
final class Turn {

  private static final int FIRST_CAPACITY = 16;

  private long nowNanos;
  private @Nullable ArrayList<Submission> taken;
  private @Nullable Outcome own;
  private boolean deferred;
  private boolean forced;
  private boolean roomMade;
  private long recordSequence = -1;
  private @Nullable FenceTicket fenceEnded;

  /// Begins, when the role has been taken.
  void begin(long nowNanos) {
    this.nowNanos = nowNanos;
  }

  /// {@return the time of everything that it commits}
  long nowNanos() {
    return nowNanos;
  }

  /// The submissions that were taken, each with its outcome.
  List<Submission> taken() {
    return taken == null ? List.of() : taken;
  }

  @Nullable Outcome own() {
    return own;
  }

  /// Whether the bound on unforced frames was in the way of going on.
  boolean deferred() {
    return deferred;
  }

  /// Whether the queue is shorter than before, also by submissions that were cancelled.
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

  /// Notes that the caller forces everything that the turn writes.
  void willBeForced() {
    forced = true;
  }

  boolean forced() {
    return forced;
  }

  void defer() {
    deferred = true;
  }

  void roomIsMade() {
    roomMade = true;
  }

  void recorded(long sequence) {
    recordSequence = sequence;
  }
}
