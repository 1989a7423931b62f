package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.StoreConfig;
import io.batpak.engine.index.HiddenRanges;
import io.batpak.engine.platform.FileSystemDisk;
import io.batpak.engine.platform.SystemClock;
import io.batpak.engine.recovery.Recovery;
import io.batpak.engine.search.Snapshot;
import io.batpak.engine.segment.Segment;
import io.batpak.event.Coordinate;
import io.batpak.event.EventKind;
import io.batpak.failure.BeyondEnd;
import io.batpak.failure.Closed;
import io.batpak.failure.HiddenEvent;
import io.batpak.failure.LimitExceeded;
import io.batpak.query.Query;
import io.batpak.query.Region;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves what results promise besides being right: which log they see, which events of a region a
/// typed walk takes, what a hidden event answers. Would catch a walk that sees what came later.
/// Deterministic.
class ResultsTest {

  private static final EventKind OTHER = new EventKind(0x2, 0x001);

  @TempDir private Path directory;

  /// Four events: notes of a and b, something else of a, a note of c.
  @BeforeEach
  void fill() {
    try (Store store = open()) {
      note(store, "a");
      note(store, "b");
      var _ = store.append(Coordinate.of("a", "s"), Note.raw(OTHER, "o"), AppendOptions.none());
      note(store, "c");
    }
  }

  private Store open() {
    return Store.open(StoreConfig.of(directory), Note.CATALOGUE);
  }

  private static void note(Store store, String entity) {
    var _ = store.append(Coordinate.of(entity, "s"), new Note(entity));
  }

  private static List<Long> sequences(Iterable<EventEntry> entries) {
    var sequences = new ArrayList<Long>();
    entries.forEach(entry -> sequences.add(entry.sequence()));
    return sequences;
  }

  @Test
  void results_see_the_log_as_it_was_when_they_were_asked_for() {
    try (Store store = open()) {
      Results before = store.query(Region.all());
      note(store, "a");

      assertThat(before.end()).isEqualTo(4);
      assertThat(sequences(before)).containsExactly(0L, 1L, 2L, 3L);
      assertThat(sequences(before.backward().limit(1))).containsExactly(3L);
      assertThat(before.after(3).end()).isEqualTo(4);
      assertThat(before.after(3).first()).isEmpty();
      assertThatThrownBy(() -> before.from(5).count()).isInstanceOf(BeyondEnd.class);
      assertThat(store.query(Region.all()).count()).isEqualTo(5);
    }
  }

  @Test
  void asking_a_closed_store_is_refused() {
    Store store = open();
    store.close();

    assertThatThrownBy(() -> store.query(Region.all())).isInstanceOf(Closed.class);
    assertThatThrownBy(() -> store.query(Query.of(Region.all()))).isInstanceOf(Closed.class);
  }

  @Test
  void a_query_means_any_of_its_regions_and_each_event_once() {
    Query query = Query.of(Region.entity("a"), Region.all().kind(Note.KIND).sequences(0, 2));

    try (Store store = open();
        LogReader reader = LogReader.open(directory)) {
      assertThat(sequences(store.query(query))).containsExactly(0L, 1L, 2L);
      assertThat(sequences(store.query(query).backward())).containsExactly(2L, 1L, 0L);
      assertThat(sequences(store.query(query.or(Region.entity("c"))).after(1)))
          .containsExactly(2L, 3L);
      assertThat(sequences(reader.query(query))).containsExactly(0L, 1L, 2L);
    }
  }

  @Test
  void a_query_has_so_many_regions() {
    List<Region> most = Collections.nCopies(Query.REGION_COUNT_MAX, Region.entity("b"));
    Query query = Query.anyOf(most);

    try (Store store = open()) {
      assertThat(sequences(store.query(query))).containsExactly(1L);
    }
    assertThatThrownBy(() -> query.or(Region.all()))
        .isInstanceOfSatisfying(
            LimitExceeded.class,
            failure -> assertThat(failure.limit()).isEqualTo(Query.REGION_COUNT_MAX));
  }

  @Test
  void a_typed_walk_takes_no_event_that_the_region_does_not_mean() {
    try (Store store = open()) {
      assertThat(store.query(Region.all().kind(OTHER)).payloads(Note.class)).isEmpty();
      assertThat(store.query(Region.all().category(0x2)).typed(Note.class)).isEmpty();
      assertThat(store.query(Region.all().category(0x1)).typed(Note.class)).hasSize(3);
      Query query = Query.of(Region.entity("a"), Region.all().kind(OTHER), Region.entity("c"));
      assertThat(store.query(query).payloads(Note.class))
          .containsExactly(new Note("a"), new Note("c"));
    }
  }

  @Test
  void a_hidden_event_is_in_no_answer() {
    try (Arena arena = Arena.ofShared()) {
      var disk = new FileSystemDisk(directory);
      Recovery.Found found = Recovery.read(disk, arena, new SystemClock());
      Segment[] segments = found.segments().toArray(Segment[]::new);
      Supplier<Snapshot> shown = () -> new Snapshot(4, segments, HiddenRanges.NONE);
      Supplier<Snapshot> hidden = () -> new Snapshot(4, segments, HiddenRanges.NONE.with(1, 3));
      var all = new LogView(directory, Note.CATALOGUE, shown);
      var view = new LogView(directory, Note.CATALOGUE, hidden);

      assertThat(sequences(new Results(view, Query.of(Region.all())))).containsExactly(0L, 3L);
      assertThat(new Results(view, Query.of(Region.entity("b"))).first()).isEmpty();
      assertThat(EventEntry.find(all, EventEntry.at(all, 1).id())).isPresent();
      assertThat(EventEntry.find(view, EventEntry.at(all, 1).id())).isEmpty();
      assertThat(EventEntry.at(view, 3).entity()).isEqualTo("c");
      assertThatThrownBy(() -> EventEntry.at(view, 2))
          .isInstanceOfSatisfying(
              HiddenEvent.class,
              failure -> {
                assertThat(failure.sequence()).isEqualTo(2);
                assertThat(failure.from()).isEqualTo(1);
                assertThat(failure.until()).isEqualTo(3);
              })
          .hasMessageContaining("sequence 2 lies in 1..2");
    }
  }
}
