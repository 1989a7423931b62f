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
/// @param queueCapacity how many submissions may be on their way, 8 to 1 Mi, a power of two
/// @param cachedHeads of how many entities the segment of the last event is remembered, 0 or a
///   power of two up to 16 Mi; 8 bytes each
public record StoreConfig(
    Path directory,
    int segmentBytes,
    SyncPolicy sync,
    AckLevel level,
    int queueCapacity,
    int cachedHeads) {

  /// The usual length of a segment: 64 MiB. It bounds what opening after a crash must read.
  public static final int SEGMENT_BYTES_DEFAULT = 64 << 20;

  /// The shortest segment.
  public static final int SEGMENT_BYTES_MIN = 1 << 16;

  /// The longest segment.
  public static final int SEGMENT_BYTES_MAX = 1 << 30;

  /// The usual capacity of the queue.
  public static final int QUEUE_CAPACITY_DEFAULT = 4_096;

  /// The smallest capacity of the queue.
  public static final int QUEUE_CAPACITY_MIN = 8;

  /// The largest capacity of the queue.
  public static final int QUEUE_CAPACITY_MAX = 1 << 20;

  /// The usual count of remembered entities.
  public static final int CACHED_HEADS_DEFAULT = 65_536;

  /// The largest count of remembered entities.
  public static final int CACHED_HEADS_MAX = 1 << 24;

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
    if (queueCapacity < QUEUE_CAPACITY_MIN
        || queueCapacity > QUEUE_CAPACITY_MAX
        || Integer.bitCount(queueCapacity) != 1) {
      throw new BadConfiguration(
          "StoreConfig.queueCapacity",
          queueCapacity + " is not a power of two from 8 to 1048576",
          null);
    }
    if (cachedHeads < 0 || cachedHeads > CACHED_HEADS_MAX || Integer.bitCount(cachedHeads) > 1) {
      throw new BadConfiguration(
          "StoreConfig.cachedHeads",
          cachedHeads + " is neither 0 nor a power of two up to 16777216",
          null);
    }
  }

  /// {@return the usual settings: 64 MiB segments, bounded sync, answers when visible}
  ///
  /// @param directory the store directory
  public static StoreConfig of(Path directory) {
    return new StoreConfig(
        directory,
        SEGMENT_BYTES_DEFAULT,
        SyncPolicy.bounded(),
        AckLevel.VISIBLE,
        QUEUE_CAPACITY_DEFAULT,
        CACHED_HEADS_DEFAULT);
  }

  /// {@return the same with another segment length}
  ///
  /// @param bytes a power of two from 64 KiB to 1 GiB
  public StoreConfig withSegmentBytes(int bytes) {
    return new StoreConfig(directory, bytes, sync, level, queueCapacity, cachedHeads);
  }

  /// {@return the same with another sync policy}
  ///
  /// @param policy what may be lost in a power cut
  public StoreConfig withSync(SyncPolicy policy) {
    return new StoreConfig(directory, segmentBytes, policy, level, queueCapacity, cachedHeads);
  }

  /// {@return the same with another level}
  ///
  /// @param level what an append must have reached when it does not say itself
  public StoreConfig withLevel(AckLevel level) {
    return new StoreConfig(directory, segmentBytes, sync, level, queueCapacity, cachedHeads);
  }

  /// {@return the same with another capacity of the queue}
  ///
  /// @param count how many submissions may be on their way, 8 to 1 Mi, a power of two
  public StoreConfig withQueueCapacity(int count) {
    return new StoreConfig(directory, segmentBytes, sync, level, count, cachedHeads);
  }

  /// {@return the same with another count of remembered entities. An append to an entity that the
  /// segment being written does not have looks through the segments before it; for an entity that
  /// is remembered it goes to the right one. It matters to stores of many segments}
  ///
  /// @param count 0 or a power of two up to 16 Mi
  public StoreConfig withCachedHeads(int count) {
    return new StoreConfig(directory, segmentBytes, sync, level, queueCapacity, count);
  }
}
