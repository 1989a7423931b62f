package io.batpak.engine.commit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// How far things are. Each mark is the sequence behind the last event that reached it.
public final class Watermarks {

  private static final VarHandle VISIBLE;
  private static final VarHandle DURABLE;

  static {
    try {
      VISIBLE = MethodHandles.lookup().findVarHandle(Watermarks.class, "visible", long.class);
      DURABLE = MethodHandles.lookup().findVarHandle(Watermarks.class, "durable", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through VISIBLE
  private long visible;

  @SuppressWarnings("unused") // through DURABLE
  private long durable;

  /// Creates the marks of a store that has just opened.
  ///
  /// @param next the sequence behind the last event; all before it is visible and durable
  public Watermarks(long next) {
    this.visible = next;
    this.durable = next;
  }

  /// {@return the visible end, with acquire semantics: everything below it may be read}
  public long visibleAcquire() {
    return (long) VISIBLE.getAcquire(this);
  }

  /// {@return the durable end: everything below it survives a power cut}
  public long durableAcquire() {
    return (long) DURABLE.getAcquire(this);
  }

  void visibleRelease(long next) {
    VISIBLE.setRelease(this, next);
  }

  void durableRelease(long next) {
    DURABLE.setRelease(this, next);
  }
}
