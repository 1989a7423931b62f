package io.batpak.config;

import io.batpak.failure.BadConfiguration;
import java.nio.file.Path;
import java.util.Objects;

/// The settings of a store. Immutable; start from {@link #of} and change what differs.
///
/// @param directory the store directory; made if it does not exist
/// @param segmentBytes the length of a segment without its footer, 64 KiB to 1 GiB, a power of two
/// @param sync what may be lost in a power cut of what was answered below durable
/// @param level what an append must have reached when it does not say itself
public record StoreConfig(Path directory, int segmentBytes, SyncPolicy sync, AckLevel level) {

  /// The usual length of a segment: 64 MiB. It bounds what opening after a crash must read.
  public static final int SEGMENT_BYTES_DEFAULT = 64 << 20;

  /// The shortest segment.
  public static final int SEGMENT_BYTES_MIN = 1 << 16;

  /// The longest segment.
  public static final int SEGMENT_BYTES_MAX = 1 << 30;

  /// Checks the ranges.
  ///
  /// @throws BadConfiguration if a value is out of range
  public StoreConfig {
    Objects.requireNonNull(directory);
    Objects.requireNonNull(sync);
    Objects.requireNonNull(level);
    if (segmentBytes < SEGMENT_BYTES_MIN
        || segmentBytes > SEGMENT_BYTES_MAX
        || Integer.bitCount(segmentBytes) != 1) {
      throw new BadConfiguration(
          "StoreConfig.segmentBytes",
          segmentBytes + " is not a power of two from 65536 to 1073741824",
          null);
    }
  }

  /// {@return the usual settings: 64 MiB segments, bounded sync, answers when visible}
  ///
  /// @param directory the store directory
  public static StoreConfig of(Path directory) {
    return new StoreConfig(
        directory, SEGMENT_BYTES_DEFAULT, SyncPolicy.bounded(), AckLevel.VISIBLE);
  }

  /// {@return the same with another segment length}
  ///
  /// @param bytes a power of two from 64 KiB to 1 GiB
  public StoreConfig withSegmentBytes(int bytes) {
    return new StoreConfig(directory, bytes, sync, level);
  }

  /// {@return the same with another sync policy}
  ///
  /// @param policy what may be lost in a power cut
  public StoreConfig withSync(SyncPolicy policy) {
    return new StoreConfig(directory, segmentBytes, policy, level);
  }

  /// {@return the same with another level}
  ///
  /// @param level what an append must have reached when it does not say itself
  public StoreConfig withLevel(AckLevel level) {
    return new StoreConfig(directory, segmentBytes, sync, level);
  }
}
