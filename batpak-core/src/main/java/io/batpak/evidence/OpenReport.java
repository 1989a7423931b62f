package io.batpak.evidence;

import java.time.Duration;

/// What opening a store did.
///
/// @param segments how many segment files there are
/// @param sealedSegments how many of them answered from their footer
/// @param events how many events the store holds
/// @param scannedEvents how many of them were read one by one
/// @param cutBytes how many bytes behind the last good event were not zero and were cut; no event
///   that is left says that any of it was durable
/// @param cutReason what was found there; empty if nothing was cut
/// @param droppedSegments how many segment files behind the cut were deleted
/// @param listing time for listing the directory and reading headers and footers
/// @param scanning time for reading frames
public record OpenReport(
    int segments,
    int sealedSegments,
    long events,
    long scannedEvents,
    long cutBytes,
    String cutReason,
    int droppedSegments,
    Duration listing,
    Duration scanning) {

  /// {@return whether the store had not been closed cleanly and something was cut}
  public boolean recovered() {
    return cutBytes > 0 || droppedSegments > 0;
  }
}
