package io.batpak;

import io.batpak.config.AckLevel;

/// How a wait for an event to reach a level ended.
public sealed interface Awaited {

  /// It has reached the level.
  ///
  /// @param level which
  record Reached(AckLevel level) implements Awaited {}

  /// Time is up. An event that was appended is committed all the same, and may reach the level at
  /// any moment; to append it again would append it twice. At a position beyond the end of the log
  /// there may be no event yet.
  ///
  /// @param level the level that was not reached yet
  record TimedOut(AckLevel level) implements Awaited {}

  /// The store has failed or was closed, or the fence that held the event was cancelled, and the
  /// event will not reach the level in this process. If it was appended it is committed, and found
  /// again by the next one as far as the disk keeps it.
  ///
  /// @param level the level that will not be reached
  record Stopped(AckLevel level) implements Awaited {}
}
