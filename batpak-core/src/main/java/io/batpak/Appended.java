package io.batpak;

/// The answer to an append with conditions or a key: a {@link Receipt}, a {@link Conflict} or
/// {@link KeyReused}.
public sealed interface Appended permits Receipt, Refusal {

  /// {@return the receipt}
  ///
  /// @throws AppendRefused if nothing was appended
  Receipt orThrow();
}
