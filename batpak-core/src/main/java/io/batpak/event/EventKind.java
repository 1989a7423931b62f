package io.batpak.event;

/// What an event is: a category of 4 bits and a type of 12 bits.
///
/// Categories 0x0 (system) and 0xD (effect) and type 0x000 belong to the library.
///
/// @param category upper 4 bits, 0x0 to 0xF
/// @param type lower 12 bits, 0x000 to 0xFFF
public record EventKind(int category, int type) implements Comparable<EventKind> {

  /// Checks the ranges.
  public EventKind {
    if (category < 0 || category > 0xF) {
      throw new IllegalArgumentException("category " + category + " is outside 0x0..0xF");
    }
    if (type < 0 || type > 0xFFF) {
      throw new IllegalArgumentException("type " + type + " is outside 0x000..0xFFF");
    }
  }

  /// {@return the kind whose 16 bits are given}
  ///
  /// @param bits category in bits 12 to 15, type in bits 0 to 11
  public static EventKind ofBits(int bits) {
    return new EventKind(bits >>> 12, bits & 0xFFF);
  }

  /// {@return the kind as 16 bits, as stored}
  public int bits() {
    return category << 12 | type;
  }

  /// {@return whether only the library may append events of this kind}
  public boolean reserved() {
    return category == 0x0 || category == 0xD || type == 0;
  }

  @Override
  public int compareTo(EventKind other) {
    return Integer.compare(bits(), other.bits());
  }

  /// {@return the form `category:type` in hexadecimal, for example `1:007`}
  @Override
  public String toString() {
    return String.format("%X:%03X", category, type);
  }
}
