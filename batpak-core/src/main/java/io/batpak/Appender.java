package io.batpak;

import io.batpak.config.AckLevel;
import io.batpak.event.Coordinate;
import java.util.List;

/// What takes events: a {@link Store}, or a {@link VisibilityFence} of one. Fit for any number of
/// threads.
///
/// An append that throws has written nothing, save where the exception says that the event is
/// committed: a failed force under {@link AckLevel#DURABLE} ({@link io.batpak.failure.DiskFailed}).
public sealed interface Appender permits Store, VisibilityFence {

  /// Appends one event, unless a condition or key of its stands against it. The decision falls
  /// within the commit: of two that expect the same, one wins. A key that is known with the same
  /// content gets its first receipt, whatever the condition says now; also if that was an event of
  /// a batch.
  ///
  /// @param event what, where and under which condition
  /// @return the receipt, or why there is none
  /// @throws io.batpak.failure.StoreException if the store cannot do it
  Appended appendIf(NewEvent event);

  /// Appends events together, unless a condition or key of the batch or of one of them stands
  /// against it: all or none, visible at once, one after the other in the log.
  ///
  /// Keys hold for the batch: it is a repeat if each key stands where it stood, in a batch of the
  /// same events; if only some are known, or elsewhere, that is {@link KeyReused}.
  ///
  /// @param events 1 to {@link io.batpak.event.EventLimits#BATCH_COUNT_MAX}, together no longer
  ///   than half a segment
  /// @param options level, condition and key of the whole
  /// @return the receipts, or why there are none
  /// @throws io.batpak.failure.StoreException if the store cannot do it
  BatchAppended appendBatchIf(List<NewEvent> events, BatchOptions options);

  /// Appends one event.
  ///
  /// @param coordinate where it will live
  /// @param payload a record with `@EventPayload`
  /// @return what was reached
  default Receipt append(Coordinate coordinate, Record payload) {
    return append(coordinate, payload, AppendOptions.none());
  }

  /// Appends one event with options.
  ///
  /// @param coordinate where it will live
  /// @param payload a record with `@EventPayload`
  /// @param options level, tags, causes and more, but no key: that has more than one answer
  /// @return what was reached
  default Receipt append(Coordinate coordinate, Record payload, AppendOptions options) {
    options.refuseKey();
    return appendIf(NewEvent.of(coordinate, payload).options(options)).orThrow();
  }

  /// Appends one event whose payload has no class.
  ///
  /// @param coordinate where it will live
  /// @param payload kind and MessagePack
  /// @return what was reached
  default Receipt append(Coordinate coordinate, RawPayload payload) {
    return append(coordinate, payload, AppendOptions.none());
  }

  /// Appends one event with options whose payload has no class.
  ///
  /// @param coordinate where it will live
  /// @param payload kind and MessagePack
  /// @param options level, tags, causes and more, but no key: that has more than one answer
  /// @return what was reached
  default Receipt append(Coordinate coordinate, RawPayload payload, AppendOptions options) {
    options.refuseKey();
    return appendIf(NewEvent.of(coordinate, payload).options(options)).orThrow();
  }

  /// Appends one event if a condition holds.
  ///
  /// @param coordinate where it will live
  /// @param payload a record with `@EventPayload`
  /// @param condition what must be true
  /// @return the receipt, or why there is none
  default Appended appendIf(Coordinate coordinate, Record payload, Condition condition) {
    return appendIf(coordinate, payload, condition, AppendOptions.none());
  }

  /// Appends one event with options if a condition holds.
  ///
  /// @param coordinate where it will live
  /// @param payload a record with `@EventPayload`
  /// @param condition what must be true
  /// @param options level, tags, key, causes and more
  /// @return the receipt, or why there is none
  default Appended appendIf(
      Coordinate coordinate, Record payload, Condition condition, AppendOptions options) {
    return appendIf(NewEvent.of(coordinate, payload).when(condition).options(options));
  }

  /// Appends events together: all or none, visible at once, one after the other in the log.
  ///
  /// @param events without conditions and keys
  /// @return one receipt per event, in order
  default List<Receipt> appendBatch(List<NewEvent> events) {
    return appendBatch(events, BatchOptions.none());
  }

  /// Appends events together, at a level.
  ///
  /// @param events without conditions and keys
  /// @param level what must have been reached
  /// @return one receipt per event, in order
  default List<Receipt> appendBatch(List<NewEvent> events, AckLevel level) {
    return appendBatch(events, BatchOptions.none().level(level));
  }

  private List<Receipt> appendBatch(List<NewEvent> events, BatchOptions options) {
    for (NewEvent event : events) {
      if (!(event.condition() instanceof Expected.Any) || event.options().key().isPresent()) {
        throw new IllegalArgumentException(
            "a batch with a condition or a key is answered by appendBatchIf");
      }
    }
    return appendBatchIf(events, options).allOrThrow();
  }

  /// Appends an event that another one has caused: in its conversation, and pointing at it.
  ///
  /// @param cause the event that it answers
  /// @param coordinate where it will live
  /// @param payload a record with `@EventPayload`
  /// @return what was reached
  default Receipt reaction(StoredEvent cause, Coordinate coordinate, Record payload) {
    return append(coordinate, payload, AppendOptions.none().causedBy(cause));
  }
}
