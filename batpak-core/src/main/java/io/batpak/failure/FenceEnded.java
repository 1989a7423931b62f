package io.batpak.failure;

/// A visibility fence was used that has been committed or cancelled, or whose time is up; nothing
/// was written.
public final class FenceEnded extends StoreException {

  private static final long serialVersionUID = 1L;

  private final long begun;

  /// Creates the failure.
  ///
  /// @param begun the sequence of the event that began it
  public FenceEnded(long begun) {
    super(
        "the visibility fence that began at sequence "
            + begun
            + " has been committed or cancelled, or its time is up; begin another",
        null);
    this.begun = begun;
  }

  /// {@return the sequence of the event that began it}
  public long begun() {
    return begun;
  }
}
