package io.batpak.testkit.simulated;

import io.batpak.engine.platform.Clock;

/// Time that stands still until the test moves it. The wall time may jump anywhere; the monotonic
/// reading only ascends.
public final class SimulatedClock implements Clock {

  private static final long NANOS_PER_MILLI = 1_000_000;

  private long nanos;
  private long wallOffsetMillis;

  /// Creates a clock whose monotonic reading is 0.
  ///
  /// @param wallMillis the wall time it begins with, milliseconds since the epoch
  public SimulatedClock(long wallMillis) {
    this.wallOffsetMillis = wallMillis;
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public long wallMillis(long reading) {
    return wallOffsetMillis + Math.floorDiv(reading, NANOS_PER_MILLI);
  }

  /// Lets time pass.
  ///
  /// @param byNanos how much, 0 and up
  public void advance(long byNanos) {
    if (byNanos < 0) {
      throw new IllegalArgumentException("time cannot pass by " + byNanos + " ns");
    }
    nanos += byNanos;
  }

  /// Sets the wall clock, as an operator or a time server does.
  ///
  /// @param byMillis how far; negative for back
  public void jump(long byMillis) {
    wallOffsetMillis += byMillis;
  }
}
