package io.batpak.failure;

import org.jspecify.annotations.Nullable;

/// Settings or payload classes contradict each other; the store was not opened.
public final class BadConfiguration extends StoreException {

  private static final long serialVersionUID = 1L;

  private final String setting;
  private final String reason;

  /// Creates the failure.
  ///
  /// @param setting the setting
  /// @param reason what is wrong with it and what would be right
  /// @param cause what the platform said, or null
  public BadConfiguration(String setting, String reason, @Nullable Throwable cause) {
    super(setting + ": " + reason, cause);
    this.setting = setting;
    this.reason = reason;
  }

  /// {@return the setting}
  public String setting() {
    return setting;
  }

  /// {@return what is wrong with it and what would be right}
  public String reason() {
    return reason;
  }
}
