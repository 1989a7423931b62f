package io.batpak.failure;

/// A read was to start behind the end of the log.
public final class BeyondEnd extends StoreException {

  private static final long serialVersionUID = 1L;

  private final long sequence;
  private final long end;

  /// Creates the failure.
  ///
  /// @param sequence where the read was to start
  /// @param end the sequence behind the last event
  public BeyondEnd(long sequence, long end) {
    super(
        "sequence "
            + sequence
            + " is beyond the end of the log, "
            + end
            + "; start at "
            + end
            + " or before",
        null);
    this.sequence = sequence;
    this.end = end;
  }

  /// {@return where the read was to start}
  public long sequence() {
    return sequence;
  }

  /// {@return the sequence behind the last event}
  public long end() {
    return end;
  }
}
