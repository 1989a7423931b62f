package io.batpak;

import io.batpak.config.AckLevel;
import io.batpak.event.Bytes;
import io.batpak.event.Coordinate;
import io.batpak.event.EventKind;
import io.batpak.event.LifecycleKinds;
import io.batpak.query.Query;
import io.batpak.query.Region;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// What simulated callers ask for, by chance; often so that it is just right, or just wrong.
final class Wishes {

  private static final int ENTITIES = 7;
  private static final int KEYS = 12;
  private static final int BATCH_BYTES_MAX = 24_000;
  private static final int EARLIER_MAX = 24;

  private final RandomGenerator random;
  private final LogModel log;
  private final int payloadBytesMax;

  /// Requests with keys, to be asked again.
  private final List<Request> earlier = new ArrayList<>();

  /// Conditions that reads have given.
  private final List<Condition> reads = new ArrayList<>();

  Wishes(RandomGenerator random, LogModel log, int payloadBytesMax) {
    this.random = random;
    this.log = log;
    this.payloadBytesMax = payloadBytesMax;
  }

  /// Keeps the condition of a read for later requests.
  void read(Condition unchanged) {
    if (reads.size() == EARLIER_MAX) {
      var _ = reads.removeFirst();
    }
    reads.add(unchanged);
  }

  /// {@return one event, without condition and key}
  Request plainEvent() {
    return Request.of(event(), level());
  }

  /// {@return a batch, without conditions and keys}
  Request plainBatch() {
    return new Request(items(false), true, Expected.any(), false, level());
  }

  /// {@return one event or a batch, with conditions and keys}
  Request request() {
    if (!earlier.isEmpty() && random.nextInt(4) == 0) {
      return again();
    }
    Request request =
        random.nextInt(3) > 0
            ? new Request(items(true).subList(0, 1), false, Expected.any(), false, level())
            : batch();
    if (request.hasKey()) {
      if (earlier.size() == EARLIER_MAX) {
        var _ = earlier.removeFirst();
      }
      earlier.add(request);
    }
    return request;
  }

  /// {@return one event, with condition and key}
  Request single() {
    Request request = request();
    return new Request(
        request.items().subList(0, 1), false, Expected.any(), false, request.level());
  }

  private Request batch() {
    List<Request.Item> items = items(true);
    boolean keyed = items.getFirst().wanted().key().isPresent() && random.nextBoolean();
    return new Request(
        items, true, random.nextInt(3) == 0 ? ofBatch() : Expected.any(), keyed, level());
  }

  /// An earlier request once more; sometimes not quite.
  private Request again() {
    Request request = earlier.get(random.nextInt(earlier.size()));
    List<Request.Item> items = request.items();
    boolean batch = request.batch();
    boolean keyed = request.keyed();
    switch (random.nextInt(8)) {
      case 0 -> items = items.subList(0, 1 + random.nextInt(items.size()));
      case 1 -> {
        items = moved(items.subList(random.nextInt(items.size()), items.size()));
        keyed = false;
      }
      case 2 -> {
        items = moved(List.of(items.get(random.nextInt(items.size()))));
        batch = false;
        keyed = false;
      }
      case 3 -> {
        items = new ArrayList<>(items);
        int i = random.nextInt(items.size());
        Wanted other = changed(items.get(i).wanted());
        items.set(i, new Request.Item(other, Expected.any()));
      }
      default -> {}
    }
    if (items.stream().mapToInt(item -> item.wanted().payload().count()).sum() > BATCH_BYTES_MAX) {
      return request;
    }
    Condition condition = batch ? request.condition() : Expected.any();
    return new Request(List.copyOf(items), batch, condition, keyed, level());
  }

  private List<Request.Item> items(boolean decided) {
    var items = new ArrayList<Request.Item>();
    var keys = new HashSet<Bytes>();
    int bytes = 0;
    int count = 1 + random.nextInt(6);
    while (items.size() < count && bytes < BATCH_BYTES_MAX / 2) {
      Request.Item item =
          decided ? decided(items, keys) : new Request.Item(event(), Expected.any());
      bytes += item.wanted().payload().count() + 500;
      if (bytes < BATCH_BYTES_MAX || items.isEmpty()) {
        items.add(caused(item, items.size()));
      }
    }
    return items;
  }

  private Request.Item caused(Request.Item item, int before) {
    return before > 0 && random.nextInt(4) == 0
        ? new Request.Item(item.wanted().causedBy(random.nextInt(before)), item.condition())
        : item;
  }

  /// Another event under the same key; sometimes it differs in nothing but its place or its kind.
  private Wanted changed(Wanted wanted) {
    return switch (random.nextInt(3)) {
      case 0 -> {
        var place = new Coordinate(entity(), scope());
        yield wanted(place, wanted.kind(), wanted.version(), wanted.payload().toByteArray())
            .withKey(wanted.key());
      }
      case 1 ->
          wanted(wanted.coordinate(), kind(), 1, wanted.payload().toByteArray())
              .withKey(wanted.key());
      default -> event().withKey(wanted.key());
    };
  }

  /// Items that stand elsewhere than they did.
  private static List<Request.Item> moved(List<Request.Item> items) {
    return items.stream()
        .map(item -> new Request.Item(item.wanted().causedBy(-1), item.condition()))
        .toList();
  }

  private Request.Item decided(List<Request.Item> before, Set<Bytes> keys) {
    Wanted wanted = event();
    Condition condition = Expected.any();
    if (random.nextInt(3) == 0) {
      Transition<?, ?> transition = Phase.TRANSITIONS.get(random.nextInt(Phase.TRANSITIONS.size()));
      wanted = inState(wanted.coordinate(), Phase.codec(transition.target()));
      condition =
          random.nextInt(5) == 0 ? Condition.all(transition, ofItem(wanted, before)) : transition;
    } else if (random.nextInt(4) > 0) {
      condition = ofItem(wanted, before);
    }
    Bytes key = key();
    if (random.nextInt(3) == 0 && keys.add(key)) {
      wanted = wanted.withKey(Optional.of(key));
    }
    return new Request.Item(wanted, condition);
  }

  private Condition ofItem(Wanted wanted, List<Request.Item> before) {
    return switch (random.nextInt(6)) {
      case 0, 1, 2 -> expected(wanted.entity(), before);
      case 3 -> otherEntity(before);
      case 4 -> ofQuery();
      default -> Condition.all(expected(wanted.entity(), before), otherEntity(before), ofQuery());
    };
  }

  private Condition ofBatch() {
    return switch (random.nextInt(3)) {
      case 0 -> otherEntity(List.of());
      case 1 -> ofQuery();
      default -> Condition.all(ofQuery(), otherEntity(List.of()), otherEntity(List.of()));
    };
  }

  private Condition otherEntity(List<Request.Item> before) {
    String entity = random.nextInt(12) == 0 ? LifecycleKinds.ENTITY : entity();
    return Condition.revision(entity, expected(entity, before));
  }

  private Expected expected(String entity, List<Request.Item> before) {
    long earlier = before.stream().filter(item -> item.wanted().entity().equals(entity)).count();
    int last = log.last(entity);
    if (random.nextInt(4) == 0) {
      return Expected.at(
          Math.max(0, random.nextInt(4) == 0 ? random.nextInt(log.end() + 2) : last));
    }
    long actual = earlier > 0 ? log.count(entity) - 1 + earlier : last < 0 ? -1 : log.clock(last);
    long asked =
        switch (random.nextInt(6)) {
          case 0 -> random.nextInt(-1, 4);
          case 1 -> actual - 1;
          default -> actual;
        };
    return asked < 0 ? Expected.noStream() : Expected.exactly(asked);
  }

  private Condition ofQuery() {
    if (!reads.isEmpty() && random.nextBoolean()) {
      return reads.get(random.nextInt(reads.size()));
    }
    long from =
        switch (random.nextInt(4)) {
          case 0 -> 0;
          case 1 -> random.nextInt(log.end() + 2);
          default -> Math.max(0, log.end() - random.nextInt(4));
        };
    return Condition.noneMatches(query(), from);
  }

  /// {@return a query of a few regions}
  Query query() {
    var regions = new ArrayList<Region>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      regions.add(region());
    }
    return Query.anyOf(regions);
  }

  private Region region() {
    return switch (random.nextInt(10)) {
      case 0, 1 -> Region.entity(entity());
      case 2, 3 -> Region.all().tag(tag());
      case 4 -> Region.all().tag(tag()).tag(tag()).kind(kind());
      case 5 -> Region.namespace("a").scope(scope());
      case 6 -> Region.all().kind(kind()).scope(scope());
      case 7 -> {
        int from = random.nextInt(log.end() + 1);
        yield Region.all().sequences(from, from + random.nextInt(20));
      }
      case 8 -> Region.namespace("batpak");
      default -> Region.namespace("b").tag(tag());
    };
  }

  /// {@return an event without key}
  Wanted event() {
    var place = new Coordinate(entity(), scope());
    return switch (random.nextInt(6)) {
      case 0 -> inState(place, Phase.CODECS.get(random.nextInt(Phase.CODECS.size())));
      case 1, 2 -> wanted(place, kind(), random.nextInt(4), Blob.of(content()).messagePack());
      default -> wanted(place, Blob.KIND, Blob.VERSION, Blob.of(content()).messagePack());
    };
  }

  private Wanted inState(Coordinate place, Phase.Codec<?> codec) {
    return wanted(place, codec.kind(), codec.version(), Blob.of(content()).messagePack());
  }

  private Wanted wanted(Coordinate place, EventKind kind, int version, byte[] payload) {
    var tags = new TreeSet<String>();
    for (int i = random.nextInt(4); i > 1; i--) {
      tags.add(tag());
    }
    return new Wanted(
        place, kind, version, List.copyOf(tags), Optional.empty(), Bytes.copyOf(payload), -1);
  }

  private byte[] content() {
    int bytesMax = random.nextBoolean() ? payloadBytesMax : 40;
    byte[] content = new byte[random.nextInt(bytesMax)];
    random.nextBytes(content);
    return content;
  }

  /// {@return the text of a key}
  String keyText() {
    return "k" + random.nextInt(KEYS);
  }

  /// {@return an entity}
  String entity() {
    return (random.nextBoolean() ? "a" : "b") + ":" + random.nextInt(ENTITIES);
  }

  private String scope() {
    return "s" + random.nextInt(2);
  }

  private String tag() {
    return "t:" + random.nextInt(4);
  }

  private EventKind kind() {
    return new EventKind(0xE, 0x0B0 + random.nextInt(3));
  }

  private Bytes key() {
    return AppendOptions.keyOf(keyText());
  }

  private Optional<AckLevel> level() {
    return switch (random.nextInt(3)) {
      case 0 -> Optional.of(AckLevel.DURABLE);
      case 1 -> Optional.of(AckLevel.VISIBLE);
      default -> Optional.empty();
    };
  }
}
