package io.batpak;

import io.batpak.engine.frame.FrameDecoder;
import io.batpak.engine.search.PreparedQuery;
import io.batpak.engine.search.Search;
import io.batpak.engine.search.Search.Direction;
import io.batpak.engine.search.Snapshot;
import io.batpak.event.EventKind;
import io.batpak.failure.BeyondEnd;
import io.batpak.payload.PayloadCodec;
import io.batpak.query.KindMatch;
import io.batpak.query.Query;
import io.batpak.query.Region;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// The events of a query, lazily: nothing is read until they are walked, and nothing is copied.
/// Immutable; all walks see the log as it was when the query was made, up to {@link #end}.
///
/// A walk stops anywhere and goes on later: `results.after(lastSequence)`. What has been appended
/// since takes a new query.
public final class Results implements Iterable<EventEntry> {

  private final LogView view;
  private final Snapshot snapshot;
  private final PreparedQuery query;
  private final Direction direction;
  private final long from;
  private final long until;
  private final long limit;

  Results(LogView view, Query query) {
    this(
        view,
        view.snapshot(),
        PreparedQuery.of(query),
        Direction.FORWARD,
        0,
        Long.MAX_VALUE,
        Long.MAX_VALUE);
  }

  private Results(
      LogView view,
      Snapshot snapshot,
      PreparedQuery query,
      Direction direction,
      long from,
      long until,
      long limit) {
    this.view = view;
    this.snapshot = snapshot;
    this.query = query;
    this.direction = direction;
    this.from = from;
    this.until = until;
    this.limit = limit;
  }

  /// {@return the sequence behind the last event that the query could see: the end of the log when
  /// it was made}
  public long end() {
    return snapshot.end();
  }

  /// {@return the condition that no event of the query has come since it was made, whatever part of
  /// it was walked: for an append that decides by what was read}
  public Condition unchanged() {
    return Condition.noneMatches(query.query(), end());
  }

  /// {@return the same, newest first}
  public Results backward() {
    return new Results(view, snapshot, query, Direction.BACKWARD, from, until, limit);
  }

  /// {@return no more than so many of them, the first ones in the direction of the walk}
  ///
  /// @param count 0 and up
  public Results limit(long count) {
    if (count < 0) {
      throw new IllegalArgumentException("limit " + count + " is negative");
    }
    return new Results(view, snapshot, query, direction, from, until, Math.min(limit, count));
  }

  /// {@return those from a sequence on}
  ///
  /// @param sequence the first; a walk that begins behind {@link #end} fails with {@link BeyondEnd}
  public Results from(long sequence) {
    if (sequence < 0) {
      throw new IllegalArgumentException("sequence " + sequence + " is negative");
    }
    return new Results(view, snapshot, query, direction, Math.max(from, sequence), until, limit);
  }

  /// {@return those behind a sequence: where a forward walk that ended with it goes on}
  ///
  /// @param sequence the last one not wanted, or -1
  public Results after(long sequence) {
    if (sequence < -1) {
      throw new IllegalArgumentException("sequence " + sequence + " is below -1");
    }
    return sequence == Long.MAX_VALUE ? from(sequence) : from(sequence + 1);
  }

  /// {@return those in front of a sequence: where a backward walk that ended with it goes on}
  ///
  /// @param sequence the first one not wanted
  public Results before(long sequence) {
    if (sequence < 0) {
      throw new IllegalArgumentException("sequence " + sequence + " is negative");
    }
    return new Results(view, snapshot, query, direction, from, Math.min(until, sequence), limit);
  }

  /// {@return a walk over what the index knows}
  ///
  /// @throws BeyondEnd if it is to begin behind the end of the log
  @Override
  public Iterator<EventEntry> iterator() {
    Search search = search(query);
    return new Walk<>(
        () -> new EventEntry(view, search.segment(), search.index(), search.row()), search);
  }

  /// {@return what the index knows, as a stream}
  public Stream<EventEntry> stream() {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED), false);
  }

  /// {@return what the index knows, in a list}
  public List<EventEntry> toList() {
    return stream().toList();
  }

  /// {@return the first in the direction of the walk}
  public Optional<EventEntry> first() {
    Iterator<EventEntry> walk = iterator();
    return walk.hasNext() ? Optional.of(walk.next()) : Optional.empty();
  }

  /// {@return how many there are}
  public long count() {
    Search search = search(query);
    long count = 0;
    while (count < limit && advance(search)) {
      count++;
    }
    return count;
  }

  /// {@return the events as they are stored}
  public Iterable<StoredEvent> events() {
    return () -> {
      Search search = search(query);
      return new Walk<>(() -> view.stored(search.segment(), search.index(), search.row()), search);
    };
  }

  /// {@return the events of one payload class, decoded; others of the region are passed over}
  ///
  /// @param type the payload record
  /// @param <T> the payload record
  /// @throws io.batpak.failure.UnregisteredPayload if it has no codec
  public <T extends Record> Iterable<TypedEvent<T>> typed(Class<T> type) {
    PayloadCodec<T> codec = view.catalogue().codec(type);
    PreparedQuery narrowed = only(codec.kind());
    return () -> {
      Search search = search(narrowed);
      var decoder = new FrameDecoder();
      return new Walk<>(
          () ->
              new TypedEvent<>(
                  new EventEntry(view, search.segment(), search.index(), search.row()),
                  view.payload(decoder, search.segment(), search.index(), search.row(), codec)),
          search);
    };
  }

  /// {@return the payloads of one payload class, decoded; others of the region are passed over}
  ///
  /// @param type the payload record
  /// @param <T> the payload record
  /// @throws io.batpak.failure.UnregisteredPayload if it has no codec
  public <T extends Record> Iterable<T> payloads(Class<T> type) {
    PayloadCodec<T> codec = view.catalogue().codec(type);
    PreparedQuery narrowed = only(codec.kind());
    return () -> {
      Search search = search(narrowed);
      var decoder = new FrameDecoder();
      return new Walk<>(
          () -> view.payload(decoder, search.segment(), search.index(), search.row(), codec),
          search);
    };
  }

  private boolean advance(Search search) {
    view.refuseIfClosed();
    try {
      return search.advance();
    } catch (IllegalStateException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw view.meaning(e, search.segment().path());
    }
  }

  /// {@return the part of a kind}
  private PreparedQuery only(EventKind kind) {
    return PreparedQuery.of(
        Query.anyOf(query.query().regions().stream().map(region -> only(region, kind)).toList()));
  }

  /// A region of other kinds has no such part: no sequences are left of it.
  private static Region only(Region region, EventKind kind) {
    boolean meant =
        switch (region.kinds()) {
          case KindMatch.Any _ -> true;
          case KindMatch.Exact exact -> exact.kind().equals(kind);
          case KindMatch.Category category -> category.category() == kind.category();
        };
    return meant ? region.kind(kind) : region.sequences(0, 0);
  }

  private Search search(PreparedQuery narrowed) {
    if (from > snapshot.end()) {
      throw new BeyondEnd(from, snapshot.end());
    }
    return Search.of(snapshot, narrowed, direction, from, until);
  }

  /// One thread's way along a search.
  private final class Walk<T> implements Iterator<T> {

    private final java.util.function.Supplier<T> here;
    private final Search search;
    private long left = limit;
    private @Nullable T ahead;

    Walk(java.util.function.Supplier<T> here, Search search) {
      this.here = here;
      this.search = search;
    }

    @Override
    public boolean hasNext() {
      if (ahead == null && left > 0) {
        ahead = step();
      }
      return ahead != null;
    }

    private @Nullable T step() {
      left--;
      if (advance(search)) {
        return here.get();
      }
      left = 0;
      return null;
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException("no more events of the region");
      }
      T value = ahead;
      ahead = null;
      if (value == null) {
        throw new AssertionError("a walk without an event");
      }
      return value;
    }
  }
}
