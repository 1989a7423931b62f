package io.batpak;

import io.batpak.event.Coordinate;
import java.util.ArrayList;
import java.util.List;

/// Collects events and appends them as one batch. A flush that fails or is refused keeps them, so
/// that it can be tried again; with a key a second try is harmless, whatever became of the first.
/// Not fit for several threads.
public final class Outbox {

  private final Appender target;
  private final BatchOptions options;
  private final List<NewEvent> events = new ArrayList<>();

  /// Creates an empty outbox.
  ///
  /// @param target where the batches go
  /// @param options level and condition of each batch; no key, since each batch needs its own
  public Outbox(Appender target, BatchOptions options) {
    if (options.key().isPresent()) {
      throw new IllegalArgumentException("a key is one batch's: give it to flush");
    }
    this.target = target;
    this.options = options;
  }

  /// Puts an event behind those collected.
  ///
  /// @param event the event
  /// @return which item of the batch it will be, for {@link NewEvent#causedBy}
  public int add(NewEvent event) {
    events.add(event);
    return events.size() - 1;
  }

  /// Puts an event behind those collected.
  ///
  /// @param coordinate where it will live
  /// @param payload a record with `@EventPayload`
  /// @return which item of the batch it will be, for {@link NewEvent#causedBy}
  public int add(Coordinate coordinate, Record payload) {
    return add(NewEvent.of(coordinate, payload));
  }

  /// {@return how many events are collected}
  public int count() {
    return events.size();
  }

  /// Forgets the events that are collected.
  public void clear() {
    events.clear();
  }

  /// Appends what is collected as one batch; nothing if nothing is. The outbox is empty afterwards
  /// if this returns receipts. If it throws, the events are kept; after a failed force they may be
  /// in the log as well ({@link Appender}).
  ///
  /// @return the receipts, or why there are none
  /// @throws io.batpak.failure.StoreException if the store cannot do it
  public BatchAppended flush() {
    return flush(options);
  }

  /// Appends what is collected as one batch under an idempotency key: to be tried again until it
  /// returns receipts, with the same key, also after a restart with the same events.
  ///
  /// @param key see {@link AppendOptions#key(String)}
  /// @return the receipts, or why there are none
  /// @throws io.batpak.failure.StoreException if the store cannot do it
  public BatchAppended flush(String key) {
    return flush(options.key(key));
  }

  private BatchAppended flush(BatchOptions ofBatch) {
    if (events.isEmpty()) {
      return new BatchAppended.Receipts(List.of());
    }
    BatchAppended answer = target.appendBatchIf(List.copyOf(events), ofBatch);
    if (answer instanceof BatchAppended.Receipts) {
      events.clear();
    }
    return answer;
  }
}
