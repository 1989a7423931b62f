package io.batpak.engine.commit;

import io.batpak.engine.commit.Completion.Ended;
import io.batpak.engine.platform.Threads;
import io.batpak.failure.Interrupted;
import io.batpak.failure.StoreException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A commit on its way through the queue, and in the end its answer.
///
/// Either the holder of the writer role takes it or its owner calls it off, never both. Its answer
/// is there once the completion is done: the outcome, or why there is none.
public final class Submission {

  private enum State {
    QUEUED,
    TAKEN,
    CANCELLED
  }

  private final CommitRequest request;
  private final Threads threads;
  private final AtomicReference<State> state = new AtomicReference<>(State.QUEUED);
  private final Completion completion = new Completion();
  private @Nullable Outcome outcome;
  private @Nullable StoreException failure;

  Submission(CommitRequest request, Threads threads) {
    this.request = request;
    this.threads = threads;
  }

  CommitRequest request() {
    return request;
  }

  /// Takes it for a commit.
  ///
  /// @return whether it has not been called off
  boolean take() {
    return state.compareAndSet(State.QUEUED, State.TAKEN);
  }

  /// Calls it off, unless its commit has begun.
  ///
  /// @return whether nothing of it was or will be written
  public boolean cancel() {
    if (state.compareAndSet(State.QUEUED, State.CANCELLED)) {
      completion.complete();
      return true;
    }
    return state.get() == State.CANCELLED;
  }

  /// {@return whether it was called off}
  public boolean cancelled() {
    return state.get() == State.CANCELLED;
  }

  /// Notes the outcome; the answer is given by {@link #complete}, which may have to wait for a
  /// force.
  void outcome(Outcome outcome) {
    this.outcome = outcome;
  }

  boolean failed() {
    return failure != null;
  }

  Completion completion() {
    return completion;
  }

  void failure(StoreException failure) {
    this.failure = failure;
  }

  /// {@return the outcome so far, or null}
  @Nullable Outcome outcome() {
    return outcome;
  }

  /// Gives the answer to everyone who waits.
  void complete() {
    completion.complete();
  }

  /// {@return whether there is an answer}
  public boolean done() {
    return completion.done();
  }

  /// Waits for the answer.
  ///
  /// @param nanos how long at most; `Long.MAX_VALUE` for no limit
  /// @return whether it has come
  /// @throws Interrupted if the thread was interrupted; the commit goes on
  public boolean await(long nanos) {
    return switch (completion.await(threads, nanos)) {
      case Ended.DONE -> true;
      case Ended.TIMED_OUT -> false;
      case Ended.INTERRUPTED ->
          throw new Interrupted("waiting for the answer to a submission", "it goes on by itself");
    };
  }

  /// Waits for the answer, whatever interrupts the thread.
  void join() {
    completion.join(threads);
  }

  /// {@return the outcome; only once it is done, and not if it was called off}
  ///
  /// @throws StoreException if there is none
  public Outcome answer() {
    StoreException failed = failure;
    if (failed != null) {
      throw failed;
    }
    return Objects.requireNonNull(outcome);
  }
}
