package io.batpak.payload;

import io.batpak.failure.MalformedPayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The tags of one payload while they are gathered. For generated codecs.
public final class Tags {

  private final String payload;
  private final List<String> tags = new ArrayList<>();

  /// Starts without tags.
  ///
  /// @param payload the payload class, for messages
  public Tags(String payload) {
    this.payload = payload;
  }

  /// Adds `name:value`, or nothing for an empty optional.
  ///
  /// @param field the component, for messages
  /// @param name what stands before the colon
  /// @param value a string, an enum constant, a UUID, an integer or an optional of these
  /// @return this
  /// @throws MalformedPayload if the value is null
  public Tags add(String field, String name, @Nullable Object value) {
    switch (value) {
      case null -> throw new MalformedPayload(payload, field, "is null");
      case Optional<?> optional -> optional.ifPresent(present -> add(field, name, present));
      case Enum<?> constant -> tags.add(name + ":" + constant.name());
      default -> tags.add(name + ":" + value);
    }
    return this;
  }

  /// {@return the tags, in the order of their addition}
  public List<String> toList() {
    return List.copyOf(tags);
  }
}
