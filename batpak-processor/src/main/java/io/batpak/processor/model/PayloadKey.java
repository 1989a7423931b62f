package io.batpak.processor.model;

/// What an event's header says of its payload.
///
/// @param category upper 4 bits of the kind
/// @param type lower 12 bits of the kind
/// @param version the schema version
public record PayloadKey(int category, int type, int version) {

  /// {@return whether both speak of one kind}
  ///
  /// @param other the other
  public boolean sameKind(PayloadKey other) {
    return category == other.category && type == other.type;
  }

  /// {@return the kind as `category:type` in hexadecimal}
  public String kind() {
    return String.format("%X:%03X", category, type);
  }

  @Override
  public String toString() {
    return kind() + " version " + version;
  }
}
