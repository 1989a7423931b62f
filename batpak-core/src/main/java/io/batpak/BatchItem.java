package io.batpak;

import io.batpak.event.Coordinate;
import java.util.Objects;

/// One event of a batch.
///
/// @param coordinate where it will live
/// @param payload a record with `@EventPayload`
/// @param options tags and causes, without a level
public record BatchItem(Coordinate coordinate, Record payload, AppendOptions options) {

  /// Refuses null, and a level, which a single event of a batch cannot have.
  public BatchItem {
    Objects.requireNonNull(coordinate);
    Objects.requireNonNull(payload);
    if (options.level().isPresent()) {
      throw new IllegalArgumentException("an item has no level of its own: give it to appendBatch");
    }
  }

  /// {@return an event without options}
  ///
  /// @param coordinate where it will live
  /// @param payload a record with `@EventPayload`
  public static BatchItem of(Coordinate coordinate, Record payload) {
    return new BatchItem(coordinate, payload, AppendOptions.none());
  }
}
