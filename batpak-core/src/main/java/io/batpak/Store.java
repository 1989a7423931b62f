package io.batpak;

import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.engine.Engine;
import io.batpak.engine.commit.CommitRequest;
import io.batpak.engine.commit.FenceTicket;
import io.batpak.engine.commit.Submission;
import io.batpak.engine.commit.Syncer;
import io.batpak.engine.commit.Watermarks;
import io.batpak.engine.frame.FrameDraft;
import io.batpak.engine.index.EventRow;
import io.batpak.engine.platform.FileSystemDisk;
import io.batpak.engine.platform.Platform;
import io.batpak.engine.platform.SystemClock;
import io.batpak.engine.platform.SystemEntropy;
import io.batpak.engine.platform.SystemThreads;
import io.batpak.event.Coordinate;
import io.batpak.event.EventId;
import io.batpak.event.EventLimits;
import io.batpak.event.Hlc;
import io.batpak.evidence.OpenReport;
import io.batpak.failure.LimitExceeded;
import io.batpak.payload.Catalogue;
import io.batpak.query.Query;
import io.batpak.query.Region;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An open store: appends and reads events. One owner per directory; any number of threads.
///
/// Appending is synchronous ({@link Appender}), or by way of a {@link Ticket}. What an answer means
/// is said by its {@link AckLevel}; what may be lost below durable is bounded by the {@link
/// SyncPolicy}.
public final class Store implements Appender, AutoCloseable {

  private final Engine engine;
  private final LogView view;
  private final StoreConfig config;
  private final Catalogue catalogue;
  private final Requests requests;
  private final Drafts drafts = new Drafts();

  private Store(Engine engine, StoreConfig config, Catalogue catalogue) {
    this.engine = engine;
    this.config = config;
    this.catalogue = catalogue;
    this.requests = new Requests(catalogue);
    this.view = new LogView(config.directory(), catalogue, engine::snapshot);
  }

  /// Opens the store in a directory with the usual settings; makes it if there is none.
  ///
  /// @param directory a directory of its own
  /// @return the open store
  /// @throws io.batpak.failure.Locked if it has an owner
  /// @throws io.batpak.failure.Corrupt if what is there is damaged
  /// @throws io.batpak.failure.ForeignFile if it is not a store's directory
  /// @throws io.batpak.failure.BadConfiguration if two payload classes have one kind
  public static Store open(Path directory) {
    return open(StoreConfig.of(directory));
  }

  /// Opens a store with settings.
  ///
  /// @param config the settings
  /// @return the open store
  /// @throws io.batpak.failure.StoreException as {@link #open(Path)}
  public static Store open(StoreConfig config) {
    return open(config, Catalogue.load());
  }

  /// Opens a store with settings and payload codecs.
  ///
  /// @param config the settings
  /// @param catalogue the payload codecs
  /// @return the open store
  /// @throws io.batpak.failure.StoreException as {@link #open(Path)}
  public static Store open(StoreConfig config, Catalogue catalogue) {
    Objects.requireNonNull(catalogue);
    var platform =
        new Platform(
            new FileSystemDisk(config.directory()),
            new SystemClock(),
            new SystemThreads(),
            new SystemEntropy());
    Store store = open(platform, config, catalogue);
    report(store);
    return store;
  }

  /// Tells the flight recorder, and the operator if something had to be cut. Reports what opening
  /// did. Flight recording is loaded by its first event, so that goes to another thread; a warning
  /// must not be lost if the process ends soon.
  private static void report(Store store) {
    String directory = store.config.directory().toString();
    OpenReport report = store.openReport();
    store.engine.runElsewhere(() -> new StoreOpenedEvent(directory, report).commit());
    if (report.recovered()) {
      System.getLogger("io.batpak")
          .log(
              Level.WARNING,
              "{0}: not closed cleanly; cut {1} bytes behind the last good event: {2}",
              directory,
              report.cutBytes(),
              report.cutReason());
    }
  }

  /// Opens a store on a platform of its own. For the test kit, whose simulations stand in for disk,
  /// clock, threads and entropy; applications open a directory.
  ///
  /// @param platform the outside; a type that only the test kit sees
  /// @param config the settings
  /// @param catalogue the payload codecs
  /// @return the open store
  /// @throws io.batpak.failure.StoreException as {@link #open(Path)}
  @SuppressWarnings("exports") // on purpose: nobody else can name a platform
  public static Store open(Platform platform, StoreConfig config, Catalogue catalogue) {
    return new Store(Engine.open(platform, config), config, catalogue);
  }

  @Override
  public Receipt append(Coordinate coordinate, Record payload, AppendOptions options) {
    return appendPlain(coordinate, payload, options);
  }

  @Override
  public Receipt append(Coordinate coordinate, RawPayload payload, AppendOptions options) {
    return appendPlain(coordinate, payload, options);
  }

  private Receipt appendPlain(Coordinate coordinate, Object payload, AppendOptions options) {
    options.refuseKey();
    AckLevel level = level(options.level());
    int slot = coordinate.hashCode();
    FrameDraft draft = drafts.take(slot);
    requests.fill(draft, coordinate, payload, options);
    EventRow event = engine.append(draft, level == AckLevel.DURABLE);
    drafts.giveBack(draft, slot);
    return new Receipt(event, coordinate, level);
  }

  @Override
  public Appended appendIf(NewEvent event) {
    return appendIf(event, level(event.options().level()), null);
  }

  Appended appendIf(NewEvent event, FenceTicket fence) {
    return appendIf(event, AckLevel.DURABLE, fence);
  }

  private Appended appendIf(NewEvent event, AckLevel level, @Nullable FenceTicket fence) {
    CommitRequest request = requests.of(event, level == AckLevel.DURABLE, fence);
    return Answers.of(event, engine.commit(request), level);
  }

  @Override
  public BatchAppended appendBatchIf(List<NewEvent> events, BatchOptions options) {
    return appendBatchIf(List.copyOf(events), options, level(options.level()), null);
  }

  BatchAppended appendBatchIf(List<NewEvent> events, BatchOptions options, FenceTicket fence) {
    return appendBatchIf(List.copyOf(events), options, AckLevel.DURABLE, fence);
  }

  private BatchAppended appendBatchIf(
      List<NewEvent> events, BatchOptions options, AckLevel level, @Nullable FenceTicket fence) {
    CommitRequest request = requests.of(events, options, level == AckLevel.DURABLE, fence);
    return Answers.of(events, options, engine.commit(request), level);
  }

  /// Submits an event: it is on its way when this returns, and its answer comes by the ticket. Many
  /// can be on their way from one thread.
  ///
  /// What one thread submits and appends is committed in the order of its calls. If the queue is
  /// full, this waits for room.
  ///
  /// @param event what, where and under which condition
  /// @return the answer to come
  /// @throws io.batpak.failure.Interrupted if the thread was interrupted while it waited; nothing
  ///   will be written
  public Ticket submit(NewEvent event) {
    AckLevel level = level(event.options().level());
    return ticket(event, level, engine.submit(requests.of(event, level == AckLevel.DURABLE, null)));
  }

  /// Submits an event without conditions.
  ///
  /// @param coordinate where it will live
  /// @param payload a record with `@EventPayload`
  /// @return the answer to come
  public Ticket submit(Coordinate coordinate, Record payload) {
    return submit(NewEvent.of(coordinate, payload));
  }

  /// Submits an event, unless the queue is more than three quarters full.
  ///
  /// @param event what, where and under which condition
  /// @return the answer to come, or how busy the store is
  public Submitted trySubmit(NewEvent event) {
    AckLevel level = level(event.options().level());
    Optional<Submission> taken =
        engine.trySubmit(requests.of(event, level == AckLevel.DURABLE, null));
    return taken.isPresent() ? ticket(event, level, taken.get()) : engine.busy(Submitted.Busy::new);
  }

  private Ticket ticket(NewEvent event, AckLevel level, Submission submission) {
    return new Ticket(
        submission, done -> Answers.of(event, engine.answer(done), level), engine::runElsewhere);
  }

  /// {@return an empty outbox whose batches go to this store}
  public Outbox outbox() {
    return new Outbox(this, BatchOptions.none());
  }

  /// Begins a visibility fence: what is appended to it is durable at once, and seen together when
  /// it is committed, or never. Nobody else can append while it is active.
  ///
  /// @param limit when it is cancelled if it has not been ended by then; 1 ms to 1 h
  /// @return the fence
  /// @throws io.batpak.failure.FenceActive if there is one
  /// @throws LimitExceeded if the limit is too long
  public VisibilityFence fence(Duration limit) {
    long millis = limit.toMillis();
    if (millis < 1) {
      throw new IllegalArgumentException("a limit of " + limit + " is below a millisecond");
    }
    if (millis > EventLimits.FENCE_MILLIS_MAX) {
      throw new LimitExceeded("fence milliseconds", EventLimits.FENCE_MILLIS_MAX, millis);
    }
    view.refuseIfClosed();
    return new VisibilityFence(this, engine.beginFence(limit.toNanos()));
  }

  /// {@return where the log says that the fence is committed; empty if it has ended otherwise}
  OptionalLong commitFence(FenceTicket fence) {
    return engine.commitFence(fence);
  }

  void makeDurable(long sequence) {
    engine.makeDurable(sequence);
  }

  void cancelFence(FenceTicket fence) {
    engine.cancelFence(fence);
  }

  /// {@return the state that an entity is in; empty if it is in none}
  ///
  /// @param machine the states it can be in
  /// @param entity the entity
  /// @param <S> the states
  public <S> Optional<S> state(StateMachine<S> machine, String entity) {
    Set<Integer> kinds = catalogue.kinds(machine.states());
    for (EventEntry entry : entity(entity).backward()) {
      if (kinds.contains(entry.kind().bits())) {
        return switch (entry.decode()) {
          case Decoded.Known known -> Optional.of(machine.states().cast(known.payload()));
          case Decoded.Malformed malformed -> throw malformed.cause();
          case Decoded.UnknownKind unknown -> throw new AssertionError(unknown);
        };
      }
    }
    return Optional.empty();
  }

  /// {@return the events of a region, as the log is now}
  ///
  /// @param region which
  public Results query(Region region) {
    return query(Query.of(region));
  }

  /// {@return the events that any of several regions means, each once, as the log is now}
  ///
  /// @param query which
  public Results query(Query query) {
    return new Results(view, query);
  }

  /// {@return the events of one entity}
  ///
  /// @param entity its name
  public Results entity(String entity) {
    return query(Region.entity(entity));
  }

  /// {@return an event}
  ///
  /// @param id its identity
  public Optional<EventEntry> get(EventId id) {
    return EventEntry.find(view, id);
  }

  /// {@return the event that was appended with an idempotency key; for a batch with a key, its
  /// first}
  ///
  /// @param key see {@link AppendOptions#key(String)}
  public Optional<EventEntry> findByKey(String key) {
    return EventEntry.find(view, AppendOptions.keyOf(key));
  }

  /// {@return the event at a position}
  ///
  /// @param sequence its position
  /// @throws io.batpak.failure.BeyondEnd if there is none yet
  public EventEntry at(long sequence) {
    return EventEntry.at(view, sequence);
  }

  /// {@return the sequence behind the last visible event. Hidden events and those of the library
  /// have their sequences too, so this is not how many a query finds}
  public long end() {
    return view.snapshot().end();
  }

  /// {@return the sequence behind the last event that survives loss of power}
  public long durableEnd() {
    view.refuseIfClosed();
    return engine.durableEnd();
  }

  /// {@return how far everything is, read at one moment}
  public Frontier frontier() {
    view.refuseIfClosed();
    Watermarks.Reading marks = engine.marks();
    Frontier.Mark written = mark(marks.written());
    Frontier.Mark visible = mark(marks.visible());
    return new Frontier(written, written, mark(marks.durable()), visible, visible, visible);
  }

  private Frontier.Mark mark(long end) {
    return new Frontier.Mark(end, end == 0 ? new Hlc(0, 0) : view.hlc(engine.written(), end - 1));
  }

  /// Waits until an event that was appended reaches a level. A wait costs the appends of others
  /// nothing.
  ///
  /// @param receipt of the event
  /// @param level which
  /// @param timeout how long at most
  /// @return how the wait ended; whatever it says, the event is committed
  /// @throws io.batpak.failure.Interrupted if the thread was interrupted
  public Awaited await(Receipt receipt, AckLevel level, Duration timeout) {
    return switch (level) {
      case VISIBLE ->
          awaited(level, engine.awaitVisible(receipt.sequence(), Durations.nanos(timeout)));
      case DURABLE -> awaitDurable(receipt.sequence(), timeout);
    };
  }

  private static Awaited awaited(AckLevel level, Syncer.Waited waited) {
    return switch (waited) {
      case REACHED -> new Awaited.Reached(level);
      case TIMED_OUT -> new Awaited.TimedOut(level);
      case STOPPED -> new Awaited.Stopped(level);
    };
  }

  /// Waits until the event at a position is durable, whether or not it has been appended yet.
  ///
  /// @param sequence the position
  /// @param timeout how long at most
  /// @return how the wait ended
  /// @throws io.batpak.failure.Interrupted if the thread was interrupted
  public Awaited awaitDurable(long sequence, Duration timeout) {
    if (sequence < 0) {
      throw new IllegalArgumentException("sequence " + sequence + " is negative");
    }
    return awaited(AckLevel.DURABLE, engine.awaitDurable(sequence, Durations.nanos(timeout)));
  }

  /// Takes in a time that another store or process has given: what is appended from now on is later
  /// than both. So events here that answer events there come behind them. The next event keeps it;
  /// a restart before that forgets it.
  ///
  /// @param remote the time
  /// @return the time that has been reached
  /// @throws LimitExceeded if it is more than an hour ahead of this machine's clock
  public Hlc observe(Hlc remote) {
    view.refuseIfClosed();
    return engine.observe(remote);
  }

  /// Makes everything appended so far durable.
  public void sync() {
    view.refuseIfClosed();
    engine.force();
  }

  /// {@return what opening did}
  public OpenReport openReport() {
    return engine.report();
  }

  /// {@return the store's id, which names its history}
  public EventId id() {
    return engine.store();
  }

  /// Makes everything durable, stops and joins the store's threads, gives the directory back. What
  /// is used afterwards fails with {@link io.batpak.failure.Closed}; a second call does nothing.
  ///
  /// @throws io.batpak.failure.DiskFailed if not everything is durable, or if writing had ended
  ///   with a failure before, also in the background. All else has been done
  @Override
  public void close() {
    if (view.close()) {
      engine.close();
    }
  }

  /// {@return the directory}
  @Override
  public String toString() {
    return "Store[" + config.directory() + "]";
  }

  private AckLevel level(Optional<AckLevel> asked) {
    return config.sync() instanceof SyncPolicy.EveryCommit
        ? AckLevel.DURABLE
        : asked.orElse(config.level());
  }
}
