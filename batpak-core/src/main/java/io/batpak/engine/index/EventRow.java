package io.batpak.engine.index;

import io.batpak.engine.frame.FrameEncoder;
import io.batpak.event.Hash;

/// One event as the commit has placed it: what the index takes, and what the answer is made of.
///
/// Immutable once the index has it. The event hash is worked out when it is asked for, if the
/// background has not come to it yet.
public final class EventRow {

  private static final HashPage NOWHERE = HashPage.of(0, Hash.ZERO);

  private final long sequence;
  private final long clock;
  private final long idHigh;
  private final long idLow;
  private final int counter;
  private final int kind;
  private final int offset;
  private final int headerBytes;
  private HashPage hashes = NOWHERE;

  /// Creates a row that no index has yet.
  ///
  /// @param stamp what the commit knows of the event
  /// @param kind the kind's 16 bits
  /// @param offset where the frame begins in its segment
  /// @param headerBytes the length of its header
  public EventRow(FrameEncoder.Stamp stamp, int kind, int offset, int headerBytes) {
    this.sequence = stamp.sequence();
    this.clock = stamp.clock();
    this.idHigh = stamp.idHigh();
    this.idLow = stamp.idLow();
    this.counter = stamp.counter();
    this.kind = kind;
    this.offset = offset;
    this.headerBytes = headerBytes;
  }

  /// {@return the event at a row of an index}
  ///
  /// @param index has it
  /// @param row which
  public static EventRow of(SegmentIndex index, int row) {
    long sequence = index.first() + row;
    var stamp = new FrameEncoder.Stamp();
    stamp.place(sequence, index.clock(row));
    stamp.time(index.idHigh(row), index.idLow(row), index.counter(row));
    var event = new EventRow(stamp, index.kind(row), index.offset(row), 0);
    event.hashes = HashPage.of(sequence, index.hash(row));
    return event;
  }

  void hashes(HashPage page) {
    hashes = page;
  }

  /// {@return position in the store}
  public long sequence() {
    return sequence;
  }

  /// {@return the entity's own counter}
  public long clock() {
    return clock;
  }

  /// {@return upper half of the event id; its upper 48 bits are the wall time}
  public long idHigh() {
    return idHigh;
  }

  /// {@return lower half of the event id}
  public long idLow() {
    return idLow;
  }

  /// {@return logical part of the clock}
  public int counter() {
    return counter;
  }

  /// {@return the kind's 16 bits}
  public int kind() {
    return kind;
  }

  /// {@return where the frame begins in its segment}
  public int offset() {
    return offset;
  }

  /// {@return the length of the header of its frame}
  public int headerBytes() {
    return headerBytes;
  }

  /// {@return the event hash}
  public Hash hash() {
    return hashes.hash(sequence);
  }
}
