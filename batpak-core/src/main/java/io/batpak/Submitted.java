package io.batpak;

import java.time.Duration;

/// The answer to an attempt to submit an event: a {@link Ticket}, or {@link Busy}.
public sealed interface Submitted permits Ticket, Submitted.Busy {

  /// Too many submissions are on their way; this one was not taken.
  ///
  /// @param retryAfter when there should be room again, by the speed of the last ones; a hint
  /// @param queued how many are on their way
  /// @param capacity how many may be, at most
  record Busy(Duration retryAfter, int queued, int capacity) implements Submitted {}
}
