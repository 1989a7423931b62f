package io.batpak.testkit;

import io.batpak.testkit.simulated.SimulatedClock;
import java.time.Duration;
import java.time.Instant;

/// The time of a [Simulation]: it stands still until it is moved, by the test or by a slow disk.
///
/// What a store measures (how long something has been unforced) goes by a reading that only
/// ascends; what it writes down is the wall time, which may jump anywhere, as that of a real
/// machine does.
public final class VirtualClock {

  private final SimulatedClock clock;

  VirtualClock(SimulatedClock clock) {
    this.clock = clock;
  }

  /// {@return the wall time}
  public Instant now() {
    return Instant.ofEpochMilli(clock.wallMillis(clock.nanos()));
  }

  /// Lets time pass.
  ///
  /// @param duration how much; not negative
  public void advance(Duration duration) {
    clock.advance(duration.toNanos());
  }

  /// Sets the wall clock, as an operator or a time server does. No time passes.
  ///
  /// @param difference how far, to the millisecond; negative for back
  public void jump(Duration difference) {
    clock.jump(difference.toMillis());
  }
}
