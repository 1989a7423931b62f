package io.batpak;

/// An append was not made, for those who prefer exceptions.
public final class AppendRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  /// Creates the exception.
  ///
  /// @param refusal the answer
  public AppendRefused(Refusal refusal) {
    super("nothing was appended: " + refusal);
    this.refusal = refusal;
  }

  /// {@return the answer}
  public Refusal refusal() {
    return refusal;
  }
}
