package io.batpak.failure;

/// An event was asked for by its position, and its visibility fence was cancelled: it is written,
/// and never to be read.
public final class HiddenEvent extends StoreException {

  private static final long serialVersionUID = 1L;

  private final long sequence;
  private final long from;
  private final long until;

  /// Creates the failure.
  ///
  /// @param sequence which event was asked for
  /// @param from the first sequence hidden with it
  /// @param until the sequence behind the last hidden with it
  public HiddenEvent(long sequence, long from, long until) {
    super(
        "sequence "
            + sequence
            + " lies in "
            + from
            + ".."
            + (until - 1)
            + ", which a visibility fence cancelled: no read shows it; go on at "
            + until,
        null);
    this.sequence = sequence;
    this.from = from;
    this.until = until;
  }

  /// {@return which event was asked for}
  public long sequence() {
    return sequence;
  }

  /// {@return the first sequence hidden with it}
  public long from() {
    return from;
  }

  /// {@return the sequence behind the last hidden with it}
  public long until() {
    return until;
  }
}
