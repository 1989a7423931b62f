package io.batpak;

import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.engine.Engine;
import io.batpak.engine.commit.Intent;
import io.batpak.engine.commit.Outcome;
import io.batpak.engine.frame.FrameDraft;
import io.batpak.engine.platform.FileSystemDisk;
import io.batpak.engine.platform.Platform;
import io.batpak.engine.platform.SystemClock;
import io.batpak.engine.platform.SystemEntropy;
import io.batpak.engine.platform.SystemThreads;
import io.batpak.event.Coordinate;
import io.batpak.event.EventId;
import io.batpak.event.EventLimits;
import io.batpak.event.Hlc;
import io.batpak.event.LanePosition;
import io.batpak.event.Names;
import io.batpak.evidence.OpenReport;
import io.batpak.failure.InvalidName;
import io.batpak.failure.LimitExceeded;
import io.batpak.payload.Catalogue;
import io.batpak.payload.MessageWriter;
import io.batpak.payload.PayloadCodec;
import io.batpak.query.Query;
import io.batpak.query.Region;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/// An open store: appends and reads events. One owner per directory; any number of threads.
///
/// Appending is synchronous. What an answer means is said by its {@link AckLevel}; what may be lost
/// below durable is bounded by the {@link SyncPolicy}. An append that throws has written nothing,
/// save where the exception says that the event is committed: a failed force under {@link
/// AckLevel#DURABLE} ({@link io.batpak.failure.DiskFailed}).
public final class Store implements AutoCloseable {

  private static final Logger LOGGER = System.getLogger("io.batpak");

  private final Engine engine;
  private final LogView view;
  private final StoreConfig config;
  private final Catalogue catalogue;

  private Store(Engine engine, StoreConfig config, Catalogue catalogue) {
    this.engine = engine;
    this.config = config;
    this.catalogue = catalogue;
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
    tell(store);
    return store;
  }

  /// Tells the flight recorder, and the operator if something had to be cut.
  private static void tell(Store store) {
    String directory = store.config.directory().toString();
    OpenReport report = store.openReport();
    new StoreOpenedEvent(directory, report).commit();
    if (report.recovered()) {
      LOGGER.log(
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

  /// Appends one event.
  ///
  /// @param coordinate where it will live
  /// @param payload a record with `@EventPayload`
  /// @return what was reached
  public Receipt append(Coordinate coordinate, Record payload) {
    return append(coordinate, payload, AppendOptions.none());
  }

  /// Appends one event with options.
  ///
  /// @param coordinate where it will live
  /// @param payload a record with `@EventPayload`
  /// @param options level, tags, causes
  /// @return what was reached
  public Receipt append(Coordinate coordinate, Record payload, AppendOptions options) {
    AckLevel level = level(options);
    return receipt(
        coordinate,
        commit(new Intent(draft(coordinate, payload, options), Intent.ANY), level),
        level);
  }

  /// Appends one event whose payload has no class.
  ///
  /// @param coordinate where it will live
  /// @param payload kind and MessagePack
  /// @return what was reached
  public Receipt append(Coordinate coordinate, RawPayload payload) {
    return append(coordinate, payload, AppendOptions.none());
  }

  /// Appends one event with options whose payload has no class.
  ///
  /// @param coordinate where it will live
  /// @param payload kind and MessagePack
  /// @param options level, tags, causes
  /// @return what was reached
  public Receipt append(Coordinate coordinate, RawPayload payload, AppendOptions options) {
    AckLevel level = level(options);
    return receipt(
        coordinate,
        commit(new Intent(draft(coordinate, payload, options), Intent.ANY), level),
        level);
  }

  /// Appends one event if its entity is as expected. The decision falls within the commit: of two
  /// that expect the same, one wins.
  ///
  /// @param coordinate where it will live
  /// @param payload a record with `@EventPayload`
  /// @param expected what must be true of the entity
  /// @return the receipt, or the conflict
  public Appended appendIf(Coordinate coordinate, Record payload, Expected expected) {
    return appendIf(coordinate, payload, expected, AppendOptions.none());
  }

  /// Appends one event with options if its entity is as expected.
  ///
  /// @param coordinate where it will live
  /// @param payload a record with `@EventPayload`
  /// @param expected what must be true of the entity
  /// @param options level, tags, causes
  /// @return the receipt, or the conflict
  public Appended appendIf(
      Coordinate coordinate, Record payload, Expected expected, AppendOptions options) {
    AckLevel level = level(options);
    long expectedClock =
        switch (expected) {
          case Expected.Any any -> Intent.ANY;
          case Expected.NoStream none -> Intent.NO_STREAM;
          case Expected.Exactly exactly -> exactly.clock();
        };
    Outcome outcome = commit(new Intent(draft(coordinate, payload, options), expectedClock), level);
    return switch (outcome) {
      case Outcome.Committed committed -> receipt(coordinate, committed, level);
      case Outcome.Conflicting conflict ->
          new Appended.Conflict(
              expected,
              conflict.actualClock() < 0
                  ? Expected.noStream()
                  : Expected.exactly(conflict.actualClock()),
              conflict.sequence() < 0
                  ? Optional.empty()
                  : Optional.of(new EventId(conflict.idHigh(), conflict.idLow())));
    };
  }

  /// Appends events together: all or none, visible at once, one after the other in the log.
  ///
  /// @param items 1 to {@link EventLimits#BATCH_COUNT_MAX}, together no longer than half a segment
  /// @return one receipt per item, in order
  public List<Receipt> appendBatch(List<BatchItem> items) {
    return appendBatch(items, config.level());
  }

  /// Appends events together, at a level.
  ///
  /// @param items 1 to {@link EventLimits#BATCH_COUNT_MAX}, together no longer than half a segment
  /// @param level what must have been reached
  /// @return one receipt per item, in order
  public List<Receipt> appendBatch(List<BatchItem> items, AckLevel level) {
    Objects.requireNonNull(level);
    if (items.isEmpty()) {
      throw new IllegalArgumentException("a batch without events");
    }
    if (items.size() > EventLimits.BATCH_COUNT_MAX) {
      throw new LimitExceeded("events in a batch", EventLimits.BATCH_COUNT_MAX, items.size());
    }
    AckLevel reached = raised(level);
    List<BatchItem> batch = List.copyOf(items);
    var intents = new Intent[batch.size()];
    for (int i = 0; i < intents.length; i++) {
      BatchItem item = batch.get(i);
      intents[i] = new Intent(draft(item.coordinate(), item.payload(), item.options()), Intent.ANY);
    }
    Outcome[] outcomes = engine.commit(intents, reached == AckLevel.DURABLE);
    var receipts = new Receipt[outcomes.length];
    for (int i = 0; i < outcomes.length; i++) {
      receipts[i] = receipt(batch.get(i).coordinate(), outcomes[i], reached);
    }
    return List.of(receipts);
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

  /// {@return the event at a position}
  ///
  /// @param sequence its position
  /// @throws io.batpak.failure.BeyondEnd if there is none yet
  public EventEntry at(long sequence) {
    return EventEntry.at(view, sequence);
  }

  /// {@return the sequence behind the last visible event, which is also how many there are}
  public long end() {
    return view.snapshot().end();
  }

  /// {@return the sequence behind the last event that survives loss of power}
  public long durableEnd() {
    view.refuseIfClosed();
    return engine.durableEnd();
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

  private Outcome commit(Intent intent, AckLevel level) {
    return engine.commit(new Intent[] {intent}, level == AckLevel.DURABLE)[0];
  }

  private AckLevel level(AppendOptions options) {
    return raised(options.level().orElse(config.level()));
  }

  private AckLevel raised(AckLevel level) {
    return config.sync() instanceof SyncPolicy.EveryCommit ? AckLevel.DURABLE : level;
  }

  private static Receipt receipt(Coordinate coordinate, Outcome outcome, AckLevel level) {
    if (!(outcome instanceof Outcome.Committed event)) {
      throw new AssertionError("a conflict without a condition: " + outcome);
    }
    return new Receipt(
        new EventId(event.idHigh(), event.idLow()),
        event.sequence(),
        new Hlc(event.idHigh() >>> 16, event.counter()),
        coordinate,
        event.clock(),
        event.hash(),
        level);
  }

  private <T extends Record> FrameDraft draft(
      Coordinate coordinate, T payload, AppendOptions options) {
    @SuppressWarnings("unchecked") // a record's class is the class of its payload type
    PayloadCodec<T> codec = catalogue.codec((Class<T>) payload.getClass());
    refuseReserved(coordinate);
    var builder = new FrameDraft.Builder(coordinate, codec.kind().bits(), codec.version(), 0);
    codec.write(payload, options(builder, options, codec.tags(payload)));
    return built(builder);
  }

  private static FrameDraft draft(
      Coordinate coordinate, RawPayload payload, AppendOptions options) {
    refuseReserved(coordinate);
    var builder = new FrameDraft.Builder(coordinate, payload.kind().bits(), payload.version(), 0);
    MessageWriter out = options(builder, options, List.of());
    byte[] bytes = payload.shared();
    out.writeRaw(bytes, 0, bytes.length);
    return built(builder);
  }

  private static MessageWriter options(
      FrameDraft.Builder builder, AppendOptions options, List<String> payloadTags) {
    return builder.options(
        LanePosition.ROOT,
        options.correlation().orElse(null),
        options.causation().orElse(null),
        tags(options.tags(), payloadTags),
        null,
        Collections.emptySortedMap());
  }

  private static List<String> tags(List<String> ofOptions, List<String> ofPayload) {
    if (ofOptions.isEmpty() && ofPayload.isEmpty()) {
      return List.of();
    }
    var sorted = new TreeSet<>(ofOptions);
    for (String tag : ofPayload) {
      var _ = Names.check("tag", tag, EventLimits.TAG_BYTES_MAX);
      sorted.add(tag);
    }
    if (sorted.size() > EventLimits.TAG_COUNT_MAX) {
      throw new LimitExceeded("tags", EventLimits.TAG_COUNT_MAX, sorted.size());
    }
    return List.copyOf(sorted);
  }

  private static FrameDraft built(FrameDraft.Builder builder) {
    if (builder.payloadBytes() > EventLimits.PAYLOAD_BYTES_MAX) {
      throw new LimitExceeded(
          "payload bytes", EventLimits.PAYLOAD_BYTES_MAX, builder.payloadBytes());
    }
    return builder.build();
  }

  private static void refuseReserved(Coordinate coordinate) {
    if (coordinate.entity().startsWith(Names.RESERVED_PREFIX)
        || coordinate.scope().startsWith(Names.RESERVED_PREFIX)) {
      throw new InvalidName(
          coordinate.entity().startsWith(Names.RESERVED_PREFIX) ? "entity" : "scope",
          "begins with "
              + Names.RESERVED_PREFIX
              + ", which is the library's own; choose another beginning");
    }
  }
}
