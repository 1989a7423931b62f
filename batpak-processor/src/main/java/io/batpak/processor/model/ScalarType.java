package io.batpak.processor.model;

/// The component types that are one MessagePack value and need no code of their own.
public enum ScalarType {
  /// A bool.
  BOOLEAN("boolean", "Boolean"),
  /// An integer of 8 signed bits.
  BYTE("byte", "Byte"),
  /// An integer of 16 signed bits.
  SHORT("short", "Short"),
  /// An integer of 32 signed bits.
  INT("int", "Integer"),
  /// An integer of 64 signed bits.
  LONG("long", "Long"),
  /// An integer of 16 unsigned bits.
  CHAR("char", "Character"),
  /// A float 32.
  FLOAT("float", "Float"),
  /// A float 64.
  DOUBLE("double", "Double"),
  /// A str.
  STRING("String"),
  /// A bin.
  BYTES("byte[]"),
  /// A bin of 16 bytes.
  UUID("UUID"),
  /// A timestamp.
  INSTANT("Instant"),
  /// An array of seconds and nanoseconds.
  DURATION("Duration"),
  /// A str with an ISO-8601 date.
  LOCAL_DATE("LocalDate"),
  /// A str with a decimal number.
  BIG_DECIMAL("BigDecimal"),
  /// A str with a decimal integer.
  BIG_INTEGER("BigInteger");

  private final String javaName;
  private final String boxedName;
  private final boolean primitive;

  ScalarType(String javaName, String boxedName) {
    this.javaName = javaName;
    this.boxedName = boxedName;
    this.primitive = true;
  }

  ScalarType(String javaName) {
    this.javaName = javaName;
    this.boxedName = javaName;
    this.primitive = false;
  }

  /// {@return the simple name of the type, the primitive where there is one}
  public String javaName() {
    return javaName;
  }

  /// {@return the simple name of the type as a type argument}
  public String boxedName() {
    return boxedName;
  }

  /// {@return whether there is a primitive}
  public boolean primitive() {
    return primitive;
  }
}
