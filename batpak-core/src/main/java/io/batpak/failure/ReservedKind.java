package io.batpak.failure;

/// The kind belongs to the library and cannot be appended from outside; nothing was written.
public final class ReservedKind extends StoreException {

  private static final long serialVersionUID = 1L;

  private final int category;
  private final int type;

  /// Creates the failure.
  ///
  /// @param category upper 4 bits of the kind
  /// @param type lower 12 bits of the kind
  public ReservedKind(int category, int type) {
    super(
        String.format(
            "kind %X:%03X is reserved: applications use categories 1 to C, E and F with types 001"
                + " to FFF",
            category, type),
        null);
    this.category = category;
    this.type = type;
  }

  /// {@return upper 4 bits of the kind}
  public int category() {
    return category;
  }

  /// {@return lower 12 bits of the kind}
  public int type() {
    return type;
  }
}
