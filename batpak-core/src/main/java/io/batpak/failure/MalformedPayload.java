package io.batpak.failure;

import org.jspecify.annotations.Nullable;

/// Payload bytes do not decode as what they should be.
public final class MalformedPayload extends StoreException {

  private static final long serialVersionUID = 1L;

  private final String payload;
  private final String field;
  private final String reason;

  /// Creates the failure.
  ///
  /// @param payload the payload class or the kind that was expected
  /// @param field the field, dotted from the root, or empty when the payload as a whole is meant
  /// @param reason what was found and what was expected
  public MalformedPayload(String payload, String field, String reason) {
    this(payload, field, reason, null);
  }

  /// Creates the failure with what caused it.
  ///
  /// @param payload the payload class or the kind that was expected
  /// @param field the field, dotted from the root, or empty when the payload as a whole is meant
  /// @param reason what was found and what was expected
  /// @param cause what the record's own constructor threw, or null
  public MalformedPayload(String payload, String field, String reason, @Nullable Throwable cause) {
    super(payload + (field.isEmpty() ? "" : ", field " + field) + ": " + reason, cause);
    this.payload = payload;
    this.field = field;
    this.reason = reason;
  }

  /// {@return the payload class or the kind that was expected}
  public String payload() {
    return payload;
  }

  /// {@return the field, dotted from the root, or empty when the payload as a whole is meant}
  public String field() {
    return field;
  }

  /// {@return what was found and what was expected}
  public String reason() {
    return reason;
  }
}
