package io.batpak.engine.platform;

/// Time. One reading of {@link #nanos()} serves a whole commit: the wall time is derived from it.
public interface Clock {

  /// {@return nanoseconds since some fixed moment, never descending}
  long nanos();

  /// {@return the wall time at a reading, in milliseconds since the epoch; it may run backwards}
  ///
  /// @param nanos a reading of {@link #nanos()}, of this moment or little older
  long wallMillis(long nanos);
}
