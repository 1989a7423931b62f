package io.batpak;

import java.util.List;

/// The answer to a batch with conditions or keys: {@link Receipts}, a {@link Conflict} or {@link
/// KeyReused}.
public sealed interface BatchAppended permits BatchAppended.Receipts, Refusal {

  /// {@return the receipts, one per event, in order}
  ///
  /// @throws AppendRefused if nothing was appended
  List<Receipt> allOrThrow();

  /// The events are in the log.
  ///
  /// @param receipts one per event, in order
  record Receipts(List<Receipt> receipts) implements BatchAppended {

    /// Copies the list.
    public Receipts {
      receipts = List.copyOf(receipts);
    }

    @Override
    public List<Receipt> allOrThrow() {
      return receipts;
    }
  }
}
