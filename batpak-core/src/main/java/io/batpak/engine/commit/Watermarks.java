package io.batpak.engine.commit;

import io.batpak.engine.index.HiddenRanges;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// How far things are, and what is hidden on the way. Each mark is the sequence behind the last
/// event that reached it.
public final class Watermarks {

  private static final VarHandle VISIBLE;
  private static final VarHandle DURABLE;
  private static final VarHandle WRITTEN;
  private static final VarHandle WANTED;

  static {
    try {
      VISIBLE = MethodHandles.lookup().findVarHandle(Watermarks.class, "visible", long.class);
      DURABLE = MethodHandles.lookup().findVarHandle(Watermarks.class, "durable", long.class);
      WRITTEN = MethodHandles.lookup().findVarHandle(Watermarks.class, "written", long.class);
      WANTED = MethodHandles.lookup().findVarHandle(Watermarks.class, "wanted", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through VISIBLE
  private long visible;

  @SuppressWarnings("unused") // through DURABLE
  private long durable;

  @SuppressWarnings("unused") // through WRITTEN
  private long written;

  /// The lowest sequence that somebody waits for before it is written.
  @SuppressWarnings("unused") // through WANTED
  private long wanted = Long.MAX_VALUE;

  private volatile HiddenRanges hidden;

  /// Creates the marks of a store that has just opened.
  ///
  /// @param next the sequence behind the last event; all before it is visible and durable
  /// @param hidden what is hidden all the same
  public Watermarks(long next, HiddenRanges hidden) {
    this.visible = next;
    this.durable = next;
    this.written = next;
    this.hidden = hidden;
  }

  /// {@return the visible end, with acquire semantics: everything below it may be read, but what is
  /// {@link #hidden}}
  public long visibleAcquire() {
    return (long) VISIBLE.getAcquire(this);
  }

  /// {@return the durable end: everything below it survives a power cut}
  public long durableAcquire() {
    return (long) DURABLE.getAcquire(this);
  }

  /// {@return the written end: everything below it has its place in the log, visible or not}
  public long writtenAcquire() {
    return (long) WRITTEN.getAcquire(this);
  }

  /// {@return what cancelled fences hide for good. To be read after {@link #visibleAcquire}: it
  /// then knows of all that is hidden below that end}
  public HiddenRanges hidden() {
    return hidden;
  }

  /// Hides events that are not visible yet, before the end passes them.
  void hide(HiddenRanges all) {
    hidden = all;
  }

  void visibleRelease(long next) {
    VISIBLE.setRelease(this, next);
  }

  /// The ends, of one moment.
  ///
  /// @param written everything below it has its place in the log
  /// @param visible everything below it may be read, but what is hidden
  /// @param durable everything below it survives a power cut
  public record Reading(long written, long visible, long durable) {}

  /// {@return the ends. They only ascend, and none passes the written end, so that reading that one
  /// last is enough for them to fit together}
  public Reading read() {
    long durableEnd = durableAcquire();
    long visibleEnd = visibleAcquire();
    return new Reading(writtenAcquire(), visibleEnd, durableEnd);
  }

  void writtenRelease(long next) {
    WRITTEN.setRelease(this, next);
  }

  /// Asks to be told when an event that is not written yet has been.
  void want(long sequence) {
    long before = (long) WANTED.getVolatile(this);
    while (sequence < before) {
      long witness = (long) WANTED.compareAndExchange(this, before, sequence);
      before = witness == before ? sequence : witness;
    }
  }

  void wantNothing() {
    WANTED.setVolatile(this, Long.MAX_VALUE);
  }

  /// {@return whether somebody asked to be told that an event below this end has been written}
  boolean wanted(long end) {
    return (long) WANTED.getOpaque(this) < end;
  }

  void durableRelease(long next) {
    DURABLE.setRelease(this, next);
  }
}
