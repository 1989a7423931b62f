package io.batpak;

import io.batpak.config.AckLevel;
import io.batpak.engine.index.EventRow;
import io.batpak.event.Coordinate;
import io.batpak.event.EventId;
import io.batpak.event.Hash;
import io.batpak.event.Hlc;

/// What an append reached. Thread-safe; equal to a receipt that gives the same.
///
/// The event hash is worked out when it is first asked for, if the store has not done so by then,
/// also after the store has been closed.
public final class Receipt implements Appended {

  private final EventRow event;
  private final Coordinate coordinate;
  private final AckLevel level;

  Receipt(EventRow event, Coordinate coordinate, AckLevel level) {
    this.event = event;
    this.coordinate = coordinate;
    this.level = level;
  }

  /// {@return the event's identity}
  public EventId id() {
    return new EventId(event.idHigh(), event.idLow());
  }

  /// {@return its position in the store}
  public long sequence() {
    return event.sequence();
  }

  /// {@return when it was committed}
  public Hlc hlc() {
    return new Hlc(event.idHigh() >>> 16, event.counter());
  }

  /// {@return where it lives}
  public Coordinate coordinate() {
    return coordinate;
  }

  /// {@return the entity's own counter}
  public long clock() {
    return event.clock();
  }

  /// {@return the event hash}
  public Hash hash() {
    return event.hash();
  }

  /// {@return what had been reached when this was answered}
  public AckLevel level() {
    return level;
  }

  @Override
  public Receipt orThrow() {
    return this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Receipt receipt
        && event.sequence() == receipt.event.sequence()
        && event.idHigh() == receipt.event.idHigh()
        && event.idLow() == receipt.event.idLow()
        && event.counter() == receipt.event.counter()
        && event.clock() == receipt.event.clock()
        && level == receipt.level
        && coordinate.equals(receipt.coordinate)
        && hash().equals(receipt.hash());
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(event.idHigh()) + Long.hashCode(event.idLow());
  }

  @Override
  public String toString() {
    return "Receipt["
        + event.sequence()
        + " "
        + coordinate
        + " #"
        + event.clock()
        + ", "
        + id()
        + ", "
        + level
        + "]";
  }
}
