package io.batpak;

import java.time.Duration;

/// Lengths of time that a caller gives, as nanoseconds.
final class Durations {

  private static final Duration MAX = Duration.ofNanos(Long.MAX_VALUE);

  private Durations() {}

  /// {@return the nanoseconds; `Long.MAX_VALUE` for more than that, which is 292 years}
  static long nanos(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("a time of " + duration + " is negative");
    }
    return duration.compareTo(MAX) >= 0 ? Long.MAX_VALUE : duration.toNanos();
  }
}
