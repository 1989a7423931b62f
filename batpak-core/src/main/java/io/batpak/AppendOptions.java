package io.batpak;

import io.batpak.config.AckLevel;
import io.batpak.event.EventId;
import io.batpak.event.EventLimits;
import io.batpak.event.Names;
import io.batpak.failure.LimitExceeded;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// What an append may say besides coordinate and payload. Immutable; start from {@link #none()}.
///
/// @param level what must have been reached; empty for the store's setting
/// @param tags beside those of the payload, in the form `name:value`
/// @param correlation the event that began the conversation; empty for the own id
/// @param causation the event that this one answers
public record AppendOptions(
    Optional<AckLevel> level,
    List<String> tags,
    Optional<EventId> correlation,
    Optional<EventId> causation) {

  private static final AppendOptions NONE =
      new AppendOptions(Optional.empty(), List.of(), Optional.empty(), Optional.empty());

  /// Checks the tags.
  ///
  /// @throws LimitExceeded if there are too many, or one is too long
  public AppendOptions {
    Objects.requireNonNull(level);
    Objects.requireNonNull(correlation);
    Objects.requireNonNull(causation);
    tags = List.copyOf(tags);
    for (String tag : tags) {
      var _ = Names.check("tag", tag, EventLimits.TAG_BYTES_MAX);
    }
    if (tags.size() > EventLimits.TAG_COUNT_MAX) {
      throw new LimitExceeded("tags", EventLimits.TAG_COUNT_MAX, tags.size());
    }
  }

  /// {@return no options}
  public static AppendOptions none() {
    return NONE;
  }

  /// {@return the options of an append that answers when it is durable}
  public static AppendOptions durable() {
    return NONE.level(AckLevel.DURABLE);
  }

  /// {@return the same with another level}
  ///
  /// @param level what must have been reached
  public AppendOptions level(AckLevel level) {
    return new AppendOptions(Optional.of(level), tags, correlation, causation);
  }

  /// {@return the same with a further tag}
  ///
  /// @param tag in the form `name:value`
  public AppendOptions tag(String tag) {
    return new AppendOptions(
        level, Stream.concat(tags.stream(), Stream.of(tag)).toList(), correlation, causation);
  }

  /// {@return the same, caused by an event and in its conversation}
  ///
  /// @param event the cause
  public AppendOptions causedBy(StoredEvent event) {
    return new AppendOptions(
        level, tags, Optional.of(event.header().correlation()), Optional.of(event.header().id()));
  }
}
