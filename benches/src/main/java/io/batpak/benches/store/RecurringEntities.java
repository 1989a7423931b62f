package io.batpak.benches.store;

import io.batpak.event.Coordinate;
import java.util.List;
import java.util.stream.IntStream;

/// A fixed list of entities, in turn.
final class RecurringEntities implements Entities {

  private final List<Coordinate> coordinates;
  private int turn;

  /// Starts somewhere in a list.
  ///
  /// @param coordinates at least one
  /// @param turn index of the entity before the first
  RecurringEntities(List<Coordinate> coordinates, int turn) {
    this.coordinates = coordinates;
    this.turn = turn;
  }

  /// {@return coordinates for a list}
  ///
  /// @param count how many
  static List<Coordinate> coordinates(int count) {
    return IntStream.range(0, count).mapToObj(i -> Coordinate.of("entity:" + i, "bench")).toList();
  }

  @Override
  public Coordinate next() {
    turn = (turn + 1) % coordinates.size();
    return coordinates.get(turn);
  }
}
