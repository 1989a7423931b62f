package io.batpak.failure;

/// No codec is known for a payload class; nothing was written.
public final class UnregisteredPayload extends StoreException {

  private static final long serialVersionUID = 1L;

  private final String payload;

  /// Creates the failure.
  ///
  /// @param payload the name of the class
  public UnregisteredPayload(String payload) {
    super(
        payload
            + ": no codec found; annotate the record, which must not be a local one, with"
            + " @EventPayload, compile it with the batpak processor, and in a named module name its"
            + " codec under `provides`",
        null);
    this.payload = payload;
  }

  /// {@return the name of the class}
  public String payload() {
    return payload;
  }
}
