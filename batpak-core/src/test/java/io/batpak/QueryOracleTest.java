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
import io.batpak.event.EventId;
import io.batpak.event.EventKind;
import io.batpak.event.Hash;
import io.batpak.failure.BeyondEnd;
import io.batpak.failure.HiddenEvent;
import io.batpak.query.EntityMatch;
import io.batpak.query.KindMatch;
import io.batpak.query.Query;
import io.batpak.query.Region;
import io.batpak.testing.Randoms;
import io.batpak.testing.Waiting;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that queries answer as a linear scan over a list does: live, reopened, beside the writer,
/// active, sealed, with hidden events. Would catch a wrong posting, filter, bound, order or page.
/// Seed: random, printed; wrong oracles show that each condition is really looked at.
class QueryOracleTest {

  private static final int REGIONS_PER_SUBJECT = 60;

  private static final List<String> ENTITIES =
      List.of(
          "order",
          "order:1",
          "order:2",
          "order/2",
          "order/2/line",
          "orders",
          "orde",
          "order-1",
          "order:1:a",
          "o",
          "über",
          "über:ß",
          "über/日本",
          "日本",
          "日本:語",
          "𝄞",
          "𝄞:clef",
          "𝄞/\uE000",
          "\uE000",
          "\uE000:x",
          "\uFFFD",
          "a",
          "b",
          "c:d",
          "c/d",
          "c");

  private static final List<String> SCOPES = List.of("shop", "bank", "𝄞", "shop:eu", "s");

  private static final List<String> TAGS =
      List.of("customer:1", "customer:2", "customer:12", "größe:xl", "𝄞:g", "a", "b", "c", "rare");

  private static final int[] KINDS = {0x1001, 0x1002, 0x1FFF, 0x2001, 0x2002, 0xF001, 0xE777};

  @TempDir private Path directory;

  /// An event as the list knows it.
  private record Logged(
      long sequence,
      EventId id,
      long wallMillis,
      Coordinate coordinate,
      long clock,
      EventKind kind,
      List<String> tags,
      String text,
      Hash hash) {}

  /// What is asked: a store or a reader.
  private interface Subject {
    Results query(Query query);

    default Results query(Region region) {
      return query(Query.of(region));
    }

    EventEntry at(long sequence);

    java.util.Optional<EventEntry> get(EventId id);

    long end();
  }

  private static Subject of(Store store) {
    return new Subject() {
      @Override
      public Results query(Query query) {
        return store.query(query);
      }

      @Override
      public EventEntry at(long sequence) {
        return store.at(sequence);
      }

      @Override
      public java.util.Optional<EventEntry> get(EventId id) {
        return store.get(id);
      }

      @Override
      public long end() {
        return store.end();
      }
    };
  }

  private static Subject of(LogReader reader) {
    return new Subject() {
      @Override
      public Results query(Query query) {
        return reader.query(query);
      }

      @Override
      public EventEntry at(long sequence) {
        return reader.at(sequence);
      }

      @Override
      public java.util.Optional<EventEntry> get(EventId id) {
        return reader.get(id);
      }

      @Override
      public long end() {
        return reader.end();
      }
    };
  }

  @Test
  void a_store_answers_as_a_linear_scan_does() {
    Randoms.each(
        5,
        (random, size) ->
            compare(random, size * 25, Files.createTempDirectory(directory, "store")));
  }

  private static void compare(RandomGenerator random, int count, Path store) {
    StoreConfig config = StoreConfig.of(store).withSegmentBytes(StoreConfig.SEGMENT_BYTES_MIN);
    List<Logged> log = new ArrayList<>();
    try (Store live = Store.open(config, Note.CATALOGUE)) {
      fill(live, log, random, count);
      checkAll(of(live), log, random);
      try (LogReader beside = LogReader.open(store)) {
        checkAll(of(beside), log, random);
      }
      awaitSealed(store);
      checkAll(of(live), log, random);
      fill(live, log, random, count / 4);
      checkAll(of(live), log, random);
      try (LogReader beside = LogReader.open(store)) {
        checkAll(of(beside), log, random);
      }
    }
    try (Store reopened = Store.open(config, Note.CATALOGUE)) {
      checkAll(of(reopened), log, random);
      fill(reopened, log, random, 10);
      checkAll(of(reopened), log, random);
    }
    try (LogReader reader = LogReader.open(store)) {
      checkAll(of(reader), log, random);
    }
    checkHiding(store, log, random);
  }

  /// The same log, read as one in which some events are hidden.
  private static void checkHiding(Path store, List<Logged> log, RandomGenerator random) {
    HiddenRanges hidden = HiddenRanges.NONE;
    for (int at = random.nextInt(9); at < log.size(); at += random.nextInt(1, 40)) {
      int until = Math.min(log.size(), at + random.nextInt(1, 30));
      hidden = hidden.with(at, until);
      at = until;
    }
    HiddenRanges hides = hidden;
    try (Arena arena = Arena.ofShared()) {
      Segment[] segments =
          Recovery.read(new FileSystemDisk(store), arena, new SystemClock())
              .segments()
              .toArray(Segment[]::new);
      var snapshot = new Snapshot(log.size(), segments, hides);
      var view = new LogView(store, Note.CATALOGUE, () -> snapshot);
      BiPredicate<Query, Logged> oracle =
          (query, event) -> !hides.contains(event.sequence()) && matches(query, event);
      for (int i = 0; i < REGIONS_PER_SUBJECT; i++) {
        checkQuery(of(view), log, random, oracle);
        checkHidden(view, pick(log, random), hides);
      }
    }
  }

  private static void checkHidden(LogView view, Logged event, HiddenRanges hidden) {
    long sequence = event.sequence();
    if (hidden.contains(sequence)) {
      assertThat(EventEntry.find(view, event.id())).isEmpty();
      assertThatThrownBy(() -> EventEntry.at(view, sequence)).isInstanceOf(HiddenEvent.class);
    } else {
      checkSingle(of(view), event);
    }
  }

  private static Subject of(LogView view) {
    return new Subject() {
      @Override
      public Results query(Query query) {
        return new Results(view, query);
      }

      @Override
      public EventEntry at(long sequence) {
        return EventEntry.at(view, sequence);
      }

      @Override
      public java.util.Optional<EventEntry> get(EventId id) {
        return EventEntry.find(view, id);
      }

      @Override
      public long end() {
        return view.snapshot().end();
      }
    };
  }

  /// All segments but the last answer from their footers.
  private static void awaitSealed(Path store) {
    Waiting.until(
        "all segments but the last have a footer",
        () -> {
          try (LogReader reader = LogReader.open(store)) {
            return reader.openReport().sealedSegments() >= reader.openReport().segments() - 1;
          }
        });
  }

  private static void fill(Store store, List<Logged> log, RandomGenerator random, int count) {
    for (int left = count; left > 0; ) {
      if (random.nextInt(6) == 0) {
        left -= fillBatch(store, log, random);
      } else {
        Coordinate coordinate = coordinate(random);
        EventKind kind = EventKind.ofBits(KINDS[random.nextInt(KINDS.length)]);
        List<String> tags = tags(random);
        String text = text(random);
        AppendOptions options = options(tags);
        Receipt receipt = store.append(coordinate, Note.raw(kind, text), options);
        log.add(logged(receipt, kind, tags, text));
        left--;
      }
    }
  }

  private static int fillBatch(Store store, List<Logged> log, RandomGenerator random) {
    List<NewEvent> items = new ArrayList<>();
    for (int i = random.nextInt(1, 20); i > 0; i--) {
      items.add(
          NewEvent.of(coordinate(random), new Note(text(random))).options(options(tags(random))));
    }
    List<Receipt> receipts = store.appendBatch(items);
    for (int i = 0; i < items.size(); i++) {
      NewEvent item = items.get(i);
      String text = ((Note) item.payload()).text();
      log.add(logged(receipts.get(i), Note.KIND, item.options().tags(), text));
    }
    return items.size();
  }

  private static Logged logged(Receipt receipt, EventKind kind, List<String> tags, String text) {
    return new Logged(
        receipt.sequence(),
        receipt.id(),
        receipt.hlc().wallMillis(),
        receipt.coordinate(),
        receipt.clock(),
        kind,
        List.copyOf(new TreeSet<>(tags)),
        text,
        receipt.hash());
  }

  private static Coordinate coordinate(RandomGenerator random) {
    return Coordinate.of(entity(random), pick(SCOPES, random));
  }

  /// Mostly few names with many events, sometimes a name of its own.
  private static String entity(RandomGenerator random) {
    return random.nextInt(10) == 0 ? "order:" + random.nextInt(1000) : pick(ENTITIES, random);
  }

  private static List<String> tags(RandomGenerator random) {
    List<String> tags = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      tags.add(pick(TAGS.subList(0, random.nextInt(20) == 0 ? 9 : 8), random));
    }
    return tags;
  }

  private static AppendOptions options(List<String> tags) {
    AppendOptions options = AppendOptions.none();
    for (String tag : tags) {
      options = options.tag(tag);
    }
    return options;
  }

  private static String text(RandomGenerator random) {
    return "x".repeat(random.nextInt(random.nextInt(50) == 0 ? 9_000 : 120));
  }

  private static <T> T pick(List<T> choices, RandomGenerator random) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static Region region(List<Logged> log, RandomGenerator random) {
    Region region =
        switch (random.nextInt(3)) {
          case 0 -> Region.all();
          case 1 -> Region.entity(entity(random));
          default -> Region.namespace(entity(random));
        };
    if (random.nextInt(3) == 0) {
      region = region.scope(pick(SCOPES, random));
    }
    region =
        switch (random.nextInt(4)) {
          case 0 -> region.kind(EventKind.ofBits(KINDS[random.nextInt(KINDS.length)]));
          case 1 -> region.category(random.nextInt(16));
          default -> region;
        };
    for (int i = random.nextInt(6); i > 3; i--) {
      region = region.tag(pick(TAGS, random));
    }
    if (random.nextInt(3) == 0) {
      long from = random.nextLong(log.size() + 1);
      region = region.sequences(from, from + random.nextLong(log.size() + 5));
    }
    if (random.nextInt(3) == 0) {
      long from = pick(log, random).wallMillis() + random.nextInt(-1, 2);
      region =
          region.between(
              Instant.ofEpochMilli(from), Instant.ofEpochMilli(from + random.nextInt(50)));
    }
    return region;
  }

  /// Mostly one region.
  private static Query query(List<Logged> log, RandomGenerator random) {
    Query query = Query.of(region(log, random));
    for (int i = random.nextInt(8); i > 4; i--) {
      query = query.or(region(log, random));
    }
    return query;
  }

  private static boolean matches(Query query, Logged event) {
    return query.regions().stream().anyMatch(region -> matches(region, event));
  }

  private static boolean matches(Region region, Logged event) {
    boolean entity =
        switch (region.entity()) {
          case EntityMatch.Any any -> true;
          case EntityMatch.Exact exact -> event.coordinate().entity().equals(exact.name());
          case EntityMatch.Namespace(String name) ->
              event.coordinate().entity().equals(name)
                  || event.coordinate().entity().startsWith(name + "/")
                  || event.coordinate().entity().startsWith(name + ":");
        };
    boolean kind =
        switch (region.kinds()) {
          case KindMatch.Any any -> true;
          case KindMatch.Exact exact -> event.kind().equals(exact.kind());
          case KindMatch.Category category -> event.kind().category() == category.category();
        };
    return entity
        && kind
        && region.scope().map(event.coordinate().scope()::equals).orElse(true)
        && event.tags().containsAll(region.tags())
        && event.sequence() >= region.fromSequence()
        && event.sequence() < region.untilSequence()
        && event.wallMillis() >= region.fromMillis()
        && event.wallMillis() < region.untilMillis();
  }

  private static void checkAll(Subject subject, List<Logged> log, RandomGenerator random) {
    BiPredicate<Query, Logged> oracle = QueryOracleTest::matches;
    checkAll(subject, log, random, oracle);
  }

  private static void checkAll(
      Subject subject,
      List<Logged> log,
      RandomGenerator random,
      BiPredicate<Query, Logged> oracle) {
    assertThat(subject.end()).isEqualTo(log.size());
    assertThatThrownBy(() -> subject.query(Region.all()).from(log.size() + 1L).first())
        .isInstanceOf(BeyondEnd.class);
    checkSame(subject.query(Region.all()).toList(), log);
    for (int i = 0; i < REGIONS_PER_SUBJECT; i++) {
      checkQuery(subject, log, random, oracle);
      checkSingle(subject, pick(log, random));
    }
    checkStored(subject, log, random);
  }

  private static void checkQuery(
      Subject subject,
      List<Logged> log,
      RandomGenerator random,
      BiPredicate<Query, Logged> oracle) {
    Query query = query(log, random);
    boolean backward = random.nextBoolean();
    long from = random.nextInt(3) == 0 ? random.nextLong(log.size() + 1) : 0;
    long until = random.nextInt(3) == 0 ? random.nextLong(log.size() + 10) : Long.MAX_VALUE;
    long limit = random.nextInt(3) == 0 ? random.nextInt(20) : Long.MAX_VALUE;
    List<Logged> matching =
        log.stream()
            .filter(event -> event.sequence() >= from && event.sequence() < until)
            .filter(event -> oracle.test(query, event))
            .toList();
    List<Logged> ordered = backward ? matching.reversed() : matching;
    List<Logged> expected = ordered.stream().limit(limit).toList();

    Results results = subject.query(query).from(from).before(until);
    Results directed = backward ? results.backward() : results;
    Results limited = limit == Long.MAX_VALUE ? directed : directed.limit(limit);

    checkSame(limited.toList(), expected);
    assertThat(limited.count()).isEqualTo(expected.size());
    assertThat(limited.first().map(EventEntry::sequence))
        .isEqualTo(expected.stream().findFirst().map(Logged::sequence));
    checkPages(directed, backward, ordered, random);
  }

  /// Pages of random length, each resumed behind the last, together are the whole.
  private static void checkPages(
      Results whole, boolean backward, List<Logged> expected, RandomGenerator random) {
    List<Long> paged = new ArrayList<>();
    Results rest = whole;
    int pageMax = 1 + expected.size() / 3;
    while (true) {
      int wanted = random.nextInt(1, pageMax + 1);
      List<EventEntry> page = rest.limit(wanted).toList();
      page.forEach(entry -> paged.add(entry.sequence()));
      if (page.size() < wanted) {
        break;
      }
      long last = page.getLast().sequence();
      rest = backward ? whole.before(last) : whole.after(last);
    }
    assertThat(paged).isEqualTo(expected.stream().map(Logged::sequence).toList());
  }

  private static void checkSame(List<EventEntry> entries, List<Logged> expected) {
    assertThat(entries.stream().map(EventEntry::sequence).toList())
        .isEqualTo(expected.stream().map(Logged::sequence).toList());
    for (int i = 0; i < entries.size(); i++) {
      checkEntry(entries.get(i), expected.get(i));
    }
  }

  private static void checkEntry(EventEntry entry, Logged expected) {
    assertThat(entry.sequence()).isEqualTo(expected.sequence());
    assertThat(entry.id()).isEqualTo(expected.id());
    assertThat(entry.hlc().wallMillis()).isEqualTo(expected.wallMillis());
    assertThat(entry.coordinate()).isEqualTo(expected.coordinate());
    assertThat(entry.clock()).isEqualTo(expected.clock());
    assertThat(entry.kind()).isEqualTo(expected.kind());
    assertThat(entry.hash()).isEqualTo(expected.hash());
  }

  private static void checkSingle(Subject subject, Logged expected) {
    checkEntry(subject.at(expected.sequence()), expected);
    checkEntry(subject.get(expected.id()).orElseThrow(), expected);
    var near = new EventId(expected.id().high(), expected.id().low() ^ 1);
    assertThat(subject.get(near)).isEmpty();
    assertThat(subject.get(new EventId(0, 0))).isEmpty();
    assertThat(subject.get(new EventId(-1, -1))).isEmpty();
  }

  /// The stored bytes, and the chain of each entity.
  private static void checkStored(Subject subject, List<Logged> log, RandomGenerator random) {
    Map<String, Hash> previous = new HashMap<>();
    int stop = random.nextInt(log.size()) + 1;
    for (StoredEvent event : subject.query(Region.all()).limit(stop).events()) {
      Logged expected = log.get((int) event.header().sequence());
      assertThat(event.header().tags()).isEqualTo(expected.tags());
      assertThat(event.payload()).isEqualTo(Note.messagePack(expected.text()));
      assertThat(event.hash()).isEqualTo(expected.hash());
      String entity = expected.coordinate().entity();
      assertThat(event.header().previousHash()).isEqualTo(previous.getOrDefault(entity, Hash.ZERO));
      previous.put(entity, event.hash());
    }
  }

  @Test
  void a_wrong_oracle_is_caught() {
    List<BiPredicate<Region, Logged>> wrong =
        List.of(
            (region, event) -> matches(region.withEntity(widened(region.entity())), event),
            (region, event) -> matches(changed(region, r -> Region.all().scope("x")), event),
            (region, event) -> matches(withoutTags(region), event),
            (region, event) ->
                matches(region, event) && event.sequence() != region.untilSequence() - 1,
            (region, event) -> matches(region, event) && event.wallMillis() != region.fromMillis());
    RandomGenerator random = Randoms.seeded(7);
    List<Logged> log = new ArrayList<>();
    StoreConfig config = StoreConfig.of(directory.resolve("wrong"));
    try (Store store = Store.open(config, Note.CATALOGUE)) {
      fill(store, log, random, 600);
      for (BiPredicate<Region, Logged> oracle : wrong) {
        assertThatThrownBy(
                () -> {
                  for (int i = 0; i < 20; i++) {
                    checkAll(of(store), log, random, anyOf(oracle));
                  }
                })
            .isInstanceOf(AssertionError.class);
      }
    }
  }

  private static BiPredicate<Query, Logged> anyOf(BiPredicate<Region, Logged> oracle) {
    return (query, event) ->
        query.regions().stream().anyMatch(region -> oracle.test(region, event));
  }

  /// Exact where a namespace is meant.
  private static EntityMatch widened(EntityMatch match) {
    return match instanceof EntityMatch.Namespace(String name)
        ? new EntityMatch.Exact(name)
        : match;
  }

  private static Region changed(Region region, UnaryOperator<Region> change) {
    return region.scope().isPresent() ? change.apply(region) : region;
  }

  private static Region withoutTags(Region region) {
    return new Region(
        region.entity(),
        region.scope(),
        region.kinds(),
        List.of(),
        region.fromSequence(),
        region.untilSequence(),
        region.fromMillis(),
        region.untilMillis());
  }

  @Test
  void an_empty_store_has_no_events() {
    try (Store store = Store.open(StoreConfig.of(directory.resolve("empty")), Note.CATALOGUE)) {
      assertThat(store.query(Region.all()).toList()).isEmpty();
      assertThat(store.query(Region.namespace("a")).backward().first()).isEmpty();
      assertThat(store.query(Region.all()).count()).isZero();
      assertThat(store.get(new EventId(1, 1))).isEmpty();
    }
  }
}
