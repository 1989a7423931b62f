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
import io.batpak.query.Region;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// The store with its usual settings: typed events, {@value #ENTITY_COUNT} entities in turn.
public final class BatpakSubject implements Subject {

  private static final int ENTITY_COUNT = 1_000;

  /// Callers start at different entities.
  private static final int CALLER_STRIDE = 37;

  private final Coordinate[] coordinates = new Coordinate[ENTITY_COUNT];
  private final Caller[] callers;
  private final AppendOptions options;
  private final Store store;

  private BatpakSubject(Store store, AckLevel level, int callerCount) {
    this.store = store;
    this.options = AppendOptions.none().level(level);
    for (int i = 0; i < ENTITY_COUNT; i++) {
      coordinates[i] = new Coordinate("entity:" + i, "bench");
    }
    this.callers = new Caller[callerCount];
    for (int i = 0; i < callerCount; i++) {
      callers[i] = new Caller(i * CALLER_STRIDE);
    }
  }

  /// Whose turn it is; touched by one caller only.
  private static final class Caller {
    private final ArrayDeque<Ticket> tickets = new ArrayDeque<>();
    private Expected expected = Expected.noStream();
    private int turn;

    Caller(int turn) {
      this.turn = turn;
    }

    int next() {
      turn = (turn + 1) % ENTITY_COUNT;
      return turn;
    }
  }

  /// {@return it, open and empty}
  ///
  /// @param directory where to
  /// @param shape the level of each append, and how many callers there are
  public static BatpakSubject open(Path directory, Shape shape) {
    AckLevel level =
        switch (shape.durability()) {
          case VISIBLE -> AckLevel.VISIBLE;
          case DURABLE -> AckLevel.DURABLE;
        };
    return new BatpakSubject(Store.open(StoreConfig.of(directory)), level, shape.callers());
  }

  @Override
  public void append(int caller, byte[] payload) {
    var _ = store.append(coordinates[callers[caller].next()], new Sample(payload), options);
  }

  @Override
  public void appendBatch(int caller, byte[][] payloads) {
    List<NewEvent> items = new ArrayList<>(payloads.length);
    for (byte[] payload : payloads) {
      items.add(NewEvent.of(coordinates[callers[caller].next()], new Sample(payload)));
    }
    var _ = store.appendBatch(items, options.level().orElseThrow());
  }

  @Override
  public void submit(int caller, byte[] payload) {
    ArrayDeque<Ticket> tickets = callers[caller].tickets;
    if (tickets.size() == IN_FLIGHT_MAX) {
      var _ = tickets.remove().await().orThrow();
    }
    NewEvent event = NewEvent.of(coordinates[callers[caller].next()], new Sample(payload));
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
    Appended answer = store.appendIf(coordinates[0], new Sample(payload), own.expected, options);
    while (answer instanceof Conflict.Revision conflict) {
      answer = store.appendIf(coordinates[0], new Sample(payload), conflict.actual(), options);
    }
    own.expected = Expected.exactly(answer.orThrow().clock());
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
