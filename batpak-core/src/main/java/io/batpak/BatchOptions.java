package io.batpak;

import io.batpak.config.AckLevel;
import io.batpak.event.Bytes;
import java.util.Objects;
import java.util.Optional;

/// What a batch may say besides its events. Immutable; start from {@link #none()}.
///
/// @param level what must have been reached; empty for the store's setting
/// @param condition what must be true for the batch as a whole
/// @param key the idempotency key of the batch as a whole; it stands on its first event
public record BatchOptions(Optional<AckLevel> level, Condition condition, Optional<Bytes> key) {

  private static final BatchOptions NONE =
      new BatchOptions(Optional.empty(), Expected.any(), Optional.empty());

  /// Checks the key. An {@link Expected} other than any, and a {@link Transition}, speak of one
  /// event's own entity and are given to the event.
  ///
  /// @throws io.batpak.failure.LimitExceeded if the key is too long
  public BatchOptions {
    Objects.requireNonNull(level);
    Objects.requireNonNull(condition);
    key.ifPresent(AppendOptions::checkKey);
  }

  /// {@return no options}
  public static BatchOptions none() {
    return NONE;
  }

  /// {@return the options of a batch that answers when it is durable}
  public static BatchOptions durable() {
    return NONE.level(AckLevel.DURABLE);
  }

  /// {@return the same with another level}
  ///
  /// @param level what must have been reached
  public BatchOptions level(AckLevel level) {
    return new BatchOptions(Optional.of(level), condition, key);
  }

  /// {@return the same under a condition, instead of the one it had}
  ///
  /// @param condition what must be true
  public BatchOptions when(Condition condition) {
    return new BatchOptions(level, condition, key);
  }

  /// {@return the same with an idempotency key}
  ///
  /// @param key see {@link AppendOptions#key(String)}
  public BatchOptions key(String key) {
    return new BatchOptions(level, condition, Optional.of(AppendOptions.keyOf(key)));
  }
}
