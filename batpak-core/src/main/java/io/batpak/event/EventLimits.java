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

  private EventLimits() {}
}
