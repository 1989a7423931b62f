package io.batpak.engine.commit;

import io.batpak.event.Hash;

/// What became of an intent.
public sealed interface Outcome {

  /// The event is written and visible.
  ///
  /// @param sequence position in the store
  /// @param idHigh upper half of the event id
  /// @param idLow lower half of the event id
  /// @param counter logical part of the clock
  /// @param clock the entity's own counter
  /// @param hash the event hash
  record Committed(long sequence, long idHigh, long idLow, int counter, long clock, Hash hash)
      implements Outcome {}

  /// The condition did not hold; nothing was written.
  ///
  /// @param item which intent of the batch it was
  /// @param expectedClock what it expected
  /// @param actualClock the clock of the entity's last event, or {@link Intent#NO_STREAM}
  /// @param sequence that event's sequence, or -1
  /// @param idHigh upper half of that event's id
  /// @param idLow lower half of that event's id
  record Conflicting(
      int item, long expectedClock, long actualClock, long sequence, long idHigh, long idLow)
      implements Outcome {}
}
