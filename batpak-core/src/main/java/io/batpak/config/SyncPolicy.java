package io.batpak.config;

import io.batpak.failure.BadConfiguration;
import java.time.Duration;

/// What may be lost in a power cut of what was answered below durable. A crash of the process loses
/// nothing in any case.
public sealed interface SyncPolicy {

  /// Forces in the background, and lets appends wait when a bound would be broken.
  ///
  /// @param maxAge the longest that a written event stays unforced, 1 ms to 1 h
  /// @param maxBytes the most bytes of frames that stay unforced, 64 KiB and up
  record Bounded(Duration maxAge, long maxBytes) implements SyncPolicy {

    /// Checks the ranges.
    ///
    /// @throws BadConfiguration if a value is out of range
    public Bounded {
      if (maxAge.compareTo(Duration.ofMillis(1)) < 0 || maxAge.compareTo(Duration.ofHours(1)) > 0) {
        throw new BadConfiguration(
            "SyncPolicy.maxAge", maxAge + " is outside PT0.001S..PT1H", null);
      }
      if (maxBytes < 1 << 16) {
        throw new BadConfiguration("SyncPolicy.maxBytes", maxBytes + " is below 65536", null);
      }
    }
  }

  /// Every append is durable when it returns, whatever level it asked for.
  record EveryCommit() implements SyncPolicy {}

  /// The operating system decides; only a durable append and closing the store force.
  record OsDecides() implements SyncPolicy {}

  /// {@return the default: 50 ms, 32 MiB}
  static SyncPolicy bounded() {
    return bounded(Duration.ofMillis(50), 32 << 20);
  }

  /// {@return a bounded policy}
  ///
  /// @param maxAge the longest that a written event stays unforced
  /// @param maxBytes the most bytes that stay unforced
  static SyncPolicy bounded(Duration maxAge, long maxBytes) {
    return new Bounded(maxAge, maxBytes);
  }

  /// {@return the policy under which every append is durable}
  static SyncPolicy everyCommit() {
    return new EveryCommit();
  }

  /// {@return the policy that leaves forcing to the operating system}
  static SyncPolicy osDecides() {
    return new OsDecides();
  }
}
