package io.batpak;

import io.batpak.config.AckLevel;
import io.batpak.event.Bytes;
import io.batpak.event.EventFlags;
import io.batpak.event.EventId;
import io.batpak.event.EventLimits;
import io.batpak.event.LanePosition;
import io.batpak.event.Names;
import io.batpak.failure.InvalidName;
import io.batpak.failure.LimitExceeded;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What an append may say besides coordinate and payload. Immutable; start from {@link #none()}.
///
/// @param level what must have been reached; empty for the store's setting
/// @param tags beside those of the payload, in the form `name:value`
/// @param correlation the event that began the conversation; empty for the own id
/// @param causation the event that this one answers
/// @param key the idempotency key: an append with a key that is known is not made again, and gets
///   the first one's receipt
/// @param position the caller's hint of where the event stands in a graph of its own making
/// @param flags bits of {@link EventFlags#APPLICATION}
/// @param extensions opaque to the store, covered by the event's hash; names like `prefix.field`
public record AppendOptions(
    Optional<AckLevel> level,
    List<String> tags,
    Optional<EventId> correlation,
    Optional<EventId> causation,
    Optional<Bytes> key,
    LanePosition position,
    int flags,
    SortedMap<String, Bytes> extensions) {

  private static final AppendOptions NONE =
      new AppendOptions(
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          LanePosition.ROOT,
          0,
          Collections.emptySortedMap());

  /// Checks names, key and flags.
  ///
  /// @throws LimitExceeded if something is too long or there is too much of it
  /// @throws InvalidName if a tag or the name of an extension breaks the rules
  public AppendOptions {
    Objects.requireNonNull(level);
    Objects.requireNonNull(correlation);
    Objects.requireNonNull(causation);
    Objects.requireNonNull(position);
    tags = List.copyOf(tags);
    for (String tag : tags) {
      var _ = Names.check("tag", tag, EventLimits.TAG_BYTES_MAX);
    }
    if (tags.size() > EventLimits.TAG_COUNT_MAX) {
      throw new LimitExceeded("tags", EventLimits.TAG_COUNT_MAX, tags.size());
    }
    key.ifPresent(AppendOptions::checkKey);
    if ((flags & ~EventFlags.APPLICATION) != 0) {
      throw new IllegalArgumentException(
          String.format("flags 0x%X: only those in 0xFF00 are the application's", flags));
    }
    extensions = checked(extensions);
  }

  private static SortedMap<String, Bytes> checked(SortedMap<String, Bytes> extensions) {
    if (extensions.isEmpty()) {
      return Collections.emptySortedMap();
    }
    extensions.keySet().forEach(AppendOptions::checkExtension);
    extensions.values().forEach(Objects::requireNonNull);
    if (extensions.size() > EventLimits.EXTENSION_COUNT_MAX) {
      throw new LimitExceeded("extensions", EventLimits.EXTENSION_COUNT_MAX, extensions.size());
    }
    return Collections.unmodifiableSortedMap(new TreeMap<>(extensions));
  }

  /// ASCII with one dot, and something on either side of it.
  private static void checkExtension(String name) {
    var _ = Names.check("extension", name, EventLimits.EXTENSION_NAME_BYTES_MAX);
    int dot = name.indexOf('.');
    boolean formed =
        dot > 0
            && dot == name.lastIndexOf('.')
            && dot < name.length() - 1
            && name.chars().allMatch(c -> c > ' ' && c < 0x7F);
    if (!formed) {
      throw new InvalidName("extension", "is " + name + ", expected prefix.field in ASCII");
    }
    if (name.startsWith("batpak.")) {
      throw new InvalidName(
          "extension", "begins with batpak., which is the library's own; choose another prefix");
    }
  }

  /// Refuses options with a key where there is one answer only.
  void refuseKey() {
    if (key.isPresent()) {
      throw new IllegalArgumentException("an append with a key is answered by appendIf");
    }
  }

  static void checkKey(Bytes key) {
    if (key.count() == 0) {
      throw new InvalidName("key", "is empty; give it at least one byte");
    }
    if (key.count() > EventLimits.KEY_BYTES_MAX) {
      throw new LimitExceeded("key bytes", EventLimits.KEY_BYTES_MAX, key.count());
    }
  }

  static Bytes keyOf(String key) {
    return Bytes.copyOf(key.getBytes(StandardCharsets.UTF_8));
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
    return new AppendOptions(
        Optional.of(level), tags, correlation, causation, key, position, flags, extensions);
  }

  /// {@return the same with a further tag}
  ///
  /// @param tag in the form `name:value`
  public AppendOptions tag(String tag) {
    List<String> all = Stream.concat(tags.stream(), Stream.of(tag)).toList();
    return new AppendOptions(level, all, correlation, causation, key, position, flags, extensions);
  }

  /// {@return the same with these tags, instead of those it had}
  ///
  /// @param tags each in the form `name:value`
  public AppendOptions tags(List<String> tags) {
    return new AppendOptions(level, tags, correlation, causation, key, position, flags, extensions);
  }

  /// {@return the same, caused by an event and in its conversation}
  ///
  /// @param event the cause
  public AppendOptions causedBy(StoredEvent event) {
    return new AppendOptions(
        level,
        tags,
        Optional.of(event.header().correlation()),
        Optional.of(event.header().id()),
        key,
        position,
        flags,
        extensions);
  }

  /// {@return the same, caused by an event whose identities are known, such as one of another
  /// store}
  ///
  /// @param cause the event that this one answers
  /// @param conversation the event that began the conversation
  public AppendOptions causedBy(EventId cause, EventId conversation) {
    return new AppendOptions(
        level,
        tags,
        Optional.of(conversation),
        Optional.of(cause),
        key,
        position,
        flags,
        extensions);
  }

  /// {@return the same with an idempotency key}
  ///
  /// @param key 1 to 256 bytes of UTF-8, such as the id of the request that is being answered
  /// @throws LimitExceeded if it is too long
  public AppendOptions key(String key) {
    return key(keyOf(key));
  }

  /// {@return the same with an idempotency key}
  ///
  /// @param key 1 to 256 bytes
  /// @throws LimitExceeded if it is too long
  public AppendOptions key(Bytes key) {
    return new AppendOptions(
        level, tags, correlation, causation, Optional.of(key), position, flags, extensions);
  }

  /// {@return the same with a position hint}
  ///
  /// @param position the store keeps it and does nothing with it
  public AppendOptions position(LanePosition position) {
    return new AppendOptions(level, tags, correlation, causation, key, position, flags, extensions);
  }

  /// {@return the same with flags of the application's own}
  ///
  /// @param flags bits of {@link EventFlags#APPLICATION}
  public AppendOptions flags(int flags) {
    return new AppendOptions(level, tags, correlation, causation, key, position, flags, extensions);
  }

  /// {@return the same with a further extension}
  ///
  /// @param name `prefix.field` in ASCII, at most 256 bytes; the prefix `batpak` is the library's
  /// @param value opaque to the store
  /// @throws InvalidName if the name breaks the rules
  public AppendOptions extension(String name, Bytes value) {
    var all = new TreeMap<>(Map.copyOf(extensions));
    all.put(name, value);
    return new AppendOptions(level, tags, correlation, causation, key, position, flags, all);
  }
}
