package io.batpak.engine.commit;

import io.batpak.engine.commit.Syncer.Waited;
import io.batpak.engine.frame.FrameDraft;
import io.batpak.engine.index.EventRow;
import io.batpak.engine.platform.Clock;
import io.batpak.engine.platform.Entropy;
import io.batpak.engine.platform.Threads;
import io.batpak.engine.segment.SegmentLog;
import io.batpak.event.Hlc;
import io.batpak.failure.Closed;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.Interrupted;
import io.batpak.failure.StoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The ways to a commit, and what is done around it: waiting before, answers, wake-ups and forces
/// after.
///
/// Two ways lead into the writer role. A synchronous commit takes it in place; a submission goes
/// through the queue and is committed by a background thread, or by whoever takes the role next.
/// Either takes first what was queued before it, so that one caller's commits keep their order,
/// whichever way each goes. A durable commit that would not be alone goes through the queue too:
/// one turn and one force then serve all.
public final class Committer {

  /// How often the load is measured: the weight of the last turn in the mean.
  private static final int LOAD_SHARE = 8;

  private static final long RETRY_NANOS_MIN = 10_000;

  private final Path directory;
  private final Writer writer;
  private final Syncer syncer;
  private final SubmissionQueue queue;
  private final Watermarks marks;
  private final Threads threads;
  private final Clock clock;
  private final long aloneBytes;
  private Runnable wakeSyncer = () -> {};
  private Runnable wakeUpkeep = () -> {};
  private Runnable wakeCommitter = () -> {};
  private volatile long nanosPerSubmission = 2_000;

  /// Creates what commits to an open store.
  ///
  /// @param directory the store, for messages
  /// @param log where frames go
  /// @param marks how far things are
  /// @param outside time, threads and randomness
  /// @param bound what may stay unforced
  /// @param queueCapacity how many submissions may be on their way
  /// @param cachedHeads how many entities are remembered
  /// @param resume where the log stands
  public Committer(
      Path directory,
      SegmentLog log,
      Watermarks marks,
      Outside outside,
      Writer.Bound bound,
      int queueCapacity,
      int cachedHeads,
      Writer.Resume resume) {
    this.directory = directory;
    this.marks = marks;
    this.threads = outside.threads;
    this.clock = outside.clock;
    this.queue = new SubmissionQueue(queueCapacity, threads);
    var heads = new Heads(log, cachedHeads);
    this.writer =
        new Writer(directory, log, heads, marks, queue, clock, outside.entropy, bound, resume);
    this.syncer = new Syncer(directory, log, writer, queue, marks, threads, clock);
    this.aloneBytes = bound.bytesMax();
  }

  /// What a committer needs from outside.
  ///
  /// @param clock time
  /// @param threads waiting
  /// @param entropy randomness for ids
  public record Outside(Clock clock, Threads threads, Entropy entropy) {}

  /// Sets what is woken, outside the role, when there is something to do.
  ///
  /// @param wakeSyncer something to force
  /// @param wakeUpkeep something to keep up with
  /// @param wakeCommitter something queued
  public void doorbells(Runnable wakeSyncer, Runnable wakeUpkeep, Runnable wakeCommitter) {
    this.wakeSyncer = wakeSyncer;
    this.wakeUpkeep = wakeUpkeep;
    this.wakeCommitter = wakeCommitter;
    syncer.doorbell(wakeSyncer, this::commitQueuedForForce);
  }

  /// Appends one event without key and condition.
  ///
  /// @param draft the event; free again when this returns normally
  /// @param durable whether the answer must mean durable
  /// @return where it stands; durable, if that was wanted
  /// @throws StoreException of many sorts; nothing was written, except when a force has failed
  public EventRow append(FrameDraft draft, boolean durable) {
    if (!durable || !syncer.shared()) {
      EventRow row = writer.append(draft, queue.acceptedEnd());
      ring();
      if (row != null) {
        if (durable || draft.frameBytesMax() > aloneBytes) {
          syncer.awaitDurable(row.sequence());
        }
        return row;
      }
    }
    Outcome outcome = commit(new CommitRequest(List.of(draft), List.of(), durable, null));
    return switch (outcome) {
      case Outcome.Committed committed -> committed.events().getFirst();
      case Outcome.Conflicting _, Outcome.KeyReused _, Outcome.Deferred _ ->
          throw new AssertionError(outcome);
    };
  }

  /// Commits in place, and waits for a force if the bound on unforced frames is in the way.
  ///
  /// @param request what to commit
  /// @return what became of it; durable, if that was wanted
  /// @throws StoreException of many sorts; nothing was written, except when a force has failed
  public Outcome commit(CommitRequest request) {
    writer.prepare(request);
    if (request.durable() && syncer.shared()) {
      StackRoom.requireInMemory();
      Submission shared = new Submission(request, threads);
      if (queue.offer(shared)) {
        return answered(shared);
      }
    }
    while (true) {
      Outcome outcome = attempt(request);
      if (!(outcome instanceof Outcome.Deferred)) {
        return durable(request, outcome);
      }
      syncer.awaitBacklog();
    }
  }

  private Outcome answered(Submission shared) {
    wakeSyncer.run();
    refuseIfLate();
    shared.join();
    return answer(shared);
  }

  private Outcome attempt(CommitRequest request) {
    long queuedEnd = queue.acceptedEnd();
    if (request.durable() || queue.takenEnd() < queuedEnd) {
      StackRoom.require();
      if (deferredBefore(queuedEnd)) {
        return Outcome.Deferred.INSTANCE;
      }
    }
    var turn = new Turn();
    if (request.durable()) {
      turn.willBeForced();
    }
    take(turn, () -> writer.commit(request, queuedEnd, turn));
    Outcome outcome = turn.own();
    if (outcome == null) {
      throw new AssertionError("a turn without an outcome");
    }
    return outcome;
  }

  /// The one way to take a turn: the step, within the role; then, whatever has become of it, all
  /// that was put off until the role is given back.
  private void take(Turn turn, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      writer.fail(turn, writer.cutOff());
      throw e;
    } finally {
      after(turn);
    }
  }

  /// Takes what is queued before a commit, a turn at a time, until it fits into the commit's own.
  ///
  /// @return whether the bound on unforced frames stands against going on
  private boolean deferredBefore(long queuedEnd) {
    while (queuedEnd - queue.takenEnd() > Writer.TURN_REQUESTS_MAX) {
      if (takeTurn(Writer.TURN_REQUESTS_MAX).deferred()) {
        return true;
      }
    }
    return false;
  }

  private Outcome durable(CommitRequest request, Outcome outcome) {
    if (outcome instanceof Outcome.Committed committed && forced(request)) {
      syncer.awaitDurable(committed.lastSequence());
    }
    return outcome;
  }

  /// Whether the answer waits for a force: it was asked for, or the commit alone is above the
  /// bound.
  private boolean forced(CommitRequest request) {
    return request.durable() || request.frameBytesMax() > aloneBytes;
  }

  private void after(Turn turn) {
    for (Submission submission : turn.taken()) {
      CommitRequest request = submission.request();
      if (submission.outcome() instanceof Outcome.Committed committed
          && !submission.failed()
          && forced(request)
          && marks.durableAcquire() <= committed.lastSequence()) {
        syncer.notify(committed.lastSequence(), submission.completion());
      } else {
        submission.complete();
      }
    }
    if (turn.roomMade()) {
      queue.roomMade();
    }
    FenceTicket ended = turn.fenceEnded();
    if (ended != null) {
      ended.completion().complete();
    }
    if (turn.recordSequence() >= 0 && !turn.forced()) {
      // An event of the library's own is made durable, although nobody waits for it.
      syncer.notify(turn.recordSequence(), new Completion());
    }
    ring();
  }

  /// Wakes the threads that have something to do.
  private void ring() {
    int bells = writer.takeBells();
    if ((bells & Writer.SYNCER) != 0 || writer.stopped() != null) {
      // After a failure it answers everyone who waits.
      wakeSyncer.run();
    }
    if ((bells & Writer.UPKEEP) != 0) {
      wakeUpkeep.run();
    }
  }

  /// Queues a commit; waits for room if there is none.
  ///
  /// @param request what to commit
  /// @return its answer to come
  /// @throws io.batpak.failure.Interrupted if the thread was interrupted; nothing was queued
  /// @throws Closed if the store is closed
  public Submission submit(CommitRequest request) {
    refuseIfClosed();
    writer.prepare(request);
    StackRoom.requireInMemory();
    var submission = new Submission(request, threads);
    queue.put(submission);
    announce();
    return submission;
  }

  /// Queues a commit, unless too many are queued already.
  ///
  /// @param request what to commit
  /// @return its answer to come, or empty
  /// @throws Closed if the store is closed
  public Optional<Submission> trySubmit(CommitRequest request) {
    refuseIfClosed();
    if (queue.count() >= pressureMark()) {
      return Optional.empty();
    }
    writer.prepare(request);
    StackRoom.requireInMemory();
    var submission = new Submission(request, threads);
    if (!queue.offer(submission)) {
      return Optional.empty();
    }
    announce();
    return Optional.of(submission);
  }

  private void announce() {
    wakeCommitter.run();
    refuseIfLate();
  }

  private int pressureMark() {
    return queue.capacity() - queue.capacity() / 4;
  }

  private void refuseIfClosed() {
    if (writer.closed()) {
      throw new Closed(directory);
    }
  }

  /// One who queued while the store was being closed may have been too late for the last turn.
  private void refuseIfLate() {
    if (writer.closed()) {
      var _ = takeTurn(Integer.MAX_VALUE);
    }
  }

  /// {@return how many submissions are on their way}
  public int queued() {
    return queue.count();
  }

  /// {@return how many submissions may be on their way}
  public int capacity() {
    return queue.capacity();
  }

  /// {@return nanoseconds after which there should be room again, by the speed of the last turns}
  public long retryNanos() {
    return Math.max(RETRY_NANOS_MIN, queue.count() * nanosPerSubmission / 4);
  }

  /// {@return the answer to a submission that is done and was not called off}
  ///
  /// @param submission done
  /// @throws StoreException if there is none; nothing was written, but when a force has failed
  public Outcome answer(Submission submission) {
    Outcome outcome = submission.answer();
    if (outcome instanceof Outcome.Committed committed
        && submission.request().durable()
        && marks.durableAcquire() <= committed.lastSequence()) {
      throw syncer.failure();
    }
    return outcome;
  }

  /// One round of the background thread that commits what is queued.
  ///
  /// @return nanoseconds until the next round if nobody wakes it before
  public long round() {
    try {
      commitAllQueued();
    } catch (RuntimeException | Error e) {
      stop(new DiskFailed(directory, "a commit in the background", e));
      throw e;
    }
    return Long.MAX_VALUE;
  }

  private void commitAllQueued() {
    while (!queue.empty()) {
      long start = clock.nanos();
      Turn turn = takeTurn(Writer.TURN_REQUESTS_MAX);
      int count = turn.taken().size();
      if (count > 0) {
        long each = (clock.nanos() - start) / count;
        long mean = nanosPerSubmission;
        nanosPerSubmission = mean + (each - mean) / LOAD_SHARE;
      }
      if (turn.deferred()) {
        awaitBacklog();
      }
    }
  }

  private void awaitBacklog() {
    try {
      syncer.awaitBacklog();
    } catch (StoreException e) {
      // The writer has stopped, and the next turn tells everyone who is queued.
    }
  }

  /// One round of the background thread that forces.
  ///
  /// @return nanoseconds until the next round if nobody wakes it before
  public long syncRound() {
    try {
      return syncer.round();
    } catch (RuntimeException | Error e) {
      stop(new DiskFailed(directory, "a force in the background", e));
      throw e;
    }
  }

  private void commitQueuedForForce() {
    var _ = takeTurn(Writer.TURN_REQUESTS_MAX);
  }

  private Turn takeTurn(int countMax) {
    var turn = new Turn();
    try {
      take(turn, () -> writer.commitQueued(turn, countMax));
    } catch (StoreException e) {
      // The write failed and the writer has stopped: the owners of its frames get that failure.
    }
    return turn;
  }

  /// Begins a visibility fence.
  ///
  /// @param nanos how long it may last
  /// @return the fence
  /// @throws io.batpak.failure.FenceActive if there is one
  public FenceTicket beginFence(long nanos) {
    while (true) {
      FenceTicket fence = fenceTurn(nanos);
      if (fence != null) {
        // The syncer ends it when its time is up.
        wakeSyncer.run();
        return fence;
      }
      syncer.awaitBacklog();
    }
  }

  private @Nullable FenceTicket fenceTurn(long nanos) {
    StackRoom.require();
    long queuedEnd = queue.acceptedEnd();
    if (deferredBefore(queuedEnd)) {
      return null;
    }
    var turn = new Turn();
    var begun = new AtomicReference<@Nullable FenceTicket>();
    take(turn, () -> begun.set(writer.beginFence(nanos, queuedEnd, turn)));
    return begun.get();
  }

  /// Lets what a fence held be seen.
  ///
  /// @param fence the fence
  /// @return the event that says so; empty if the fence has ended otherwise
  public Optional<EventRow> commitFence(FenceTicket fence) {
    StackRoom.require();
    var turn = new Turn();
    var event = new AtomicReference<@Nullable EventRow>();
    take(turn, () -> event.set(writer.commitFence(fence, turn)));
    return Optional.ofNullable(event.get());
  }

  /// Returns when an event is durable, whatever interrupts the thread.
  ///
  /// @param sequence the event; written
  /// @throws DiskFailed if a force failed, now or earlier
  public void makeDurable(long sequence) {
    syncer.awaitDurable(sequence);
  }

  /// Hides what a fence held, for good. Nothing happens if it has ended.
  ///
  /// @param fence the fence
  public void cancelFence(FenceTicket fence) {
    StackRoom.require();
    var turn = new Turn();
    take(turn, () -> writer.cancelFence(fence, turn));
  }

  /// Waits until an event can be seen, which takes long only within a fence.
  ///
  /// @param sequence the event; written
  /// @param nanos how long at most; `Long.MAX_VALUE` for no limit
  /// @return how it ended
  /// @throws Interrupted if the thread was interrupted
  public Waited awaitVisible(long sequence, long nanos) {
    if (marks.visibleAcquire() <= sequence) {
      FenceTicket fence = writer.fence();
      if (fence != null) {
        switch (fence.completion().await(threads, nanos)) {
          case DONE -> {}
          case TIMED_OUT -> {
            return Waited.TIMED_OUT;
          }
          case INTERRUPTED ->
              throw new Interrupted(
                  "waiting for the end of a visibility fence",
                  "what was committed stays committed");
        }
      }
    }
    boolean shown = marks.visibleAcquire() > sequence && !marks.hidden().contains(sequence);
    return shown ? Waited.REACHED : Waited.STOPPED;
  }

  /// Waits until an event is durable, written already or not.
  ///
  /// @param sequence the event
  /// @param nanos how long at most; `Long.MAX_VALUE` for no limit
  /// @return how it ended
  /// @throws io.batpak.failure.Interrupted if the thread was interrupted
  public Waited awaitDurable(long sequence, long nanos) {
    return syncer.await(sequence, nanos);
  }

  /// Makes everything written so far durable.
  public void sync() {
    syncer.sync();
  }

  /// Takes a remote time in: what is committed from now on is later.
  ///
  /// @param remote the time
  /// @return the time that has been reached
  public Hlc observe(Hlc remote) {
    return writer.observe(remote);
  }

  /// Ends all writing: something it depends on has failed.
  ///
  /// @param cause the failure
  public void stop(StoreException cause) {
    writer.stop(cause);
    wakeSyncer.run();
  }

  /// {@return why writing has ended, or null}
  public @Nullable StoreException stopped() {
    return writer.stopped();
  }

  /// Commits what is queued, ends all writing and makes everything durable.
  public void close() {
    var turn = new Turn();
    var first = new AtomicBoolean();
    take(turn, () -> first.set(writer.close(turn)));
    if (first.get() && writer.stopped() == null) {
      syncer.forceNow();
    }
  }

  /// Answers everyone who still waits; the background threads have ended.
  public void end() {
    var _ = takeTurn(Integer.MAX_VALUE);
    FenceTicket unended = writer.fence();
    if (unended != null) {
      unended.completion().complete();
    }
    syncer.end();
  }
}
