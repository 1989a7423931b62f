package io.batpak.failure;

/// A value is larger than its limit; nothing was written.
public final class LimitExceeded extends StoreException {

  private static final long serialVersionUID = 1L;

  private final String field;
  private final long limit;
  private final long value;

  /// Creates the failure.
  ///
  /// @param field what was too large
  /// @param limit the largest value accepted, in the unit of the field
  /// @param value the value given
  public LimitExceeded(String field, long limit, long value) {
    super(field + ": " + value + " exceeds the limit of " + limit, null);
    this.field = field;
    this.limit = limit;
    this.value = value;
  }

  /// {@return what was too large}
  public String field() {
    return field;
  }

  /// {@return the largest value accepted, in the unit of the field}
  public long limit() {
    return limit;
  }

  /// {@return the value given}
  public long value() {
    return value;
  }
}
