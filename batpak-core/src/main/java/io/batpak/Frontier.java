package io.batpak;

import io.batpak.event.Hlc;

/// How far a store is, read at one moment: `accepted ≥ written ≥ durable`, `accepted ≥ visible ≥
/// applied`, and `emitted` follows `visible`.
///
/// @param accepted what has been given a place in the order
/// @param written what stands in the log's files
/// @param durable what survives loss of power
/// @param visible what reads can see; behind `written` while a visibility fence is active
/// @param applied what every registered fold has taken in; as `visible` without one
/// @param emitted what every observer has been told of; as `visible` without one
public record Frontier(
    Mark accepted, Mark written, Mark durable, Mark visible, Mark applied, Mark emitted) {

  /// A place in the order.
  ///
  /// @param end the sequence behind the last event that got there
  /// @param hlc when that event was committed; 0.0 if there is none
  public record Mark(long end, Hlc hlc) {}
}
