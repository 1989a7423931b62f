package io.batpak.benches.store;

import io.batpak.AppendOptions;
import io.batpak.Appended;
import io.batpak.Conflict;
import io.batpak.Expected;
import io.batpak.NewEvent;
import io.batpak.Store;
import io.batpak.Ticket;
import io.batpak.benches.Shape;
import io.batpak.benches.Subject;
import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.evidence.OpenReport;
import io.batpak.query.Region;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The store with its usual settings: typed events, {@value #ENTITY_COUNT} entities in turn, or the
/// cold or new ones of the shape.
public final class BatpakSubject implements Subject {

  private static final int ENTITY_COUNT = 1_000;

  /// Callers start at different entities.
  private static final int CALLER_STRIDE = 37;

  private static final Coordinate HOT = Coordinate.of("entity:0", "bench");

  private final Caller[] callers;
  private final AppendOptions options;
  private final Store store;
  private final long eventsAtOpen;

  private BatpakSubject(Store store, AckLevel level, Shape shape, int coldCount) {
    this.store = store;
    this.options = AppendOptions.none().level(level);
    this.eventsAtOpen = coldCount;
    this.callers = new Caller[shape.callers()];
    List<Coordinate> coordinates = RecurringEntities.coordinates(ENTITY_COUNT);
    for (int i = 0; i < callers.length; i++) {
      Entities recurring = new RecurringEntities(coordinates, i * CALLER_STRIDE);
      callers[i] =
          new Caller(
              switch (shape.entities()) {
                case RECURRING -> recurring;
                case NEW -> new NewEntities();
                case COLD -> new ColdEntities(coldCount, recurring);
              });
    }
  }

  /// What one caller keeps between two appends; touched by it only, and between the passes.
  private static final class Caller {
    private final ArrayDeque<Ticket> tickets = new ArrayDeque<>();
    private Expected expected = Expected.noStream();
    private final Entities entities;

    Caller(Entities entities) {
      this.entities = entities;
    }
  }

  /// {@return it, open; empty unless the shape has cold entities}
  ///
  /// @param directory empty, or filled by {@link ColdFill}
  /// @param shape the level of each append, how many callers there are, and the entities
  /// @throws IllegalStateException if the cold entities are not in sealed segments
  public static BatpakSubject open(Path directory, Shape shape) {
    AckLevel level =
        switch (shape.durability()) {
          case VISIBLE -> AckLevel.VISIBLE;
          case DURABLE -> AckLevel.DURABLE;
        };
    Store store = Store.open(StoreConfig.of(directory));
    return new BatpakSubject(store, level, shape, shape.cold() ? coldCount(store) : 0);
  }

  /// Only the last segment, which holds no cold entity, may be without a footer.
  private static int coldCount(Store store) {
    OpenReport report = store.openReport();
    if (report.sealedSegments() < report.segments() - 1) {
      throw new IllegalStateException("the cold entities are not sealed: " + report);
    }
    return (int) store.query(Region.namespace(ColdEntities.NAMESPACE)).stream().count();
  }

  @Override
  public void append(int caller, byte[] payload) {
    var _ = store.append(callers[caller].entities.next(), new Sample(payload), options);
  }

  @Override
  public void appendBatch(int caller, byte[][] payloads) {
    List<NewEvent> items = new ArrayList<>(payloads.length);
    for (byte[] payload : payloads) {
      items.add(NewEvent.of(callers[caller].entities.next(), new Sample(payload)));
    }
    var _ = store.appendBatch(items, options.level().orElseThrow());
  }

  @Override
  public void submit(int caller, byte[] payload) {
    ArrayDeque<Ticket> tickets = callers[caller].tickets;
    if (tickets.size() == IN_FLIGHT_MAX) {
      var _ = tickets.remove().await().orThrow();
    }
    NewEvent event = NewEvent.of(callers[caller].entities.next(), new Sample(payload));
    tickets.add(store.submit(event.options(options)));
  }

  @Override
  public void settle(int caller) {
    for (Ticket ticket : callers[caller].tickets) {
      var _ = ticket.await().orThrow();
    }
    callers[caller].tickets.clear();
  }

  @Override
  public void appendHot(int caller, byte[] payload) {
    Caller own = callers[caller];
    Appended answer = store.appendIf(HOT, new Sample(payload), own.expected, options);
    while (answer instanceof Conflict.Revision conflict) {
      answer = store.appendIf(HOT, new Sample(payload), conflict.actual(), options);
    }
    own.expected = Expected.exactly(answer.orThrow().clock());
  }

  @Override
  public long eventsAtOpen() {
    return eventsAtOpen;
  }

  @Override
  public void warmedUp() {
    for (Caller caller : callers) {
      caller.entities.warmedUp();
    }
  }

  @Override
  public long room() {
    return Arrays.stream(callers).mapToLong(caller -> caller.entities.room()).min().orElse(0);
  }

  @Override
  public long readAll() {
    long count = 0;
    for (Sample sample : store.query(Region.all()).payloads(Sample.class)) {
      count += sample.body().length == PAYLOAD_BYTES ? 1 : 0;
    }
    return count;
  }

  @Override
  public void close() {
    store.close();
  }
}
