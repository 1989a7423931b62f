package io.batpak.engine.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.index.HiddenRanges;
import io.batpak.engine.index.SealedIndex;
import io.batpak.engine.index.SidxWriter;
import io.batpak.engine.search.Search.Direction;
import io.batpak.engine.segment.Segment;
import io.batpak.engine.segment.SegmentHeader;
import io.batpak.event.EventId;
import io.batpak.event.EventKind;
import io.batpak.event.Hash;
import io.batpak.query.EntityMatch;
import io.batpak.query.KindMatch;
import io.batpak.query.Query;
import io.batpak.query.Region;
import io.batpak.testing.IndexRow;
import io.batpak.testing.Randoms;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Proves that a search of several regions, with hidden events and events of the library among
/// them, finds what a linear scan over a plain list does, and that the newest is the last of them.
/// Would catch an event that comes twice, a hidden one that is shown. Seed: random, printed.
class SearchTest {

  private static final int QUERIES_PER_LOG = 60;

  private static final List<String> ENTITIES =
      List.of("a", "a:1", "a:2", "a/1", "ab", "b", "batpak:store", "batpak:fence", "batpak");

  private static final List<String> SCOPES = List.of("s", "t", "batpak:s");
  private static final List<String> TAGS = List.of("x:1", "x:2", "y:1", "z");
  private static final int[] KINDS = {0x1001, 0x1002, 0x2001, 0x0008, 0x000F, 0x0012};

  /// An event as the list knows it.
  private record Logged(
      long sequence, long wallMillis, String entity, String scope, int kind, List<String> tags) {}

  /// A log in segments, sealed and not, and what is in it.
  private record Log(Snapshot snapshot, List<Logged> events) {}

  @Test
  void finds_what_a_linear_scan_finds() {
    Randoms.each(
        60,
        (random, size) -> {
          Log log = log(random, size * 4, random.nextBoolean());
          for (int i = 0; i < QUERIES_PER_LOG; i++) {
            compare(log, query(random, log), random, matching(log));
          }
        });
  }

  @Test
  void wrong_oracles_are_caught() {
    Log log = log(Randoms.seeded(1), 400, true);
    HiddenRanges hidden = log.snapshot.hidden();
    List<Oracle> wrong =
        List.of(
            (query, event) -> query.regions().stream().anyMatch(region -> matches(region, event)),
            (query, event) ->
                !hidden.contains(event.sequence)
                    && query.regions().stream().anyMatch(region -> plain(region, event)),
            (query, event) ->
                !hidden.contains(event.sequence) && matches(query.regions().getFirst(), event),
            (query, event) -> matching(log).test(query, event) && event.kind != 0x000F);
    for (Oracle oracle : wrong) {
      RandomGenerator random = Randoms.seeded(4);
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 2_000; i++) {
                  compare(log, query(random, log), random, oracle);
                }
              })
          .isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void a_hidden_event_is_not_found_by_its_id() {
    Log log = log(Randoms.seeded(1), 300, true);

    for (Logged event : log.events) {
      boolean hidden = log.snapshot.hidden().contains(event.sequence);
      assertThat(log.snapshot.find(new EventId(event.wallMillis << 16, event.sequence)).isEmpty())
          .isEqualTo(hidden);
    }
  }

  private interface Oracle {
    boolean test(Query query, Logged event);
  }

  private static Oracle matching(Log log) {
    return (query, event) ->
        !log.snapshot.hidden().contains(event.sequence)
            && query.regions().stream().anyMatch(region -> matches(region, event));
  }

  private static void compare(Log log, Query query, RandomGenerator random, Oracle oracle) {
    long end = log.snapshot.end();
    long from = random.nextBoolean() ? 0 : random.nextLong(end + 1);
    long until = random.nextBoolean() ? Long.MAX_VALUE : random.nextLong(end + 2);
    Predicate<Logged> matches = event -> oracle.test(query, event);
    List<Long> expected =
        log.events.stream()
            .filter(event -> event.sequence >= from && event.sequence < until)
            .filter(matches)
            .map(Logged::sequence)
            .toList();
    PreparedQuery prepared = PreparedQuery.of(query);

    assertThat(found(log.snapshot, prepared, Direction.FORWARD, from, until)).isEqualTo(expected);
    assertThat(found(log.snapshot, prepared, Direction.BACKWARD, from, until))
        .isEqualTo(expected.reversed());
    assertThat(Search.newest(log.snapshot, prepared, from, until))
        .isEqualTo(expected.isEmpty() ? -1 : expected.getLast());
  }

  private static List<Long> found(
      Snapshot snapshot, PreparedQuery query, Direction direction, long from, long until) {
    var found = new ArrayList<Long>();
    Search search = Search.of(snapshot, query, direction, from, until);
    while (search.advance()) {
      assertThat(search.index().first()).isEqualTo(search.segment().first());
      found.add(search.index().first() + search.row());
    }
    assertThat(search.advance()).isFalse();
    return found;
  }

  private static boolean matches(Region region, Logged event) {
    boolean own = event.kind >>> 12 == 0 && event.entity.startsWith("batpak:");
    boolean asked =
        !(region.entity() instanceof EntityMatch.Any)
            || !(region.kinds() instanceof KindMatch.Any)
            || region.scope().map(scope -> scope.startsWith("batpak:")).orElse(false);
    return plain(region, event) && (asked || !own);
  }

  private static boolean plain(Region region, Logged event) {
    boolean entity =
        switch (region.entity()) {
          case EntityMatch.Any _ -> true;
          case EntityMatch.Exact(String name) -> event.entity.equals(name);
          case EntityMatch.Namespace(String name) ->
              event.entity.equals(name)
                  || event.entity.startsWith(name + "/")
                  || event.entity.startsWith(name + ":");
        };
    boolean kind =
        switch (region.kinds()) {
          case KindMatch.Any _ -> true;
          case KindMatch.Exact exact -> event.kind == exact.kind().bits();
          case KindMatch.Category(int category) -> event.kind >>> 12 == category;
        };
    return entity
        && kind
        && region.scope().map(event.scope::equals).orElse(true)
        && event.tags.containsAll(region.tags())
        && event.sequence >= region.fromSequence()
        && event.sequence < region.untilSequence()
        && event.wallMillis >= region.fromMillis()
        && event.wallMillis < region.untilMillis();
  }

  private static Query query(RandomGenerator random, Log log) {
    var regions = new ArrayList<Region>();
    for (int i = random.nextInt(1, random.nextBoolean() ? 2 : 5); i > 0; i--) {
      regions.add(region(random, log));
    }
    return Query.anyOf(regions);
  }

  private static Region region(RandomGenerator random, Log log) {
    Region region =
        switch (random.nextInt(4)) {
          case 0 -> Region.entity(pick(ENTITIES, random));
          case 1 -> Region.namespace(pick(ENTITIES, random));
          default -> Region.all();
        };
    if (random.nextInt(4) == 0) {
      region = region.scope(pick(SCOPES, random));
    }
    region =
        switch (random.nextInt(6)) {
          case 0 -> region.kind(EventKind.ofBits(KINDS[random.nextInt(KINDS.length)]));
          case 1 -> region.category(random.nextInt(3));
          default -> region;
        };
    for (int i = random.nextInt(6); i > 3; i--) {
      region = region.tag(pick(TAGS, random));
    }
    if (random.nextInt(6) == 0) {
      long from = random.nextLong(log.events.size() + 1);
      region = region.sequences(from, from + random.nextLong(log.events.size() + 5));
    }
    if (random.nextInt(6) == 0) {
      long from = pick(log.events, random).wallMillis;
      Instant until = Instant.ofEpochMilli(from + random.nextInt(50));
      region = region.between(Instant.ofEpochMilli(from), until);
    }
    return region;
  }

  private static <T> T pick(List<T> choices, RandomGenerator random) {
    return choices.get(random.nextInt(choices.size()));
  }

  /// The last segment has events that are not visible yet.
  private static Log log(RandomGenerator random, int count, boolean hides) {
    var events = new ArrayList<Logged>();
    var segments = new ArrayList<Segment>();
    while (events.size() < count) {
      var index = new ActiveIndex(events.size());
      for (int i = random.nextInt(1, 2 + count); i > 0 && events.size() < count; i--) {
        var event = logged(random, events.size());
        add(index, event);
        events.add(event);
      }
      boolean last = events.size() == count;
      segments.add(segment(index, !last && random.nextBoolean()));
    }
    add((ActiveIndex) segments.getLast().index(), logged(random, count));
    HiddenRanges hidden = HiddenRanges.NONE;
    if (hides) {
      for (long at = random.nextInt(9); at < count; at += random.nextInt(1, 30)) {
        long until = at + random.nextInt(1, 9);
        hidden = hidden.with(at, until);
        at = until;
      }
    }
    var snapshot = new Snapshot(count, segments.toArray(Segment[]::new), hidden);
    return new Log(snapshot, List.copyOf(events));
  }

  private static Logged logged(RandomGenerator random, long sequence) {
    var tags = new TreeSet<String>();
    for (int i = random.nextInt(3); i > 0; i--) {
      tags.add(pick(TAGS, random));
    }
    return new Logged(
        sequence,
        1_000 + sequence / 3,
        pick(ENTITIES, random),
        pick(SCOPES, random),
        KINDS[random.nextInt(KINDS.length)],
        List.copyOf(tags));
  }

  private static void add(ActiveIndex index, Logged event) {
    var row =
        new IndexRow(0, event.wallMillis << 16, event.sequence, 0, event.kind, 0, Hash.ZERO, null);
    row.addTo(index, event.entity, event.scope, event.tags);
  }

  private static Segment segment(ActiveIndex index, boolean sealed) {
    var header = new SegmentHeader(new EventId(1, 2), index.first(), 0, Hash.ZERO);
    Path path = Path.of("segment");
    MemorySegment footer = MemorySegment.ofBuffer(SidxWriter.write(index, 0));
    if (!sealed) {
      return Segment.indexed(path, header, 0, 0, footer, index);
    }
    if (!(SealedIndex.open(footer) instanceof SealedIndex.Footer.Present present)) {
      throw new AssertionError("a footer that does not open");
    }
    return Segment.sealed(path, header, 0, 0, footer, present.index());
  }
}
