package io.batpak.examples;

import io.batpak.NewEvent;
import io.batpak.Outbox;
import io.batpak.Store;
import io.batpak.Ticket;
import io.batpak.annotations.EventPayload;
import io.batpak.event.Coordinate;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Locale;

/// Imports a million events: one half in batches, the other one by one with many on their way. All
/// have keys, so an import that was broken off is simply started again.
///
/// `ImportMillion DIRECTORY [COUNT]`
public final class ImportMillion {

  private static final int COUNT = 1_000_000;
  private static final int BATCH = 1_000;
  private static final int ON_THEIR_WAY_MAX = 1_000;
  private static final int SENSORS = 5_000;

  private ImportMillion() {}

  /// A sensor was read.
  ///
  /// @param number which reading of the source it is
  /// @param celsius what it said
  @EventPayload(category = 0x1, type = 0x008)
  record Reading(int number, double celsius) {}

  /// Runs it.
  ///
  /// @param arguments the store's directory, and how many events
  public static void main(String[] arguments) {
    int count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : COUNT;
    try (Store store = Store.open(Path.of(arguments[0]))) {
      long startNanos = System.nanoTime();
      inBatches(store, 0, count / 2);
      say("in batches", count / 2, startNanos);

      startNanos = System.nanoTime();
      byTickets(store, count / 2, count);
      say("by tickets", count - count / 2, startNanos);
    }
  }

  /// The place in the source is the key of each batch: cut in the same places, a batch that is
  /// there is not appended again.
  private static void inBatches(Store store, int from, int until) {
    for (int i = from; i < until; i += BATCH) {
      Outbox outbox = store.outbox();
      for (int number = i; number < Math.min(i + BATCH, until); number++) {
        var _ = outbox.add(event(number));
      }
      var _ = outbox.flush("import:batch:" + i).allOrThrow();
    }
    store.sync();
  }

  /// The oldest ticket is asked before the next event is submitted, so that a failure shows at once
  /// and no more than so many are remembered.
  private static void byTickets(Store store, int from, int until) {
    var onTheirWay = new ArrayDeque<Ticket>();
    for (int number = from; number < until; number++) {
      if (onTheirWay.size() == ON_THEIR_WAY_MAX) {
        var _ = onTheirWay.remove().await().orThrow();
      }
      onTheirWay.add(store.submit(event(number).key("import:" + number)));
    }
    onTheirWay.forEach(ticket -> {
      var _ = ticket.await().orThrow();
    });
    store.sync();
  }

  private static NewEvent event(int number) {
    return NewEvent.of(
        Coordinate.of("sensor:" + number % SENSORS, "roof"), new Reading(number, 20 + number % 10));
  }

  private static void say(String way, long count, long startNanos) {
    double seconds = Math.max(1, System.nanoTime() - startNanos) / 1e9;
    System.out.println(
        String.format(
            Locale.ROOT,
            "%s: %,d events in %.2f s, %,.0f/s, durable",
            way,
            count,
            seconds,
            count / seconds));
  }
}
