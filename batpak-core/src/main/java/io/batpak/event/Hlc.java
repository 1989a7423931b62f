package io.batpak.event;

/// A hybrid logical clock reading (Kulkarni et al., 2014): wall time, and a counter for events
/// within one millisecond or under a wall clock that stands or runs backwards. Readings of one
/// store strictly ascend.
///
/// @param wallMillis milliseconds since the epoch, 0 to 2^48 - 1
/// @param counter logical part, 0 and up
public record Hlc(long wallMillis, int counter) implements Comparable<Hlc> {

  /// Largest wall part: 48 bits, what a UUIDv7 holds.
  public static final long WALL_MILLIS_MAX = (1L << 48) - 1;

  /// Checks the ranges.
  public Hlc {
    if (wallMillis < 0 || wallMillis > WALL_MILLIS_MAX) {
      throw new IllegalArgumentException(
          "wall " + wallMillis + " is outside 0.." + WALL_MILLIS_MAX);
    }
    if (counter < 0) {
      throw new IllegalArgumentException("counter " + counter + " is negative");
    }
  }

  @Override
  public int compareTo(Hlc other) {
    int order = Long.compare(wallMillis, other.wallMillis);
    return order != 0 ? order : Integer.compare(counter, other.counter);
  }

  /// {@return the form `wall.counter`}
  @Override
  public String toString() {
    return wallMillis + "." + counter;
  }
}
