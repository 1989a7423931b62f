package io.batpak.failure;

/// A name breaks the rules for names; nothing was written.
public final class InvalidName extends StoreException {

  private static final long serialVersionUID = 1L;

  private final String field;
  private final String reason;

  /// Creates the failure.
  ///
  /// @param field which name
  /// @param reason the rule and where it is broken
  public InvalidName(String field, String reason) {
    super(field + ": " + reason, null);
    this.field = field;
    this.reason = reason;
  }

  /// {@return which name}
  public String field() {
    return field;
  }

  /// {@return the rule and where it is broken}
  public String reason() {
    return reason;
  }
}
