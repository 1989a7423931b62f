package io.batpak;

import io.batpak.engine.commit.Submission;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/// The answer to come to a submitted event. Fit for any number of threads.
///
/// The event takes its way whether or not anybody waits for it: a wait that is interrupted or given
/// up loses nothing.
public final class Ticket implements Submitted {

  private final Submission submission;
  private final Function<Submission, Appended> answer;
  private final Executor elsewhere;

  Ticket(Submission submission, Function<Submission, Appended> answer, Executor elsewhere) {
    this.submission = submission;
    this.answer = answer;
    this.elsewhere = elsewhere;
  }

  /// Waits for the answer. It means what the level that was asked for says.
  ///
  /// @return the receipt, or why there is none
  /// @throws io.batpak.failure.StoreException if the store could not do it; {@link
  ///   io.batpak.failure.Interrupted} if the thread was interrupted: the event goes on
  /// @throws CancellationException if it was called off
  public Appended await() {
    var _ = submission.await(Long.MAX_VALUE);
    return answer();
  }

  /// Waits for the answer, for a while.
  ///
  /// @param timeout how long at most
  /// @return the answer, or empty if there is none yet
  /// @throws io.batpak.failure.StoreException as {@link #await()}
  /// @throws CancellationException if it was called off
  public Optional<Appended> await(Duration timeout) {
    return submission.await(Durations.nanos(timeout)) ? Optional.of(answer()) : Optional.empty();
  }

  /// {@return the answer, or empty if there is none yet}
  ///
  /// @throws io.batpak.failure.StoreException if the store could not do it
  /// @throws CancellationException if it was called off
  public Optional<Appended> poll() {
    return submission.done() ? Optional.of(answer()) : Optional.empty();
  }

  /// {@return whether there is an answer, or it was called off}
  public boolean done() {
    return submission.done();
  }

  /// Calls the event off, unless its commit has begun.
  ///
  /// @return whether nothing of it was or will be written
  public boolean cancel() {
    return submission.cancel();
  }

  /// {@return the answer as a stage, for what is asynchronous around it. What depends on it runs on
  /// a virtual thread, never on one of the store's}
  public CompletionStage<Appended> stage() {
    return CompletableFuture.supplyAsync(this::await, elsewhere);
  }

  private Appended answer() {
    if (submission.cancelled()) {
      throw new CancellationException("the submission was called off; nothing was written");
    }
    return answer.apply(submission);
  }
}
