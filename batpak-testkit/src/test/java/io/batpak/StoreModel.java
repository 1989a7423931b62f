package io.batpak;

import static io.batpak.LogModel.expect;

import io.batpak.config.AckLevel;
import io.batpak.event.EventKind;
import io.batpak.event.LifecycleKinds;
import io.batpak.evidence.OpenReport;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.DiskFull;
import io.batpak.failure.FenceActive;
import io.batpak.failure.FenceEnded;
import io.batpak.failure.StoreException;
import io.batpak.testkit.simulated.SimulatedDisk.Crash;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What a store must do, beside a plain list of what its log must hold: the oracle of the
/// simulation.
///
/// It keeps what was asked and has not been seen to be done, in the order in which the store must
/// do it, and knows what each will come to. How far the store is, is told by the end of its log:
/// then the model goes as far ([#seen]). What was still to be done at a crash may have been done,
/// up to any point between two commits; the next opening says up to which ([#recovered]).
final class StoreModel {

  /// A visibility fence.
  static final class Fence {
    private int begun = -1;
    private int end = -1;
    private boolean overdue;

    /// Its time is up: whatever the store does next, this comes first.
    void expire() {
      overdue = true;
    }

    boolean overdue() {
      return overdue;
    }

    /// {@return where its beginning stands, once it does}
    int begun() {
      return begun;
    }

    /// {@return where its end stands, once it does}
    int end() {
      return end;
    }
  }

  /// Something that the store was asked for.
  abstract static sealed class Attempt permits Ask, Begin, Commit, Cancel {
    @Nullable Prediction expected;
  }

  /// An append of any sort.
  static final class Ask extends Attempt {
    final Request request;
    final @Nullable Fence fence;
    @Nullable Ticket ticket;

    /// Where its events stand once they do.
    int first = -1;

    Ask(Request request, @Nullable Fence fence) {
      this.request = request;
      this.fence = fence;
    }

    /// {@return whether it is known to have found no room}
    private boolean foundNoRoom() {
      Ticket mine = ticket;
      return mine != null && mine.done() && told(mine) instanceof Told.Failed(DiskFull _);
    }

    /// {@return whether it is known to have met a failing disk, so that it may still turn up}
    private boolean metFailingDisk() {
      Ticket mine = ticket;
      return mine != null && mine.done() && told(mine) instanceof Told.Failed(DiskFailed _);
    }

    /// {@return whether there is an answer that will stay}
    private boolean answered() {
      Ticket mine = ticket;
      return mine != null && mine.done() && !metFailingDisk();
    }
  }

  /// A fence is to begin.
  static final class Begin extends Attempt {
    final Fence fence = new Fence();
  }

  /// A fence is to be committed.
  static final class Commit extends Attempt {
    final Fence fence;

    Commit(Fence fence) {
      this.fence = fence;
    }
  }

  /// A fence is to be cancelled.
  static final class Cancel extends Attempt {
    final Fence fence;

    Cancel(Fence fence) {
      this.fence = fence;
    }
  }

  private final LogModel log = new LogModel();
  private final ArrayDeque<Attempt> attempts = new ArrayDeque<>();

  /// What the library has to tell of before the next event.
  private final ArrayDeque<Wanted> records = new ArrayDeque<>();

  private @Nullable Fence active;
  private int durable;
  private int least = Integer.MAX_VALUE;
  private long fromMillis;
  private boolean whole;

  /// Whether the disk has failed this process.
  private BooleanSupplier failing = () -> false;

  /// {@return what the log holds}
  LogModel log() {
    return log;
  }

  /// {@return the fence that is active}
  Optional<Fence> active() {
    return Optional.ofNullable(active);
  }

  /// {@return how many events must survive a power cut}
  int durableEnd() {
    return durable;
  }

  /// {@return whether an attempt has not been seen to be done}
  boolean open(Attempt attempt) {
    return attempts.contains(attempt);
  }

  /// Says who knows whether the disk has failed the process that runs.
  void failing(BooleanSupplier disk) {
    failing = disk;
  }

  /// What happens from now on happens at this wall time or later.
  void from(long wallMillis) {
    fromMillis = wallMillis;
  }

  /// Something is asked for, behind all that was asked before.
  void last(Attempt attempt) {
    attempts.addLast(attempt);
  }

  /// Something is asked for that does not wait for what is queued.
  void first(Attempt attempt) {
    attempts.addFirst(attempt);
  }

  /// Something will not be done, and has not been begun.
  void withdraw(Attempt attempt) {
    expect("not done yet", attempts.remove(attempt), true);
  }

  /// {@return what has been said to a submission}
  static Told told(Ticket ticket) {
    try {
      return Told.of(ticket.poll().orElseThrow());
    } catch (StoreException e) {
      return new Told.Failed(e);
    }
  }

  /// Something that was asked for has been answered: it has been done, and all before it.
  ///
  /// @param end where the store's log ends
  void done(Attempt attempt, long end) {
    while (attempts.contains(attempt)) {
      step(end);
    }
    seen(end);
  }

  /// There was no room for something that was asked for; perhaps for what must come before it.
  ///
  /// @param end where the store's log ends
  void noRoom(Attempt attempt, long end) {
    while (log.end() < end) {
      step(end);
    }
    withdraw(attempt);
    seen(end);
  }

  /// The store's log is seen to end here, and some submissions to be answered.
  void seen(long end) {
    while (log.end() < end) {
      step(end);
    }
    while (attempts.peek() instanceof Ask ask && ask.answered() && !lostEnd(end)) {
      step(end);
    }
    expect("events in the log", (long) log.end(), end);
  }

  /// {@return whether the end of a fence whose time is up is missing on a disk that fails, and an
  /// answer behind it, which needed nothing written, may be there}
  private boolean lostEnd(long end) {
    return active != null && active.overdue && log.end() == end && failing.getAsBoolean();
  }

  /// {@return whether a submission in front of an attempt has met a failing disk}
  boolean failedBefore(Attempt attempt) {
    return attempts.stream()
        .takeWhile(one -> one != attempt)
        .anyMatch(one -> one instanceof Ask ask && ask.metFailingDisk());
  }

  /// Does the next thing, on the way to an end that is known.
  private void step(long end) {
    Attempt next = attempts.peek();
    Fence overdue = active != null && active.overdue ? active : null;
    boolean more = log.end() < end;
    if (next instanceof Ask ask && ask.foundNoRoom()) {
      if (more && overdue != null) {
        cancel(overdue);
      } else if (!more || !(predicted(ask) instanceof Prediction.Fresh) || !tell()) {
        var _ = attempts.remove();
      }
    } else if (overdue != null && !(next instanceof Cancel)) {
      cancel(overdue);
    } else {
      switch (next) {
        case Ask ask -> step(ask);
        case Begin begin -> step(begin);
        case Commit commit -> step(commit);
        case Cancel cancel -> step(cancel);
        case null ->
            throw new AssertionError("nothing is asked for behind event " + (log.end() - 1));
      }
    }
  }

  private void step(Ask ask) {
    Prediction decided = ask.expected;
    Prediction prediction = decided == null ? predicted(ask) : decided;
    if (prediction instanceof Prediction.Fresh) {
      ask.expected = prediction;
      if (tell()) {
        return;
      }
      ask.first = log.end();
      log.append(ask.request.events());
    }
    end(ask, prediction);
  }

  private Prediction predicted(Ask ask) {
    if (ask.fence != active) {
      return ask.fence == null ? new Prediction.FenceStands() : new Prediction.FenceOver();
    }
    return Prediction.of(log, ask.request);
  }

  private void step(Begin begin) {
    if (active != null) {
      end(begin, new Prediction.FenceStands());
    } else if (!tell()) {
      begin.fence.begun = log.end();
      log.append(List.of(Wanted.fence(LifecycleKinds.FENCE_BEGUN, -1, log.lastCancelled())));
      active = begin.fence;
      log.fenced(true);
      end(begin, new Prediction.Fresh());
    }
  }

  private void step(Commit commit) {
    if (active != commit.fence) {
      end(commit, new Prediction.FenceOver());
      return;
    }
    end(commit.fence, LifecycleKinds.FENCE_COMMITTED);
    end(commit, new Prediction.Fresh());
  }

  private void step(Cancel cancel) {
    if (active == cancel.fence) {
      cancel(cancel.fence);
    }
    end(cancel, new Prediction.Fresh());
  }

  private void cancel(Fence fence) {
    end(fence, LifecycleKinds.FENCE_CANCELLED);
  }

  private void end(Fence fence, EventKind kind) {
    active = null;
    fence.end = log.end();
    log.append(List.of(Wanted.fence(kind, fence.begun, log.lastCancelled())));
  }

  private void end(Attempt attempt, Prediction prediction) {
    attempt.expected = prediction;
    expect("in order", attempts.remove() == attempt, true);
  }

  /// {@return whether there was something to tell of}
  private boolean tell() {
    if (records.isEmpty()) {
      return false;
    }
    log.append(List.of(records.remove()));
    return true;
  }

  /// Compares what was said with what had to be.
  ///
  /// @param level what it means
  /// @param nowMillis the wall time
  void said(Ask ask, Told told, AckLevel level, long nowMillis) {
    switch (ask.expected) {
      case Prediction.Fresh _ -> pin(ask.first, receipts(ask, told), level, nowMillis);
      case Prediction.Again(List<Integer> sequences) ->
          pin(sequences.getFirst(), receipts(ask, told), level, nowMillis);
      case Prediction.Refused(Refusal refusal) -> expect("answer", told, new Told.Refused(refusal));
      case Prediction.FenceStands _ -> expectFailure(told, FenceActive.class);
      case Prediction.FenceOver _ -> expectFailure(told, FenceEnded.class);
      case null -> throw new AssertionError("answered before it can have been done: " + told);
    }
  }

  private static List<Receipt> receipts(Ask ask, Told told) {
    if (!(told instanceof Told.Receipts(List<Receipt> receipts))) {
      throw new AssertionError("answer: " + told + ", expected " + ask.expected);
    }
    expect("receipts", receipts.size(), ask.request.items().size());
    return receipts;
  }

  private void pin(int first, List<Receipt> receipts, AckLevel level, long nowMillis) {
    log.pin(first, receipts, fromMillis, nowMillis);
    receipts.forEach(receipt -> expect("level", receipt.level(), level));
    if (level == AckLevel.DURABLE) {
      durable(first + receipts.size());
    }
  }

  private static void expectFailure(Told told, Class<?> type) {
    boolean expected = told instanceof Told.Failed(var failure) && type.isInstance(failure);
    if (!expected) {
      throw new AssertionError("answer: " + told + ", expected " + type.getSimpleName());
    }
  }

  /// Looks at what has been appended without an answer.
  ///
  /// @param from the first event that nobody has looked at
  void learn(int from, long nowMillis) {
    log.learn(from, fromMillis, nowMillis);
  }

  /// The store says that everything before a sequence is durable.
  void durable(long end) {
    if (end > log.end()) {
      throw new AssertionError(end + " events durable, and only " + log.end() + " in the log");
    }
    durable = Math.max(durable, (int) end);
  }

  /// The store was closed in good order: all that was asked for has been done, and is durable.
  void closed() {
    whole = true;
  }

  /// The process ended.
  void crashed(Crash crash) {
    least = Math.min(least, crash == Crash.KILL ? log.end() : durable);
  }

  /// A store has been opened: checks that it holds what it must and nothing else, and goes on from
  /// there. What it accepted is promised as durable.
  void recovered(Store store) {
    int end = Math.toIntExact(store.end());
    int known = log.end();
    int lower = Math.min(least, known);
    log.seenBy(Look.at(store));
    if (end < lower) {
      throw new AssertionError(
          "recovered %d events; at least %d were promised, %d known".formatted(end, lower, known));
    }
    while (log.end() < end || whole && !attempts.isEmpty()) {
      step(end);
    }
    if (whole) {
      expect("events after a clean close", (long) end, (long) log.end());
      whole = false;
    }
    log.cut(end);
    active = null;
    log.fenced(false);
    attempts.clear();
    durable = end;
    least = Integer.MAX_VALUE;
    toTell(store.openReport());
    log.verify(Look.at(store), end);
  }

  private void toTell(OpenReport report) {
    records.clear();
    int begun = log.unended();
    if (begun >= 0) {
      records.add(Wanted.fence(LifecycleKinds.FENCE_CANCELLED, begun, log.lastCancelled()));
    }
    if (report.recovered()) {
      records.add(
          Wanted.recovered(report.cutBytes(), report.droppedSegments(), report.cutReason()));
    }
  }
}
