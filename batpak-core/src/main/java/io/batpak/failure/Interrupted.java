package io.batpak.failure;

/// The calling thread was interrupted while it waited; its interrupt flag is set again.
public final class Interrupted extends StoreException {

  private static final long serialVersionUID = 1L;

  private final String operation;

  /// Creates the failure.
  ///
  /// @param operation what the thread was doing
  /// @param consequence what that means for what was to be written
  public Interrupted(String operation, String consequence) {
    super("interrupted while " + operation + "; " + consequence, null);
    this.operation = operation;
  }

  /// {@return what the thread was doing}
  public String operation() {
    return operation;
  }
}
