package io.batpak.event;

/// Kinds of the events that the library writes about the store itself, and where they live.
/// Searches leave them out unless they are asked for.
public final class LifecycleKinds {

  /// The entity that tells of the store.
  public static final String ENTITY = Names.RESERVED_PREFIX + "store";

  /// The scope of that entity.
  public static final String SCOPE = Names.RESERVED_PREFIX + "lifecycle";

  /// The first write after an opening that had to recover something.
  public static final EventKind STORE_RECOVERED = new EventKind(0x0, 0x008);

  /// A visibility fence begins: what follows is not visible yet.
  public static final EventKind FENCE_BEGUN = new EventKind(0x0, 0x010);

  /// A visibility fence ends, and what was written behind it is visible.
  public static final EventKind FENCE_COMMITTED = new EventKind(0x0, 0x011);

  /// A visibility fence ends, and what was written behind it never becomes visible.
  public static final EventKind FENCE_CANCELLED = new EventKind(0x0, 0x012);

  private LifecycleKinds() {}

  /// {@return whether a kind is about a visibility fence}
  ///
  /// @param bits the kind's 16 bits
  public static boolean aboutFence(int bits) {
    return bits >= FENCE_BEGUN.bits() && bits <= FENCE_CANCELLED.bits();
  }
}
