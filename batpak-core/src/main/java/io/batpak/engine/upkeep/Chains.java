package io.batpak.engine.upkeep;

import io.batpak.event.EventHeader;
import io.batpak.event.Hash;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The chain of every entity: its last clock and hash. Grows with the number of entities, not with
/// that of events.
///
/// Where events are missing a chain cannot be followed. So {@link #loosen} lets each entity begin
/// anew, once, where its clock does not go on: what is missing has been reported already, and a
/// problem for each entity would hide it.
final class Chains {

  private final Map<String, Link> links = new HashMap<>();
  private final Ledger ledger;
  private int gaps;

  private record Link(long clock, Hash hash, long sequence, int gaps) {}

  Chains(Ledger ledger) {
    this.ledger = ledger;
  }

  /// Events may be missing from here on.
  void loosen() {
    gaps++;
  }

  int entities() {
    return links.size();
  }

  /// Adds an event to its chain.
  ///
  /// @return what is wrong with it, or nothing
  String add(EventHeader event, Hash hash) {
    var link = new Link(event.clock(), hash, event.sequence(), gaps);
    Link before = links.put(event.coordinate().entity(), link);
    boolean follows = event.clock() == (before == null ? 0 : before.clock + 1);
    boolean loose = gaps > (before == null ? 0 : before.gaps);
    if (!follows) {
      return loose ? "" : clockMessage(event, before);
    }
    if (before != null) {
      ledger.link();
    }
    Hash previous = before == null ? Hash.ZERO : before.hash;
    return event.previousHash().equals(previous) ? "" : hashMessage(event, previous, before);
  }

  private static String clockMessage(EventHeader event, @Nullable Link before) {
    return "clock "
        + event.clock()
        + " of "
        + event.coordinate().entity()
        + ", expected "
        + (before == null ? "0" : before.clock + 1 + " behind sequence " + before.sequence);
  }

  private static String hashMessage(EventHeader event, Hash expected, @Nullable Link before) {
    return "previous hash "
        + event.previousHash()
        + " of "
        + event.coordinate().entity()
        + ", expected "
        + expected
        + (before == null
            ? " for its first event"
            : ": sequence " + before.sequence + " is not the event that this one was appended to");
  }
}
