package io.batpak.event;

/// The bits of {@link EventHeader#flags()}.
public final class EventFlags {

  /// The payload is encrypted and stored as bin.
  public static final int SEALED = 1;

  /// The event records a refused proposal.
  public static final int DENIAL = 1 << 1;

  /// The event tells of the store itself.
  public static final int LIFECYCLE = 1 << 2;

  /// The payload was erased; its content hash stands in its place. This bit is never stored, as the
  /// header was hashed before: readers set it when the payload has that form.
  public static final int ERASED = 1 << 3;

  /// The bits that are the application's own: 8 to 15. The store keeps them and does nothing with
  /// them.
  public static final int APPLICATION = 0xFF00;

  private EventFlags() {}
}
