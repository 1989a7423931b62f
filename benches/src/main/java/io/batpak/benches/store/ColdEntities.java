package io.batpak.benches.store;

import io.batpak.event.Coordinate;
import java.util.HexFormat;

/// The entities of {@link ColdFill}, in no order, each at most once. For one caller.
///
/// An entity is cold as long as all its events are in sealed segments, so one append makes it hot.
/// The warm-up must take the same way through the store and still leave entities for the measured
/// pass: it appends to a cold one every {@value #WARM_UP_STEP} events, to at most a third of them
/// in all, and to other entities in between. After the warm-up every event goes to a cold one.
///
/// Each is named when its turn comes: the time and the bytes of the name are part of the append.
final class ColdEntities implements Entities {

  /// The namespace of all of them.
  static final String NAMESPACE = "cold";

  private static final int WARM_UP_STEP = 8;
  private static final int WARM_UP_SHARE = 3;
  private static final int NAME_DIGITS = 5;

  private final Permutation numbers;
  private final int count;
  private final Entities others;
  private boolean warm;
  private int asked;
  private int taken;

  /// Starts with the warm-up.
  ///
  /// @param count how many there are, a power of two
  /// @param others the entities between the cold ones of the warm-up
  ColdEntities(int count, Entities others) {
    this.count = count;
    this.numbers = new Permutation(Integer.numberOfTrailingZeros(count));
    this.others = others;
  }

  /// {@return an entity by its number}
  ///
  /// @param number at most {@value #NAME_DIGITS} hexadecimal digits
  static Coordinate coordinate(int number) {
    return Coordinate.of(
        NAMESPACE + ":" + HexFormat.of().toHexDigits(number, NAME_DIGITS), "bench");
  }

  @Override
  public Coordinate next() {
    if (!warm && !isColdTurn()) {
      return others.next();
    }
    if (taken == count) {
      throw new IllegalStateException("all " + count + " cold entities are used up");
    }
    int number = numbers.at(taken);
    taken++;
    return coordinate(number);
  }

  private boolean isColdTurn() {
    asked++;
    return asked % WARM_UP_STEP == 0 && taken < count / WARM_UP_SHARE;
  }

  @Override
  public void warmedUp() {
    warm = true;
  }

  @Override
  public long room() {
    return (long) count - taken;
  }
}
