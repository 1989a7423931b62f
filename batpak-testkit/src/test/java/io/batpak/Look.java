package io.batpak;

import io.batpak.event.EventId;
import io.batpak.query.Query;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/// Reading, the same for a store and for one who only looks.
///
/// @param end the sequence behind the last event
/// @param query the events of a query
/// @param at the event at a position
/// @param get the event with an id
record Look(
    LongSupplier end,
    Function<Query, Results> query,
    LongFunction<EventEntry> at,
    Function<EventId, Optional<EventEntry>> get) {

  /// {@return the eyes of an open store}
  static Look at(Store store) {
    return new Look(store::end, store::query, store::at, store::get);
  }

  /// {@return the eyes of a view}
  static Look at(LogView view) {
    return new Look(
        () -> view.snapshot().end(),
        query -> new Results(view, query),
        sequence -> EventEntry.at(view, sequence),
        id -> EventEntry.find(view, id));
  }
}
