package io.batpak.event;

/// The limits of what one event may carry. Each is checked before anything is queued or written.
public final class EventLimits {

  /// Longest entity or scope, in bytes of UTF-8.
  public static final int NAME_BYTES_MAX = 1_024;

  /// Longest tag, in bytes of UTF-8.
  public static final int TAG_BYTES_MAX = 256;

  /// Most tags on one event.
  public static final int TAG_COUNT_MAX = 64;

  /// Largest payload and extensions together, in bytes: 16 MiB.
  public static final int PAYLOAD_BYTES_MAX = 16 << 20;

  /// Most events in one batch.
  public static final int BATCH_COUNT_MAX = 1 << 16;

  /// Longest idempotency key, in bytes.
  public static final int KEY_BYTES_MAX = 256;

  /// Most extensions of one event.
  public static final int EXTENSION_COUNT_MAX = 64;

  /// Longest name of an extension, in bytes.
  public static final int EXTENSION_NAME_BYTES_MAX = 256;

  /// How far ahead of the wall clock a remote time may be that a store takes in, in milliseconds:
  /// an hour. More is a clock that is wrong, and would be in every later event.
  public static final long HLC_AHEAD_MILLIS_MAX = 3_600_000;

  /// Longest time limit of a visibility fence, in milliseconds: an hour.
  public static final long FENCE_MILLIS_MAX = 3_600_000;

  private EventLimits() {}
}
