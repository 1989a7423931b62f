package io.batpak.engine.platform;

/// The machine's clocks. Wall time is the monotonic reading plus an offset that is measured again
/// every few milliseconds, so that a commit reads one clock and a step of the wall clock is seen at
/// once.
public final class SystemClock implements Clock {

  private static final long ANCHOR_NANOS_MAX = 10_000_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private volatile Anchor anchor = Anchor.now();

  /// Creates the clock.
  public SystemClock() {}

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public long wallMillis(long nanos) {
    Anchor at = anchor;
    long since = nanos - at.nanos;
    if (since > ANCHOR_NANOS_MAX) {
      at = Anchor.now();
      anchor = at;
      since = nanos - at.nanos;
    }
    return at.wallMillis + Math.floorDiv(since, NANOS_PER_MILLI);
  }

  private record Anchor(long nanos, long wallMillis) {
    static Anchor now() {
      return new Anchor(System.nanoTime(), System.currentTimeMillis());
    }
  }
}
