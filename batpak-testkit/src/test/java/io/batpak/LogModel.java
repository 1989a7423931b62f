package io.batpak;

import io.batpak.engine.frame.Blake3;
import io.batpak.event.Bytes;
import io.batpak.event.EventHeader;
import io.batpak.event.EventId;
import io.batpak.event.Hash;
import io.batpak.event.Hlc;
import io.batpak.event.LifecycleKinds;
import io.batpak.failure.BeyondEnd;
import io.batpak.failure.HiddenEvent;
import io.batpak.query.Query;
import io.batpak.query.Region;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What a log must hold, and show, as a plain list. Every difference is an [AssertionError].
final class LogModel {

  private static final Query EVERYTHING = Query.of(Region.all(), Region.all().category(0x0));

  /// What has become of an event.
  private enum Fate {
    /// Everyone sees it.
    SHOWN,
    /// It belongs to the fence that is active.
    FENCED,
    /// A fence that was cancelled, or had no end, hides it for good.
    HIDDEN
  }

  /// An event that is in the log. What only the store decides is taken from the receipt, or from
  /// the first look at the event if there was none, and must stay so.
  private static final class Known {

    final Wanted wanted;
    final int item;
    final int more;
    final long clock;
    @Nullable EventId id;
    @Nullable Hlc hlc;
    @Nullable Hash hash;

    Known(Wanted wanted, int item, int more, long clock) {
      this.wanted = wanted;
      this.item = item;
      this.more = more;
      this.clock = clock;
    }

    void pin(EventId id, Hlc hlc, Hash hash) {
      this.id = id;
      this.hlc = hlc;
      this.hash = hash;
    }
  }

  private final List<Known> log = new ArrayList<>();
  private List<Fate> fates = List.of();
  private boolean fenced;

  /// The eyes of the process that runs.
  private @Nullable Look look;

  /// A time that this process has taken in.
  private Hlc observed = new Hlc(0, 0);

  /// {@return how many events have a place in the log}
  int end() {
    return log.size();
  }

  /// {@return how far reads see}
  int shownEnd() {
    int fence = fates.indexOf(Fate.FENCED);
    return fence < 0 ? log.size() : fence;
  }

  /// {@return an event}
  Wanted wanted(int sequence) {
    return log.get(sequence).wanted;
  }

  /// {@return the clock of an event}
  long clock(int sequence) {
    return log.get(sequence).clock;
  }

  /// {@return whether everyone sees an event}
  boolean shown(int sequence) {
    return fates.get(sequence) == Fate.SHOWN;
  }

  /// {@return whether a condition or a key sees an event}
  boolean counts(int sequence) {
    return fates.get(sequence) != Fate.HIDDEN;
  }

  /// {@return how many events an entity has, hidden or not}
  long count(String entity) {
    return log.stream().filter(known -> known.wanted.entity().equals(entity)).count();
  }

  /// {@return the last event of an entity that counts, or -1}
  int last(String entity) {
    return last(i -> wanted(i).entity().equals(entity));
  }

  /// {@return the last event that brought an entity into a state and counts, or -1}
  int state(String entity) {
    return last(
        i -> wanted(i).entity().equals(entity) && Phase.codec(wanted(i).kind()).isPresent());
  }

  /// {@return the last event with a key that counts, or -1}
  int withKey(Bytes key) {
    return last(i -> wanted(i).key().equals(Optional.of(key)));
  }

  private int last(IntPredicate condition) {
    for (int i = log.size() - 1; i >= 0; i--) {
      if (counts(i) && condition.test(i)) {
        return i;
      }
    }
    return -1;
  }

  /// {@return whether a batch of a length begins at a position}
  boolean wholeBatch(int first, int count) {
    return log.get(first).more == count - 1 && (first == 0 || log.get(first - 1).more == 0);
  }

  /// {@return the id of an event, looked at if nobody has yet}
  EventId id(int sequence) {
    Known known = log.get(sequence);
    if (known.id == null && look != null && shown(sequence)) {
      verifyAt(look, sequence);
    }
    EventId id = known.id;
    if (id == null) {
      throw new AssertionError("event " + sequence + " has not been looked at");
    }
    return id;
  }

  /// {@return the sequences of the events of a query that everyone sees}
  List<Long> sequences(Query query) {
    return IntStream.range(0, log.size())
        .filter(i -> shown(i) && Prediction.matches(query, i, wanted(i)))
        .mapToObj(i -> (long) i)
        .toList();
  }

  /// {@return the state that everyone sees an entity in}
  Optional<Phase.Codec<?>> shownState(String entity) {
    for (int i = log.size() - 1; i >= 0; i--) {
      Optional<Phase.Codec<?>> state = Phase.codec(wanted(i).kind());
      if (shown(i) && wanted(i).entity().equals(entity) && state.isPresent()) {
        return state;
      }
    }
    return Optional.empty();
  }

  /// {@return the event with a key that everyone sees, or -1}
  int shownWithKey(Bytes key) {
    return last(i -> shown(i) && wanted(i).key().equals(Optional.of(key)));
  }

  /// {@return whether an event with a key is hidden for good}
  boolean hasHidden(Bytes key) {
    return IntStream.range(0, log.size())
        .anyMatch(i -> !counts(i) && wanted(i).key().equals(Optional.of(key)));
  }

  /// {@return whether any event is hidden for good}
  boolean hasHidden() {
    return fates.contains(Fate.HIDDEN);
  }

  /// {@return where the last cancellation of a fence stands, or -1}
  int lastCancelled() {
    for (int i = log.size() - 1; i >= 0; i--) {
      if (wanted(i).own() && wanted(i).kind().equals(LifecycleKinds.FENCE_CANCELLED)) {
        return i;
      }
    }
    return -1;
  }

  /// {@return where the fence begins that has no end, or -1}
  int unended() {
    int begun = -1;
    for (int i = 0; i < log.size(); i++) {
      if (wanted(i).own()) {
        begun = begunAfter(i, begun);
      }
    }
    return begun;
  }

  private int begunAfter(int sequence, int before) {
    var kind = wanted(sequence).kind();
    if (kind.equals(LifecycleKinds.FENCE_BEGUN)) {
      return sequence;
    }
    return LifecycleKinds.aboutFence(kind.bits()) ? -1 : before;
  }

  /// Says by which eyes events can be looked at from now on.
  void seenBy(Look eyes) {
    look = eyes;
    observed = new Hlc(0, 0);
  }

  /// What is appended from now on by this process is later than a time.
  void observed(Hlc time) {
    observed = time.compareTo(observed) > 0 ? time : observed;
  }

  /// Puts events behind the last, together.
  void append(List<Wanted> unit) {
    for (int i = 0; i < unit.size(); i++) {
      Wanted wanted = unit.get(i);
      log.add(new Known(wanted, i, unit.size() - 1 - i, count(wanted.entity())));
    }
    judge();
  }

  /// Says whether the fence that has no end is active, or was of a process that died.
  void fenced(boolean active) {
    fenced = active;
    judge();
  }

  /// Takes the events from a position on away.
  void cut(int end) {
    if (end > 0 && end < log.size() && log.get(end - 1).more > 0) {
      throw new AssertionError("the log ends within a batch, at " + end);
    }
    log.subList(end, log.size()).clear();
    judge();
  }

  private void judge() {
    var judged = new ArrayList<Fate>(log.size());
    int begun = -1;
    for (int i = 0; i < log.size(); i++) {
      judged.add(Fate.SHOWN);
      if (wanted(i).own()) {
        if (wanted(i).kind().equals(LifecycleKinds.FENCE_CANCELLED)) {
          judged.subList(begun + 1, i).replaceAll(_ -> Fate.HIDDEN);
        }
        begun = begunAfter(i, begun);
      }
    }
    if (begun >= 0) {
      judged.subList(begun + 1, log.size()).replaceAll(_ -> fenced ? Fate.FENCED : Fate.HIDDEN);
    }
    fates = judged;
  }

  /// Takes what a store has said of events that it has appended.
  ///
  /// @param first where they stand
  /// @param receipts one per event
  /// @param fromMillis the wall time before it was asked
  /// @param nowMillis the wall time now
  void pin(int first, List<Receipt> receipts, long fromMillis, long nowMillis) {
    for (int i = 0; i < receipts.size(); i++) {
      Receipt receipt = receipts.get(i);
      Known known = log.get(first + i);
      expect("sequence", receipt.sequence(), (long) first + i);
      expect("coordinate", receipt.coordinate(), known.wanted.coordinate());
      expect("clock", receipt.clock(), known.clock);
      if (known.id == null) {
        verifyWall(first + i, receipt.hlc(), fromMillis, nowMillis);
        Hash told = known.hash;
        known.pin(receipt.id(), receipt.hlc(), told == null ? receipt.hash() : told);
      }
      expect("id", receipt.id(), known.id);
      expect("hlc", receipt.hlc(), known.hlc);
      expect("hash", receipt.hash(), known.hash);
    }
  }

  /// Looks for the first time at what has been appended from a position on.
  void learn(int from, long fromMillis, long nowMillis) {
    for (int i = from; i < log.size(); i++) {
      if (log.get(i).id == null && shown(i)) {
        var _ = id(i);
        verifyWall(i, hlc(log.get(i)), fromMillis, nowMillis);
      }
    }
  }

  /// A commit has the wall time of its turn, or that of the event before if that is later.
  private void verifyWall(int sequence, Hlc hlc, long fromMillis, long nowMillis) {
    Hlc before = sequence == 0 ? new Hlc(0, 0) : log.get(sequence - 1).hlc;
    long wall = hlc.wallMillis();
    boolean early = wall < fromMillis || hlc.compareTo(observed) <= 0;
    long latest = Math.max(observed.wallMillis(), nowMillis);
    boolean late = before != null && wall > Math.max(before.wallMillis(), latest);
    if (early || late) {
      throw new AssertionError(
          "wall time %d of event %d, behind %s, asked for from %d to %d"
              .formatted(wall, sequence, before, fromMillis, nowMillis));
    }
  }

  private static Hlc hlc(Known known) {
    Hlc hlc = known.hlc;
    if (hlc == null) {
      throw new AssertionError("an event that nobody has looked at");
    }
    return hlc;
  }

  /// Checks everything that a reader sees, from the log and from the index.
  ///
  /// @param look the reader's eyes
  /// @param end how far they see
  void verify(Look look, int end) {
    expect("end", look.end().getAsLong(), (long) end);
    Iterator<EventEntry> entries = look.query().apply(EVERYTHING).iterator();
    var heads = new HashMap<String, Known>();
    Known before = null;
    for (int i = 0; i < log.size(); i++) {
      Known known = log.get(i);
      String entity = known.wanted.entity();
      if (shown(i)) {
        verify(i, entries.next(), heads.get(entity), before);
      }
      heads.put(entity, known);
      before = known.id == null ? before : known;
    }
    expect("further events", entries.hasNext(), false);
  }

  /// Checks what a reader finds at a position, and by an id.
  void verifyAt(Look look, int sequence) {
    Known known = log.get(sequence);
    if (shown(sequence)) {
      verify(sequence, look.at().apply(sequence), head(sequence), seenBefore(sequence));
      expect("by id", found(look, id(sequence)), Optional.of((long) sequence));
      return;
    }
    try {
      EventEntry entry = look.at().apply(sequence);
      throw new AssertionError("event " + sequence + " is to be hidden, and is " + entry);
    } catch (HiddenEvent | BeyondEnd e) {
      expect("beyond the end", e instanceof BeyondEnd, look.end().getAsLong() <= sequence);
    }
    if (known.id != null) {
      expect("by the id of a hidden event", found(look, known.id), Optional.empty());
    }
  }

  private static Optional<Long> found(Look look, EventId id) {
    return look.get().apply(id).map(EventEntry::sequence);
  }

  private @Nullable Known head(int sequence) {
    String entity = wanted(sequence).entity();
    for (int i = sequence - 1; i >= 0; i--) {
      if (wanted(i).entity().equals(entity)) {
        return log.get(i);
      }
    }
    return null;
  }

  private @Nullable Known seenBefore(int sequence) {
    for (int i = sequence - 1; i >= 0; i--) {
      if (log.get(i).id != null) {
        return log.get(i);
      }
    }
    return null;
  }

  private void verify(
      int sequence, EventEntry entry, @Nullable Known head, @Nullable Known before) {
    StoredEvent event = entry.event();
    EventHeader header = event.header();
    Known known = log.get(sequence);
    Wanted wanted = known.wanted;
    expect("sequence", header.sequence(), (long) sequence);
    expect("coordinate", header.coordinate(), wanted.coordinate());
    expect("kind", header.kind(), wanted.kind());
    expect("version", header.version(), wanted.version());
    expect("tags", header.tags(), wanted.tags());
    expect("key", header.key(), wanted.key());
    expect("more", header.more(), known.more);
    expect("flags", header.flags(), wanted.flags());
    byte[] payload = wanted.payload().toByteArray();
    if (!Arrays.equals(event.payload(), payload)) {
      throw new AssertionError("event " + sequence + " has another payload");
    }
    expect("content hash", event.contentHash(), Blake3.hashOf(payload, 0, payload.length));
    if (known.id == null) {
      Hash told = known.hash;
      known.pin(header.id(), header.hlc(), told == null ? event.hash() : told);
    }
    expect("id", header.id(), known.id);
    expect("hlc", header.hlc(), known.hlc);
    expect("hash", event.hash(), known.hash);
    verifyCause(sequence, known, header);
    verifyOrder(known, header, head, before);
    verifyIndex(entry, event);
  }

  /// What an event of the batch has caused points at it, and belongs to its conversation.
  private void verifyCause(int sequence, Known known, EventHeader header) {
    int first = sequence - known.item;
    int cause = known.wanted.cause();
    Optional<EventId> expected = cause < 0 ? Optional.empty() : Optional.of(id(first + cause));
    int root = known.item;
    while (wanted(first + root).cause() >= 0) {
      root = wanted(first + root).cause();
    }
    expect("causation", header.causation(), expected);
    expect("correlation", header.correlation(), id(first + root));
  }

  private static void verifyOrder(
      Known known, EventHeader header, @Nullable Known head, @Nullable Known before) {
    expect("clock", header.clock(), known.clock);
    if (head == null || head.hash != null) {
      Hash previous = head == null ? Hash.ZERO : head.hash;
      expect("previous hash", header.previousHash(), previous);
    } else {
      // Nobody has looked at it, or it is hidden: the one behind it is the first to tell its hash.
      head.hash = header.previousHash();
    }
    expect("wall of the id", header.id().wallMillis(), header.hlc().wallMillis());
    if (before != null && before.id != null) {
      expect("id ascends", header.id().compareTo(before.id) > 0, true);
      expect("hlc ascends", header.hlc().compareTo(hlc(before)) > 0, true);
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

  static void expect(String what, @Nullable Object actual, @Nullable Object expected) {
    if (actual == null || !actual.equals(expected)) {
      throw new AssertionError(what + ": " + actual + ", expected " + expected);
    }
  }
}
