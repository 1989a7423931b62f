package io.batpak.benches;

/// What an append has reached when it returns.
public enum Durability {
  /// Readers find the event and it survives the end of the process, not the end of the power.
  VISIBLE,

  /// The event survives the end of the power: the disk was told to keep it.
  DURABLE
}
