package io.batpak.engine.commit;

/// How much was written and not yet forced: bytes, and since when. Guarded by the writer role.
///
/// Two generations: what is being forced, and what has come since that force began. A force that
/// ends takes the first away; the second is then measured from its own first event.
final class Backlog {

  private static final int NEW = 0;
  private static final int FORCING = 1;

  private final long[] bytes = new long[2];
  private final long[] sinceNanos = new long[2];

  /// Notes frames that were written. Returns whether they are the first that no force covers.
  boolean add(long nowNanos, int byteCount) {
    boolean first = bytes[NEW] == 0;
    if (first) {
      sinceNanos[NEW] = nowNanos;
    }
    bytes[NEW] += byteCount;
    return first;
  }

  void forceBegins() {
    bytes[FORCING] = bytes[NEW];
    sinceNanos[FORCING] = sinceNanos[NEW];
    bytes[NEW] = 0;
  }

  void forceEnds() {
    bytes[FORCING] = 0;
  }

  long bytes() {
    return bytes[NEW] + bytes[FORCING];
  }

  /// How long the oldest unforced frame has been waiting, in nanoseconds; 0 without one.
  long ageNanos(long nowNanos) {
    if (bytes[FORCING] > 0) {
      return nowNanos - sinceNanos[FORCING];
    }
    return bytes[NEW] > 0 ? nowNanos - sinceNanos[NEW] : 0;
  }

  /// How long the oldest frame that no running force covers has been waiting, in nanoseconds; -1
  /// without one.
  long newAgeNanos(long nowNanos) {
    return bytes[NEW] > 0 ? nowNanos - sinceNanos[NEW] : -1;
  }

  long newBytes() {
    return bytes[NEW];
  }
}
