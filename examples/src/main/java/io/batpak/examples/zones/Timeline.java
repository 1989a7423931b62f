package io.batpak.examples.zones;

import io.batpak.Decoded;
import io.batpak.EventEntry;
import io.batpak.Results;
import java.util.TreeMap;

/// The offsets of one zone, folded from its events.
final class Timeline {

  private final TreeMap<Long, Integer> offsetFromSecond = new TreeMap<>();

  private Timeline() {}

  /// {@return the fold of one zone's events}
  ///
  /// @param events of one entity, in order
  static Timeline of(Results events) {
    var timeline = new Timeline();
    for (EventEntry event : events) {
      timeline.apply(event.decode());
    }
    return timeline;
  }

  private void apply(Decoded event) {
    if (event instanceof Decoded.Known(ZoneFounded founded)) {
      offsetFromSecond.put(Long.MIN_VALUE, founded.offsetSeconds());
    } else if (event instanceof Decoded.Known(OffsetChanged changed)) {
      offsetFromSecond.put(changed.at().getEpochSecond(), changed.offsetAfterSeconds());
    } else {
      throw new IllegalStateException("an event that is not of this demo: " + event);
    }
  }

  /// {@return the offset at a moment, in seconds east of Greenwich}
  ///
  /// @param epochSecond the moment
  int offsetAt(long epochSecond) {
    var entry = offsetFromSecond.floorEntry(epochSecond);
    if (entry == null) {
      throw new IllegalStateException("a zone that was not founded");
    }
    return entry.getValue();
  }

  /// {@return when the clocks were set, in seconds since the epoch, ascending}
  Iterable<Long> changes() {
    return offsetFromSecond.tailMap(Long.MIN_VALUE, false).keySet();
  }
}
