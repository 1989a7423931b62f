package io.batpak;

import io.batpak.engine.frame.Blake3;
import io.batpak.event.Bytes;
import io.batpak.event.Coordinate;
import io.batpak.event.EventHeader;
import io.batpak.event.EventId;
import io.batpak.event.EventKind;
import io.batpak.event.Hash;
import io.batpak.event.Hlc;
import io.batpak.query.Region;
import io.batpak.testkit.simulated.SimulatedDisk.Crash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a store must hold, as a plain list: the oracle of the simulation.
///
/// It knows what was attempted and what was answered, and from that alone what may be found after a
/// crash. Every difference is an [AssertionError].
final class LogModel {

  /// An event as its caller wants it.
  ///
  /// @param coordinate where it is to live
  /// @param kind what it is
  /// @param version the payload's schema version
  /// @param tags ascending, no duplicates
  /// @param payload the bytes
  record Wanted(
      Coordinate coordinate, EventKind kind, int version, List<String> tags, Bytes payload) {}

  /// An event that is in the log or may be. What only the store decides is taken from the receipt,
  /// or from the first look at the event if there was none, and must stay so.
  private static final class Known {

    final Wanted wanted;
    final int more;
    @Nullable EventId id;
    @Nullable Hlc hlc;
    @Nullable Hash hash;

    Known(Wanted wanted, int more) {
      this.wanted = wanted;
      this.more = more;
    }

    void pin(EventId id, Hlc hlc, Hash hash) {
      this.id = id;
      this.hlc = hlc;
      this.hash = hash;
    }
  }

  private final List<Known> log = new ArrayList<>();
  private List<Known> inDoubt = List.of();
  private int durable;
  private int least = Integer.MAX_VALUE;

  /// {@return how many events are visible}
  int end() {
    return log.size();
  }

  /// {@return how many of them must survive a power cut}
  int durableEnd() {
    return durable;
  }

  /// {@return the clock of an entity's last event, or -1}
  long clock(String entity) {
    return log.stream().filter(known -> known.wanted.coordinate.entity().equals(entity)).count()
        - 1;
  }

  /// {@return the id of an event that is visible}
  EventId id(int sequence) {
    EventId id = log.get(sequence).id;
    if (id == null) {
      throw new AssertionError("event " + sequence + " has not been looked at");
    }
    return id;
  }

  /// {@return the sequences of the events that a condition holds for}
  List<Long> sequences(Predicate<Wanted> condition) {
    var found = new ArrayList<Long>();
    for (int i = 0; i < log.size(); i++) {
      if (condition.test(log.get(i).wanted)) {
        found.add((long) i);
      }
    }
    return found;
  }

  /// A commit begins: from now on it may be in the log, whole.
  void attempted(List<Wanted> batch) {
    var known = new ArrayList<Known>();
    for (int i = 0; i < batch.size(); i++) {
      known.add(new Known(batch.get(i), batch.size() - 1 - i));
    }
    inDoubt = known;
  }

  /// The commit was answered.
  void acknowledged(List<Receipt> receipts, long nowMillis) {
    expect("receipts", receipts.size(), inDoubt.size());
    for (int i = 0; i < receipts.size(); i++) {
      Receipt receipt = receipts.get(i);
      Known known = inDoubt.get(i);
      expect("sequence", receipt.sequence(), (long) log.size());
      expect("coordinate", receipt.coordinate(), known.wanted.coordinate);
      expect("clock", receipt.clock(), clock(known.wanted.coordinate.entity()) + 1);
      long lastWall = log.isEmpty() ? 0 : hlc(log.size() - 1).wallMillis();
      expect("wall", receipt.hlc().wallMillis(), Math.max(lastWall, nowMillis));
      known.pin(receipt.id(), receipt.hlc(), receipt.hash());
      log.add(known);
    }
    inDoubt = List.of();
  }

  /// The commit was refused: nothing of it may ever be seen.
  void refused() {
    inDoubt = List.of();
  }

  /// The commit failed, and the store says that it ends here: with the commit or without it. If it
  /// is not visible, it may still turn up at the next start.
  void failed(long end) {
    if (end == log.size() + inDoubt.size()) {
      log.addAll(inDoubt);
      inDoubt = List.of();
    }
    expect("end after a failure", end, (long) log.size());
  }

  /// The store says that everything before a sequence is durable.
  void durable(long end) {
    if (end > log.size() + inDoubt.size()) {
      throw new AssertionError(end + " events durable, and only " + log.size() + " visible");
    }
    durable = Math.max(durable, (int) Math.min(end, log.size()));
  }

  /// The process ended.
  void crashed(Crash crash) {
    least = Math.min(least, crash == Crash.KILL ? log.size() : durable);
  }

  /// A store has been opened: checks that it holds what it must and nothing else, and goes on from
  /// there. What it accepted is promised as durable.
  void recovered(Store store) {
    int end = Math.toIntExact(store.end());
    int lower = Math.min(least, log.size());
    boolean withDoubtful = !inDoubt.isEmpty() && end == log.size() + inDoubt.size();
    if (!withDoubtful && (end < lower || end > log.size())) {
      throw new AssertionError(
          "recovered %d events; at least %d were promised, %d visible, %d in doubt"
              .formatted(end, lower, log.size(), inDoubt.size()));
    }
    if (withDoubtful) {
      log.addAll(inDoubt);
    }
    inDoubt = List.of();
    if (end > 0 && log.get(end - 1).more > 0) {
      throw new AssertionError("the log ends within a batch, at " + end);
    }
    log.subList(end, log.size()).clear();
    durable = end;
    least = Integer.MAX_VALUE;
    verify(store);
  }

  /// Checks every event of a store, from the log and from the index.
  void verify(Store store) {
    expect("end", store.end(), (long) log.size());
    Iterator<EventEntry> entries = store.query(Region.all()).iterator();
    for (int i = 0; i < log.size(); i++) {
      verify(i, entries.next());
    }
    expect("further events", entries.hasNext(), false);
  }

  /// Checks one event.
  void verify(int sequence, EventEntry entry) {
    StoredEvent event = entry.event();
    EventHeader header = event.header();
    Known known = log.get(sequence);
    Wanted wanted = known.wanted;
    byte[] payload = wanted.payload.toByteArray();
    if (known.hash == null) {
      known.pin(header.id(), header.hlc(), event.hash());
    }
    expect("sequence", header.sequence(), (long) sequence);
    expect("coordinate", header.coordinate(), wanted.coordinate);
    expect("kind", header.kind(), wanted.kind);
    expect("version", header.version(), wanted.version);
    expect("tags", header.tags(), wanted.tags);
    expect("more", header.more(), known.more);
    expect("flags", header.flags(), 0);
    if (!Arrays.equals(event.payload(), payload)) {
      throw new AssertionError("event " + sequence + " has another payload");
    }
    expect("content hash", header.contentHash(), Blake3.hashOf(payload, 0, payload.length));
    verifyOrder(sequence, header);
    expect("id", header.id(), known.id);
    expect("hlc", header.hlc(), known.hlc);
    expect("hash", event.hash(), known.hash);
    verifyIndex(entry, event);
  }

  private void verifyOrder(int sequence, EventHeader header) {
    long clock = -1;
    Hash previous = Hash.ZERO;
    for (int i = 0; i < sequence; i++) {
      Known earlier = log.get(i);
      if (earlier.wanted.coordinate.entity().equals(header.coordinate().entity())) {
        clock++;
        previous = earlier.hash == null ? Hash.ZERO : earlier.hash;
      }
    }
    expect("clock", header.clock(), clock + 1);
    expect("previous hash", header.previousHash(), previous);
    expect("wall of the id", header.id().wallMillis(), header.hlc().wallMillis());
    if (sequence > 0) {
      expect("id ascends", header.id().compareTo(id(sequence - 1)) > 0, true);
      expect("hlc ascends", header.hlc().compareTo(hlc(sequence - 1)) > 0, true);
    }
  }

  private static void verifyIndex(EventEntry entry, StoredEvent event) {
    EventHeader header = event.header();
    expect("index: sequence", entry.sequence(), header.sequence());
    expect("index: id", entry.id(), header.id());
    expect("index: hlc", entry.hlc(), header.hlc());
    expect("index: kind", entry.kind(), header.kind());
    expect("index: coordinate", entry.coordinate(), header.coordinate());
    expect("index: clock", entry.clock(), header.clock());
    expect("index: hash", entry.hash(), event.hash());
  }

  private Hlc hlc(int sequence) {
    Hlc hlc = log.get(sequence).hlc;
    if (hlc == null) {
      throw new AssertionError("event " + sequence + " has not been looked at");
    }
    return hlc;
  }

  static void expect(String what, @Nullable Object actual, @Nullable Object expected) {
    if (actual == null || !actual.equals(expected)) {
      throw new AssertionError(what + ": " + actual + ", expected " + expected);
    }
  }
}
