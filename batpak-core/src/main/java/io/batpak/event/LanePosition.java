package io.batpak.event;

/// A caller's hint of where an event stands in a graph of its own making; the store keeps it and
/// does nothing with it.
///
/// @param lane the branch, 0 and up
/// @param depth the distance from the root, 0 and up
public record LanePosition(long lane, long depth) {

  /// Where events stand that say nothing.
  public static final LanePosition ROOT = new LanePosition(0, 0);

  /// Checks the ranges.
  public LanePosition {
    if (lane < 0 || depth < 0) {
      throw new IllegalArgumentException(
          "lane " + lane + " and depth " + depth + " must not be negative");
    }
  }
}
