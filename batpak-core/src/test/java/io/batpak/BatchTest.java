package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.event.EventHeader;
import io.batpak.event.EventId;
import io.batpak.event.EventLimits;
import io.batpak.event.Hash;
import io.batpak.failure.LimitExceeded;
import io.batpak.query.Region;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a batch stands whole and in order in the log, whatever its size and whichever
/// entities it mixes, and that its events can point at each other. Would catch a broken chain, a
/// batch over two segments, a cause that is not there. Deterministic.
class BatchTest {

  private static final Coordinate AT = Coordinate.of("e", "s");

  @TempDir private Path directory;

  private Store open(int segmentBytes) {
    return Store.open(StoreConfig.of(directory).withSegmentBytes(segmentBytes), Note.CATALOGUE);
  }

  private Store open() {
    return open(1 << 20);
  }

  private static NewEvent event(String entity, String text) {
    return NewEvent.of(Coordinate.of(entity, "s"), new Note(text));
  }

  private static List<NewEvent> events(int count, int entities) {
    return IntStream.range(0, count).mapToObj(i -> event("e" + i % entities, "n" + i)).toList();
  }

  @Test
  void the_largest_batch_stands_whole_with_its_chains_after_a_restart() {
    List<NewEvent> most = events(EventLimits.BATCH_COUNT_MAX, 1_000);
    List<Receipt> receipts;
    try (Store store = open(StoreConfig.SEGMENT_BYTES_DEFAULT)) {
      var _ = store.append(Coordinate.of("e7", "s"), new Note("before"));
      receipts = store.appendBatch(most, AckLevel.DURABLE);
      assertThat(store.durableEnd()).isEqualTo(store.end());
      var tooMany = new ArrayList<>(most);
      tooMany.add(event("e", "one more"));
      assertThatThrownBy(() -> store.appendBatch(tooMany))
          .isInstanceOfSatisfying(
              LimitExceeded.class,
              e -> {
                assertThat(e.limit()).isEqualTo(65_536);
                assertThat(e.value()).isEqualTo(65_537);
              });
    }

    assertThat(receipts).hasSize(65_536);
    try (Store store = open(StoreConfig.SEGMENT_BYTES_DEFAULT)) {
      assertThat(store.end()).isEqualTo(65_537);
      Chains.verify(store);
      for (int i = 0; i < receipts.size(); i += 997) {
        Receipt receipt = receipts.get(i);
        EventEntry entry = store.at(i + 1);
        assertThat(receipt.sequence()).isEqualTo(i + 1);
        assertThat(entry.id()).isEqualTo(receipt.id());
        assertThat(entry.hash()).isEqualTo(receipt.hash());
        assertThat(entry.clock()).isEqualTo(receipt.clock());
        assertThat(entry.payload(Note.class).text()).isEqualTo("n" + i);
      }
    }
  }

  @Test
  void an_entity_may_appear_any_number_of_times() {
    try (Store store = open()) {
      var _ = store.append(Coordinate.of("a", "s"), new Note("0"));
      List<Receipt> receipts =
          store.appendBatch(
              List.of(
                  event("a", "1"),
                  event("b", "0"),
                  event("a", "2"),
                  event("a", "3"),
                  event("b", "1")));

      assertThat(receipts).extracting(Receipt::clock).containsExactly(1L, 0L, 2L, 3L, 1L);
      Map<String, Hash> heads = new HashMap<>();
      for (StoredEvent stored : store.query(Region.all()).events()) {
        EventHeader header = stored.header();
        assertThat(header.previousHash())
            .isEqualTo(heads.getOrDefault(header.coordinate().entity(), Hash.ZERO));
        heads.put(header.coordinate().entity(), stored.hash());
      }
      assertThat(receipts.getLast().hash()).isEqualTo(heads.get("b"));
    }
  }

  @Test
  void times_and_ids_ascend_within_it() {
    try (Store store = open()) {
      List<Receipt> receipts = store.appendBatch(events(500, 3));

      for (int i = 1; i < receipts.size(); i++) {
        assertThat(receipts.get(i).hlc()).isGreaterThan(receipts.get(i - 1).hlc());
        assertThat(receipts.get(i).id()).isGreaterThan(receipts.get(i - 1).id());
        assertThat(receipts.get(i).sequence()).isEqualTo(receipts.get(i - 1).sequence() + 1);
      }
    }
  }

  @Test
  void it_never_spans_segments() {
    try (Store store = open(StoreConfig.SEGMENT_BYTES_MIN)) {
      for (int i = 0; i < 40; i++) {
        List<NewEvent> batch =
            Collections.nCopies(5 + i % 7, event("e" + i, "x".repeat(1_000 + 100 * (i % 9))));
        var _ = store.appendBatch(batch);
      }
      Chains.verify(store);
    }
    try (LogReader reader = LogReader.open(directory)) {
      assertThat(reader.openReport().segments()).isGreaterThan(5);
    }
  }

  @Test
  void it_may_fill_half_a_segment_and_no_more() {
    try (Store store = open(StoreConfig.SEGMENT_BYTES_MIN)) {
      NewEvent large = event("e", "x".repeat(10_000));
      assertThatThrownBy(() -> store.appendBatch(Collections.nCopies(4, large)))
          .isInstanceOf(LimitExceeded.class)
          .hasMessageContaining("half a segment");
      assertThat(store.appendBatch(Collections.nCopies(3, large))).hasSize(3);
      assertThat(store.end()).isEqualTo(3);
    }
  }

  @Test
  void its_events_may_be_caused_by_earlier_ones() {
    try (Store store = open()) {
      List<Receipt> receipts =
          store.appendBatch(
              List.of(
                  event("a", "root"),
                  event("b", "child").causedBy(0),
                  event("c", "other root"),
                  event("a", "grandchild").causedBy(1),
                  event("c", "child of the other").causedBy(2)));

      EventId root = receipts.get(0).id();
      EventId other = receipts.get(2).id();
      assertLink(store, 0, root, null);
      assertLink(store, 1, root, root);
      assertLink(store, 2, other, null);
      assertLink(store, 3, root, receipts.get(1).id());
      assertLink(store, 4, other, other);
    }
  }

  @Test
  void its_events_go_on_with_a_conversation_from_outside() {
    try (Store store = open()) {
      Receipt cause = store.append(AT, new Note("cause"));
      StoredEvent event = store.at(0).event();
      List<Receipt> receipts =
          store.appendBatch(
              List.of(
                  event("a", "1").options(AppendOptions.none().causedBy(event)),
                  event("b", "2").causedBy(0)));

      assertLink(store, 1, cause.id(), cause.id());
      assertLink(store, 2, cause.id(), receipts.getFirst().id());
    }
  }

  private static void assertLink(
      Store store,
      int sequence,
      EventId correlation,
      @org.jspecify.annotations.Nullable EventId cause) {
    EventHeader header = store.at(sequence).event().header();
    assertThat(header.correlation()).isEqualTo(correlation);
    assertThat(header.causation().orElse(null)).isEqualTo(cause);
  }

  @Test
  void a_cause_must_stand_before_and_be_the_only_one() {
    try (Store store = open()) {
      var id = new EventId(1, 1);
      AppendOptions linked =
          new AppendOptions(
              java.util.Optional.empty(),
              List.of(),
              java.util.Optional.empty(),
              java.util.Optional.of(id),
              java.util.Optional.empty(),
              io.batpak.event.LanePosition.ROOT,
              0,
              Collections.emptySortedMap());
      List<List<NewEvent>> wrong =
          List.of(
              List.of(event("a", "itself").causedBy(0)),
              List.of(event("a", "later").causedBy(1), event("a", "2")),
              List.of(event("a", "1"), event("a", "two causes").options(linked).causedBy(0)));
      for (List<NewEvent> batch : wrong) {
        assertThatThrownBy(() -> store.appendBatch(batch))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("caused by item");
      }
      NewEvent alone = event("a", "alone").causedBy(0);
      assertThatThrownBy(() -> store.appendIf(alone)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.submit(alone)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> event("a", "").causedBy(-1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(store.end()).isZero();
    }
  }

  @Test
  void it_has_one_level_and_at_least_one_event() {
    try (Store store = open()) {
      assertThatThrownBy(() -> store.appendBatch(List.of()))
          .isInstanceOf(IllegalArgumentException.class);
      NewEvent own = event("a", "n").options(AppendOptions.durable());
      assertThatThrownBy(() -> store.appendBatch(List.of(own)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("level");

      assertThat(store.appendBatch(events(3, 1)))
          .allSatisfy(receipt -> assertThat(receipt.level()).isEqualTo(AckLevel.VISIBLE));
      assertThat(store.appendBatchIf(events(3, 1), BatchOptions.durable()).allOrThrow())
          .allSatisfy(receipt -> assertThat(receipt.level()).isEqualTo(AckLevel.DURABLE));
      assertThat(store.durableEnd()).isEqualTo(6);
    }
  }

  @Test
  void one_event_that_cannot_be_written_refuses_it_whole() {
    try (Store store = open()) {
      assertThatThrownBy(() ->
              store.appendBatch(
                  List.of(event("a", "n"), event("batpak:own", "n"), event("b", "n"))))
          .isInstanceOf(io.batpak.failure.InvalidName.class);
      assertThat(store.end()).isZero();
      assertThat(store.query(Region.all()).count()).isZero();
    }
  }
}
