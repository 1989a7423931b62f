package io.batpak;

import io.batpak.config.AckLevel;
import io.batpak.event.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What is asked of a store in one go: one event, or a batch.
///
/// @param items the events, each under its condition; the key of a batch stands on the first
/// @param batch whether it is asked for as a batch
/// @param condition what must be true for the batch as a whole
/// @param keyed whether the key of the first event is the batch's
/// @param level what the answer must mean; empty for the store's setting
record Request(
    List<Item> items, boolean batch, Condition condition, boolean keyed, Optional<AckLevel> level) {

  /// One event.
  ///
  /// @param wanted the event
  /// @param condition what must be true for it
  record Item(Wanted wanted, Condition condition) {}

  /// {@return a request for one event without condition}
  static Request of(Wanted wanted, Optional<AckLevel> level) {
    return new Request(
        List.of(new Item(wanted, Expected.any())), false, Expected.any(), false, level);
  }

  /// {@return the events}
  List<Wanted> events() {
    return items.stream().map(Item::wanted).toList();
  }

  /// {@return whether it has neither condition nor key}
  boolean plain() {
    return condition instanceof Expected.Any
        && items.stream()
            .allMatch(
                item -> item.condition instanceof Expected.Any && item.wanted.key().isEmpty());
  }

  /// {@return whether an event has a key}
  boolean hasKey() {
    return items.stream().anyMatch(item -> item.wanted.key().isPresent());
  }

  /// {@return the event for a store; there is one}
  NewEvent event() {
    NewEvent event = event(0);
    return level.map(one -> event.options(event.options().level(one))).orElse(event);
  }

  private NewEvent event(int i) {
    Item item = items.get(i);
    NewEvent event = item.wanted.event().when(item.condition);
    if (item.wanted.cause() >= 0) {
      event = event.causedBy(item.wanted.cause());
    }
    Optional<Bytes> key = i == 0 && keyed ? Optional.empty() : item.wanted.key();
    return key.isEmpty() ? event : event.options(event.options().key(key.get()));
  }

  private BatchOptions batchOptions() {
    return new BatchOptions(
        level, condition, keyed ? items.getFirst().wanted.key() : Optional.empty());
  }

  /// Asks a store or a fence.
  Told ask(Appender target) {
    if (!batch) {
      return plain() ? Told.of(plainly(target, event())) : Told.of(target.appendIf(event()));
    }
    List<NewEvent> events = IntStream.range(0, items.size()).mapToObj(this::event).toList();
    return Told.of(target.appendBatchIf(events, batchOptions()));
  }

  private static Receipt plainly(Appender target, NewEvent event) {
    return switch (event.payload()) {
      case RawPayload raw -> target.append(event.coordinate(), raw, event.options());
      case Record payload -> target.append(event.coordinate(), payload, event.options());
      default -> throw new AssertionError(event);
    };
  }
}
