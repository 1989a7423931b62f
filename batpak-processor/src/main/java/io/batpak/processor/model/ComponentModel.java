package io.batpak.processor.model;

import java.util.Optional;

/// A component of a record.
///
/// @param name its name in the source and on the wire
/// @param value its type
/// @param fallback what it takes when its field is missing, by annotation
/// @param tag the name of the tag that it becomes
public record ComponentModel(
    String name, ValueModel value, Optional<Fallback> fallback, Optional<String> tag) {

  /// {@return whether bytes without this field still decode}
  public boolean mayBeMissing() {
    return fallback.isPresent() || value instanceof ValueModel.OptionalValue;
  }
}
