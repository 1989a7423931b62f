package io.batpak;

import static io.batpak.LogModel.expect;

import io.batpak.StoreModel.Ask;
import io.batpak.StoreModel.Attempt;
import io.batpak.StoreModel.Begin;
import io.batpak.StoreModel.Cancel;
import io.batpak.StoreModel.Commit;
import io.batpak.StoreModel.Fence;
import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.event.Hlc;
import io.batpak.event.LifecycleKinds;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.DiskFull;
import io.batpak.failure.FenceActive;
import io.batpak.failure.FenceEnded;
import io.batpak.failure.StoreException;
import io.batpak.query.Query;
import io.batpak.testkit.simulated.SimulatedClock;
import io.batpak.testkit.simulated.SimulatedCrash;
import io.batpak.testkit.simulated.SimulatedThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One process of a walk: an open store, the submissions that are not answered and the fence that
/// it has begun. Whatever the store answers is compared with what the model says.
final class OpenStore {

  private static final int ROUNDS_MAX = 1_000;

  /// Far beyond what passes by itself in a walk, so that no fence ends but by [#expireFence].
  private static final List<Duration> LIMITS =
      List.of(Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofHours(1));

  /// What outlives a process.
  ///
  /// @param random all chance
  /// @param clock the time
  /// @param model what must happen
  /// @param wishes what is asked for
  /// @param sights what was met
  record Scene(
      RandomGenerator random,
      SimulatedClock clock,
      StoreModel model,
      Wishes wishes,
      Set<Sight> sights) {}

  private final Store store;
  private final SimulatedThreads threads;
  private final StoreConfig config;
  private final BooleanSupplier faulty;
  private final RandomGenerator random;
  private final SimulatedClock clock;
  private final StoreModel model;
  private final LogModel log;
  private final Wishes wishes;
  private final Sightings sightings;
  private final List<Ask> unanswered = new ArrayList<>();
  private @Nullable VisibilityFence fence;
  private @Nullable Fence fenceModel;

  /// The last fence that is over.
  private @Nullable VisibilityFence ended;

  private Duration limit = Duration.ZERO;
  private @Nullable Receipt lastReceipt;
  private int learned;
  private boolean stopped;

  /// What a crash would cut.
  private @Nullable Sight doing;

  /// Takes a store over whose model has recovered.
  ///
  /// @param faulty whether something was let fail
  OpenStore(
      Store store,
      SimulatedThreads threads,
      StoreConfig config,
      BooleanSupplier faulty,
      Scene scene) {
    this.store = store;
    this.threads = threads;
    this.config = config;
    this.faulty = faulty;
    this.random = scene.random;
    this.clock = scene.clock;
    this.model = scene.model;
    this.log = scene.model.log();
    this.wishes = scene.wishes;
    this.sightings = new Sightings(scene.sights, log, store.openReport());
    this.learned = log.end();
  }

  Store store() {
    return store;
  }

  /// {@return whether the store is known to write no more}
  boolean stopped() {
    return stopped;
  }

  /// {@return what a crash at this moment would cut}
  Optional<Sight> doing() {
    return Optional.ofNullable(doing);
  }

  private long nowMillis() {
    return clock.wallMillis(clock.nanos());
  }

  private long written() {
    return store.frontier().written().end();
  }

  /// Goes one step.
  void act() {
    model.from(nowMillis());
    doing = null;
    if (fence != null && random.nextInt(5) < 3) {
      actInFence(fence);
    } else {
      actOutside();
    }
    doing = null;
    observe();
  }

  private void actOutside() {
    switch (random.nextInt(32)) {
      case 0, 1, 2, 3 -> make(new Ask(wishes.plainEvent(), null), store);
      case 4, 5 -> make(new Ask(wishes.plainBatch(), null), store);
      case 6, 7, 8, 9, 10, 11, 12 -> make(new Ask(wishes.request(), null), store);
      case 13, 14, 15 -> submitSeveral();
      case 16 -> resolve();
      case 17 -> sync();
      case 18, 19, 20, 21 -> threads.runAny(random);
      case 22 -> threads.settle(ROUNDS_MAX);
      case 23, 24 -> begin();
      case 25 -> awaitDurable();
      case 26 -> awaitVisible();
      case 27 -> inEndedFence();
      case 28 -> observeTime();
      default -> read();
    }
  }

  private void actInFence(VisibilityFence active) {
    switch (random.nextInt(14)) {
      case 0, 1 -> makeInFence(wishes.plainEvent(), active);
      case 2 -> makeInFence(wishes.plainBatch(), active);
      case 3, 4, 5 -> makeInFence(wishes.request(), active);
      case 6, 7 -> commit(active);
      case 8 -> cancel(active);
      case 9 -> expireFence();
      case 10 -> begin();
      case 11 -> submitSeveral();
      default -> read();
    }
  }

  /// Compares how far the store is with what was asked of it.
  void observe() {
    Frontier frontier = store.frontier();
    model.seen(frontier.written().end());
    model.learn(learned, nowMillis());
    for (int i = learned; i < log.end(); i++) {
      see(Sight.RECOVERY_TOLD, log.wanted(i).kind().equals(LifecycleKinds.STORE_RECOVERED));
    }
    learned = log.end();
    expect("visible end", store.end(), (long) log.shownEnd());
    expect("visible mark", frontier.visible().end(), store.end());
    model.durable(store.durableEnd());
    for (Ask ask : unanswered) {
      see(Sight.TICKET_DURABLE_LATER, ask.first >= 0 && !ticket(ask).done());
    }
  }

  private void make(Ask ask, Appender target) {
    Told told = ask(ask, target);
    if (stopped) {
      expectStopped(told);
      return;
    }
    switch (told) {
      case Told.Failed(DiskFull e) -> noRoom(ask, e);
      case Told.Failed(DiskFailed e) -> failed(e);
      default -> {
        if (model.failedBefore(ask)) {
          givenUp(ask);
        } else {
          model.done(ask, written());
          model.said(ask, told, level(ask), nowMillis());
          sightings.note(ask);
          if (told instanceof Told.Receipts(List<Receipt> receipts)) {
            lastReceipt = receipts.getLast();
          }
        }
      }
    }
    if (random.nextInt(8) == 0) {
      observe();
      log.verify(Look.at(store), log.shownEnd());
    }
  }

  /// The store has answered, and is known to write no more by what it has said to others.
  private void givenUp(Attempt attempt) {
    if (!stopped) {
      model.withdraw(attempt);
    }
    stopped = true;
    model.seen(written());
  }

  private static void expectStopped(Told told) {
    boolean refused =
        told instanceof Told.Failed(DiskFailed _) || told instanceof Told.Failed(FenceEnded _);
    expect("refused after a failure", refused, true);
  }

  private Told ask(Ask ask, Appender target) {
    if (!stopped) {
      model.last(ask);
    }
    try {
      return ask.request.ask(target);
    } catch (StoreException e) {
      return new Told.Failed(e);
    }
  }

  private void makeInFence(Request request, VisibilityFence active) {
    doing = Sight.CUT_BY_CRASH_AT_WRITE;
    make(new Ask(request, fenceModel), active);
  }

  private AckLevel level(Ask ask) {
    boolean durable = ask.fence != null || config.sync() instanceof SyncPolicy.EveryCommit;
    return durable ? AckLevel.DURABLE : ask.request.level().orElse(config.level());
  }

  private void noRoom(Attempt attempt, DiskFull e) {
    see(Sight.FULL, true);
    refuseUnscheduled(e);
    model.noRoom(attempt, written());
  }

  /// The store writes no more. What it was asked for last may turn up at the next start.
  private void failed(DiskFailed e) {
    see(Sight.FAILED, true);
    refuseUnscheduled(e);
    stopped = true;
    model.seen(written());
  }

  /// Nothing fails by itself.
  private void refuseUnscheduled(StoreException failure) {
    if (!faulty.getAsBoolean()) {
      throw new AssertionError("failed without a fault", failure);
    }
  }

  private void submitSeveral() {
    for (int i = random.nextInt(10); i >= 0; i--) {
      submit();
    }
  }

  private void submit() {
    var ask = new Ask(wishes.single(), null);
    model.last(ask);
    NewEvent event = ask.request.event();
    switch (random.nextInt(3) > 0 ? store.submit(event) : store.trySubmit(event)) {
      case Ticket ticket -> {
        ask.ticket = ticket;
        unanswered.add(ask);
        if (ask.request.hasKey() && level(ask) == AckLevel.DURABLE) {
          decideNow(ask, ticket);
        }
      }
      case Submitted.Busy busy -> {
        see(Sight.BUSY, true);
        expect("capacity", busy.capacity(), config.queueCapacity());
        expect("busy", busy.queued() * 4 >= busy.capacity() * 3, true);
        model.withdraw(ask);
      }
    }
  }

  /// A repeat whose first is not durable yet is decided without a trace that could be seen, so that
  /// nobody could tell what it was decided by.
  private void decideNow(Ask ask, Ticket ticket) {
    threads.runUntilIdle("batpak-commit", ROUNDS_MAX);
    if (ticket.done()) {
      observe();
    } else {
      model.done(ask, written());
    }
  }

  private static Ticket ticket(Ask ask) {
    Ticket ticket = ask.ticket;
    if (ticket == null) {
      throw new AssertionError("a submission without a ticket");
    }
    return ticket;
  }

  private void resolve() {
    if (unanswered.isEmpty()) {
      return;
    }
    Ask ask = unanswered.get(random.nextInt(unanswered.size()));
    Ticket ticket = ticket(ask);
    switch (random.nextInt(6)) {
      case 0 -> cancel(ask, ticket);
      case 1 -> {
        var _ = told(ticket::await);
      }
      case 2 -> {
        var _ = told(() -> ticket.await(Duration.ofMillis(1)).orElse(null));
      }
      case 3 -> {
        var _ = told(() -> staged(ticket));
      }
      default -> {}
    }
    observe();
    for (Ask one : List.copyOf(unanswered)) {
      if (ticket(one).done()) {
        answered(one);
      }
    }
  }

  private static @Nullable Appended staged(Ticket ticket) {
    try {
      return ticket.stage().toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SimulatedCrash crash) {
        throw crash;
      }
      return null;
    }
  }

  private static Optional<Appended> told(Supplier<@Nullable Appended> wait) {
    try {
      return Optional.ofNullable(wait.get());
    } catch (CancellationException | StoreException e) {
      return Optional.empty();
    }
  }

  private void cancel(Ask ask, Ticket ticket) {
    boolean open = model.open(ask);
    if (!ticket.cancel()) {
      expect("too late to cancel", !open || faulty.getAsBoolean(), true);
      see(Sight.TICKET_TOO_LATE_TO_CANCEL, true);
      return;
    }
    see(Sight.TICKET_CANCELLED, true);
    model.withdraw(ask);
    unanswered.remove(ask);
    try {
      throw new AssertionError("called off, and answered: " + ticket.poll());
    } catch (CancellationException e) {
      expect("called off again", ticket.cancel(), true);
    }
  }

  /// Compares the answer to a submission.
  private void answered(Ask ask) {
    unanswered.remove(ask);
    Told told = StoreModel.told(ticket(ask));
    switch (told) {
      case Told.Failed(DiskFull e) -> {
        see(Sight.TICKET_FULL, true);
        refuseUnscheduled(e);
        expect("withdrawn", ask.expected == null, true);
      }
      case Told.Failed(DiskFailed e) -> refuseUnscheduled(e);
      default -> {
        // Behind one that failed, nobody knows what it was decided by.
        if (ask.expected != null || !faulty.getAsBoolean()) {
          model.said(ask, told, level(ask), nowMillis());
          see(Sight.TICKET_ANSWERED, told instanceof Told.Receipts);
          see(Sight.TICKET_REFUSED, told instanceof Told.Refused);
          sightings.note(ask);
        }
      }
    }
  }

  private void begin() {
    doing = Sight.CUT_BY_CRASH_AT_BEGIN;
    var begin = new Begin();
    if (!stopped) {
      model.last(begin);
    }
    Duration asked = LIMITS.get(random.nextInt(LIMITS.size()));
    try {
      VisibilityFence begun = store.fence(asked);
      model.done(begin, written());
      expect("begun", begin.expected, new Prediction.Fresh());
      fence = begun;
      fenceModel = begin.fence;
      limit = asked;
    } catch (FenceActive e) {
      model.done(begin, written());
      expect("refused", begin.expected, new Prediction.FenceStands());
      see(Sight.FENCE_ACTIVE, true);
    } catch (DiskFull e) {
      noRoom(begin, e);
    } catch (DiskFailed e) {
      failed(e);
    }
  }

  private void commit(VisibilityFence active) {
    doing = Sight.CUT_BY_CRASH_AT_COMMIT;
    var commit = new Commit(fenceModel());
    if (!stopped) {
      model.first(commit);
    }
    try {
      VisibilityFence.End end = active.commit();
      model.done(commit, written());
      boolean visible = commit.expected instanceof Prediction.Fresh;
      expect("visible", end == VisibilityFence.End.VISIBLE, visible);
      see(visible ? Sight.FENCE_COMMITTED : Sight.FENCE_EXPIRED, true);
      if (visible) {
        model.durable(commit.fence.end() + 1);
      }
      over(active);
    } catch (DiskFull e) {
      noRoom(commit, e);
    } catch (DiskFailed e) {
      failed(e);
      if (commit.expected != null) {
        // The write has succeeded and the force has not.
        over(active);
      }
    }
  }

  private void over(VisibilityFence active) {
    ended = active;
    fence = null;
  }

  private Fence fenceModel() {
    Fence mine = fenceModel;
    if (mine == null) {
      throw new AssertionError("a fence without a model");
    }
    return mine;
  }

  private void cancel(VisibilityFence active) {
    doing = Sight.CUT_BY_CRASH_AT_CANCEL;
    var cancel = new Cancel(fenceModel());
    if (!stopped) {
      model.first(cancel);
    }
    try {
      if (random.nextBoolean()) {
        active.cancel();
      } else {
        active.close();
      }
      over(active);
      boolean ends = model.active().equals(Optional.of(cancel.fence));
      if (ends && written() == log.end() && faulty.getAsBoolean()) {
        // The store writes no more: the next opening finds a fence without an end.
        givenUp(cancel);
      } else {
        model.done(cancel, written());
        see(Sight.FENCE_CANCELLED, true);
      }
    } catch (DiskFull e) {
      noRoom(cancel, e);
    } catch (DiskFailed e) {
      failed(e);
    }
  }

  private void expireFence() {
    clock.advance(limit.toNanos() + random.nextInt(1_000_000_000));
    model.active().ifPresent(Fence::expire);
  }

  /// Whoever still has the handle of a fence that is over, gets no further than that.
  private void inEndedFence() {
    VisibilityFence handle = ended;
    if (handle == null) {
      return;
    }
    try {
      Told told = wishes.request().ask(handle);
      throw new AssertionError("a fence that is over takes " + told);
    } catch (FenceEnded e) {
      see(Sight.FENCE_ENDED, true);
    }
  }

  private void sync() {
    try {
      store.sync();
      model.durable(written());
    } catch (DiskFailed e) {
      failed(e);
    }
  }

  private void awaitDurable() {
    long sequence = random.nextInt(log.end() + 2);
    Duration timeout = Duration.ofMillis(random.nextInt(4));
    Awaited awaited = store.awaitDurable(sequence, timeout);
    model.seen(written());
    switch (awaited) {
      case Awaited.Reached _ -> {
        see(Sight.AWAITED_DURABLE, true);
        model.durable(sequence + 1);
      }
      case Awaited.TimedOut _ -> {
        see(Sight.WAIT_TIMED_OUT, true);
        expect("durable", store.durableEnd() > sequence, false);
      }
      case Awaited.Stopped _ -> expect("stopped by a fault", faulty.getAsBoolean(), true);
    }
  }

  /// Waits until an event can be seen that this process was told of.
  private void awaitVisible() {
    Receipt receipt = lastReceipt;
    if (receipt == null) {
      return;
    }
    Awaited awaited = store.await(receipt, AckLevel.VISIBLE, Duration.ofMillis(1));
    model.seen(written());
    int sequence = (int) receipt.sequence();
    Awaited expected =
        log.shown(sequence)
            ? new Awaited.Reached(AckLevel.VISIBLE)
            : log.counts(sequence)
                ? new Awaited.TimedOut(AckLevel.VISIBLE)
                : new Awaited.Stopped(AckLevel.VISIBLE);
    if (!stopped && !faulty.getAsBoolean()) {
      expect("visible", awaited, expected);
      see(Sight.WAIT_FOR_FENCE_TIMED_OUT, awaited instanceof Awaited.TimedOut);
      see(Sight.WAIT_FOR_HIDDEN_STOPPED, awaited instanceof Awaited.Stopped);
    }
  }

  private void observeTime() {
    var remote = new Hlc(nowMillis() + random.nextInt(-100_000, 1_000_000), random.nextInt(9));
    try {
      Hlc reached = store.observe(remote);
      expect("reached", reached.compareTo(remote) >= 0, true);
      model.seen(written());
      log.observed(remote);
      see(Sight.TIME_OBSERVED, true);
    } catch (DiskFailed e) {
      failed(e);
    }
  }

  private void read() {
    switch (random.nextInt(7)) {
      case 0 -> log.verify(Look.at(store), log.shownEnd());
      case 1, 2 -> {
        if (log.end() > 0) {
          log.verifyAt(Look.at(store), random.nextInt(log.end()));
        }
      }
      case 3 -> state(wishes.entity());
      case 4 -> findByKey(wishes.keyText());
      default -> query(wishes.query());
    }
  }

  private void query(Query query) {
    Results results = store.query(query);
    List<Long> expected = log.sequences(query);
    expect("forward", results.stream().map(EventEntry::sequence).toList(), expected);
    expect(
        "backward",
        results.backward().stream().map(EventEntry::sequence).toList(),
        expected.reversed());
    expect("count", results.count(), (long) expected.size());
    wishes.read(results.unchanged());
  }

  private void findByKey(String key) {
    int expected = log.shownWithKey(AppendOptions.keyOf(key));
    Optional<EventEntry> found = store.findByKey(key);
    expect("by key", found.map(entry -> (int) entry.sequence()).orElse(-1), expected);
    see(Sight.FOUND_BY_KEY, expected >= 0);
  }

  private void state(String entity) {
    Optional<Class<?>> expected = log.shownState(entity).map(codec -> codec.type());
    Optional<Class<?>> found = store.state(Phase.MACHINE, entity).map(Object::getClass);
    expect("state", found, expected);
  }

  /// The store was closed in good order: everyone who still waited has been told.
  void closed() {
    for (Ask ask : List.copyOf(unanswered)) {
      expect("answered by the close", ticket(ask).done(), true);
      answered(ask);
      see(Sight.TICKET_ANSWERED_BY_CLOSE, true);
    }
  }

  private void see(Sight sight, boolean seen) {
    sightings.see(sight, seen);
  }
}
