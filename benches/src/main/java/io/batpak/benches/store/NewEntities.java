package io.batpak.benches.store;

import io.batpak.event.Coordinate;
import java.util.HexFormat;

/// Entities that never had an event, in no order. For one caller.
///
/// Each is named when its turn comes, as a caller that has just made one would: the time and the
/// bytes of the name are part of the append.
final class NewEntities implements Entities {

  private static final int NAME_DIGITS = 8;

  private final Permutation numbers = new Permutation(Integer.SIZE);
  private int turn;

  @Override
  public Coordinate next() {
    int number = numbers.at(turn);
    turn++;
    return Coordinate.of("new:" + HexFormat.of().toHexDigits(number, NAME_DIGITS), "bench");
  }
}
