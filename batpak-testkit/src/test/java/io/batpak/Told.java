package io.batpak;

import io.batpak.failure.StoreException;
import java.util.List;

/// What a store has said to a [Request].
sealed interface Told {

  /// The events are in the log.
  ///
  /// @param receipts one per event
  record Receipts(List<Receipt> receipts) implements Told {}

  /// They are not, by their condition or key.
  ///
  /// @param refusal why
  record Refused(Refusal refusal) implements Told {}

  /// The store could not.
  ///
  /// @param failure why
  record Failed(StoreException failure) implements Told {}

  /// {@return what was said to one event}
  static Told of(Appended answer) {
    return switch (answer) {
      case Receipt receipt -> new Receipts(List.of(receipt));
      case Refusal refusal -> new Refused(refusal);
    };
  }

  /// {@return what was said to a batch}
  static Told of(BatchAppended answer) {
    return switch (answer) {
      case BatchAppended.Receipts all -> new Receipts(all.receipts());
      case Refusal refusal -> new Refused(refusal);
    };
  }
}
