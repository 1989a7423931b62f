package io.batpak;

import io.batpak.engine.index.HiddenRanges;
import io.batpak.engine.index.KeyProbe;
import io.batpak.engine.index.SegmentIndex;
import io.batpak.engine.search.Snapshot;
import io.batpak.engine.segment.Segment;
import io.batpak.event.Bytes;
import io.batpak.event.Coordinate;
import io.batpak.event.EventId;
import io.batpak.event.EventKind;
import io.batpak.event.Hash;
import io.batpak.event.Hlc;
import io.batpak.failure.BeyondEnd;
import io.batpak.failure.HiddenEvent;
import java.util.Objects;
import java.util.Optional;

/// What the index knows of an event, read when asked; the log itself is only read for {@link
/// #event()} and {@link #decode()}. Of use as long as the store is open.
public final class EventEntry {

  private final LogView view;
  private final Segment segment;
  private final SegmentIndex index;
  private final int row;

  EventEntry(LogView view, Segment segment, SegmentIndex index, int row) {
    this.view = view;
    this.segment = segment;
    this.index = index;
    this.row = row;
  }

  /// {@return its position in the store}
  public long sequence() {
    return index.first() + row;
  }

  /// {@return its identity}
  public EventId id() {
    return view.read(segment.path(), () -> new EventId(index.idHigh(row), index.idLow(row)));
  }

  /// {@return when it was committed}
  public Hlc hlc() {
    return view.read(segment.path(), () -> new Hlc(index.wallMillis(row), index.counter(row)));
  }

  /// {@return what it is}
  public EventKind kind() {
    return view.kind(segment, index, row);
  }

  /// {@return the entity}
  public String entity() {
    return view.read(segment.path(), () -> index.entity(row));
  }

  /// {@return the scope}
  public String scope() {
    return view.read(segment.path(), () -> index.scope(row));
  }

  /// {@return where it lives}
  public Coordinate coordinate() {
    return new Coordinate(entity(), scope());
  }

  /// {@return the entity's own counter}
  public long clock() {
    return view.read(segment.path(), () -> index.clock(row));
  }

  /// {@return the event hash}
  public Hash hash() {
    return view.read(segment.path(), () -> index.hash(row));
  }

  /// {@return the event as it is stored}
  ///
  /// @throws io.batpak.failure.Corrupt if its checksum does not hold
  public StoredEvent event() {
    return view.stored(segment, index, row);
  }

  /// {@return its payload, decoded by its kind}
  ///
  /// @throws io.batpak.failure.Corrupt if its checksum does not hold
  public Decoded decode() {
    return view.decode(segment, index, row);
  }

  /// {@return its payload as a record}
  ///
  /// @param type the payload record
  /// @param <T> the payload record
  /// @throws io.batpak.failure.MalformedPayload if it is of another kind or does not decode
  /// @throws io.batpak.failure.Corrupt if its checksum does not hold
  public <T extends Record> T payload(Class<T> type) {
    return view.payload(segment, index, row, view.catalogue().codec(type));
  }

  static Optional<EventEntry> find(LogView view, EventId id) {
    Objects.requireNonNull(id);
    Snapshot snapshot = view.snapshot();
    return view.read(view.directory(), () -> snapshot.find(id))
        .map(sequence -> at(view, snapshot, sequence));
  }

  static Optional<EventEntry> find(LogView view, Bytes key) {
    var probe = new KeyProbe(key);
    Snapshot snapshot = view.snapshot();
    long sequence = view.read(view.directory(), () -> snapshot.find(probe));
    return sequence < 0 || sequence >= snapshot.end() || snapshot.hidden().contains(sequence)
        ? Optional.empty()
        : Optional.of(at(view, snapshot, sequence));
  }

  static EventEntry at(LogView view, long sequence) {
    if (sequence < 0) {
      throw new IllegalArgumentException("sequence " + sequence + " is negative");
    }
    Snapshot snapshot = view.snapshot();
    if (sequence >= snapshot.end()) {
      throw new BeyondEnd(sequence, snapshot.end());
    }
    HiddenRanges hidden = snapshot.hidden();
    int range = hidden.rangeOf(sequence);
    if (range >= 0) {
      throw new HiddenEvent(sequence, hidden.from(range), hidden.until(range));
    }
    return at(view, snapshot, sequence);
  }

  private static EventEntry at(LogView view, Snapshot snapshot, long sequence) {
    Segment segment = snapshot.segmentOf(sequence);
    SegmentIndex index = view.read(segment.path(), segment::index);
    return new EventEntry(view, segment, index, (int) (sequence - segment.first()));
  }

  /// {@return sequence, kind, coordinate and clock}
  @Override
  public String toString() {
    return sequence() + " " + kind() + " " + coordinate() + " #" + clock();
  }
}
