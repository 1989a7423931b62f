package io.batpak.engine.commit;

/// What the owner of a visibility fence shows to commit within it. Compared by identity.
public final class FenceTicket {

  private final long begun;
  private final long deadlineNanos;
  private final Completion completion = new Completion();

  FenceTicket(long begun, long deadlineNanos) {
    this.begun = begun;
    this.deadlineNanos = deadlineNanos;
  }

  /// {@return the sequence of the event that began it}
  public long begun() {
    return begun;
  }

  /// Done when it has ended, either way.
  Completion completion() {
    return completion;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }
}
