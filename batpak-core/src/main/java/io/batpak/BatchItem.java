package io.batpak;

import io.batpak.event.Coordinate;
import java.util.Objects;

/// One event of a batch.
///
/// @param coordinate where it will live
/// @param payload a record with `@EventPayload`
/// @param options tags and causes; the level is the batch's
public record BatchItem(Coordinate coordinate, Record payload, AppendOptions options) {

  /// Refuses null.
  public BatchItem {
    Objects.requireNonNull(coordinate);
    Objects.requireNonNull(payload);
    Objects.requireNonNull(options);
  }

  /// {@return an event without options}
  ///
  /// @param coordinate where it will live
  /// @param payload a record with `@EventPayload`
  public static BatchItem of(Coordinate coordinate, Record payload) {
    return new BatchItem(coordinate, payload, AppendOptions.none());
  }
}
