package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.event.Bytes;
import io.batpak.event.Coordinate;
import io.batpak.event.EventKind;
import io.batpak.event.EventLimits;
import io.batpak.failure.BadConfiguration;
import io.batpak.failure.BeyondEnd;
import io.batpak.failure.InvalidName;
import io.batpak.failure.LimitExceeded;
import io.batpak.failure.MalformedPayload;
import io.batpak.failure.ReservedKind;
import io.batpak.failure.UnregisteredPayload;
import io.batpak.payload.Catalogue;
import io.batpak.payload.PayloadCodec;
import io.batpak.query.EntityMatch;
import io.batpak.query.KindMatch;
import io.batpak.query.Query;
import io.batpak.query.Region;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that what a caller gets wrong is a typed failure that names what, where and the limit,
/// and that nothing is written. Would catch a check that is missing or late, a message without
/// values. Deterministic.
class BadInputTest {

  private static final Coordinate AT = Coordinate.of("e", "s");

  @TempDir private Path directory;

  private Store store;

  BadInputTest(@TempDir Path opened) {
    store = Store.open(StoreConfig.of(opened), Note.CATALOGUE);
  }

  @BeforeEach
  void begin() {
    var _ = store.append(AT, new Note("first"));
  }

  /// Whatever a test tried, the one event is all there is, and the store still works.
  @AfterEach
  void nothing_was_written_or_lost() {
    assertThat(store.end()).isEqualTo(1);
    assertThat(store.append(AT, new Note("second")).sequence()).isEqualTo(1);
    Chains.verify(store);
    store.close();
  }

  @Test
  void names_keep_their_rules() {
    List<Named> places =
        List.of(
            new Named("entity", 1_024, name -> Coordinate.of(name, "s")),
            new Named("scope", 1_024, name -> Coordinate.of("e", name)),
            new Named("tag", 256, name -> AppendOptions.none().tag(name)),
            new Named("entity", 1_024, Region::entity),
            new Named("namespace", 1_024, Region::namespace),
            new Named("scope", 1_024, name -> Region.all().scope(name)),
            new Named("tag", 256, name -> Region.all().tag(name)));
    for (Named place : places) {
      place.refuses("", "is empty");
      place.refuses("a\u0000", "control character U+0000 at index 1");
      place.refuses("\n", "control character U+000A at index 0");
      place.refuses("a\u007F", "control character U+007F at index 1");
      place.refuses("\u0085", "control character U+0085 at index 0");
      place.refuses("ab\uD834", "unpaired surrogate U+D834 at index 2");
      place.refuses("\uDD1Ea", "unpaired surrogate U+DD1E at index 0");
      place.refuses("\uD834\uD834\uDD1E", "unpaired surrogate U+D834 at index 0");
      place.exceeds("x".repeat(place.limit + 1), place.limit + 1);
      place.exceeds("é".repeat(place.limit / 2 + 1), place.limit + 2);
      place.exceeds("𝄞".repeat(place.limit / 4 + 1), place.limit + 4);
      assertThat(place.make.of("𝄞".repeat(place.limit / 4))).isNotNull();
    }
  }

  /// A place where a name may stand.
  private record Named(String field, int limit, Maker make) {

    interface Maker {
      Object of(String name);
    }

    void refuses(String name, String reason) {
      assertThatThrownBy(() -> make.of(name))
          .isInstanceOfSatisfying(
              InvalidName.class,
              failure -> {
                assertThat(failure.field()).isEqualTo(field);
                assertThat(failure.reason()).contains(reason);
              })
          .hasMessageContaining(field)
          .hasMessageContaining(reason);
    }

    void exceeds(String name, long bytes) {
      assertExceeds(() -> make.of(name), field + " bytes", limit, bytes);
    }
  }

  private static void assertExceeds(ThrowingCallable call, String field, long limit, long value) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LimitExceeded.class,
            failure -> {
              assertThat(failure.field()).isEqualTo(field);
              assertThat(failure.limit()).isEqualTo(limit);
              assertThat(failure.value()).isEqualTo(value);
            })
        .hasMessage(field + ": " + value + " exceeds the limit of " + limit);
  }

  @Test
  void the_prefix_of_the_library_is_its_own() {
    for (Coordinate at : List.of(Coordinate.of("batpak:x", "s"), Coordinate.of("e", "batpak:"))) {
      String field = at.entity().equals("e") ? "scope" : "entity";
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () -> store.append(at, new Note("n")),
              () -> store.append(at, Note.raw("n"), AppendOptions.none()),
              () -> store.appendIf(at, new Note("n"), Expected.any()),
              () -> store.appendBatch(List.of(NewEvent.of(at, new Note("n")))))) {
        assertThatThrownBy(call)
            .isInstanceOfSatisfying(
                InvalidName.class, failure -> assertThat(failure.field()).isEqualTo(field))
            .hasMessageContaining("batpak:");
      }
    }
  }

  @Test
  void payloads_keep_their_limit() {
    int limit = EventLimits.PAYLOAD_BYTES_MAX;
    byte[] raw = Note.messagePack("x".repeat(limit - 4));
    assertExceeds(() -> RawPayload.of(Note.KIND, raw), "payload bytes", limit, limit + 1L);
    assertThatThrownBy(() -> store.append(AT, new Note("x".repeat(limit - 4))))
        .isInstanceOfSatisfying(
            LimitExceeded.class,
            failure -> {
              assertThat(failure.field()).isEqualTo("payload bytes");
              assertThat(failure.limit()).isEqualTo(limit);
              assertThat(failure.value()).isEqualTo(limit + 1L);
            });
    assertThatThrownBy(() -> store.append(AT, new Note("x".repeat(2 * limit))))
        .isInstanceOfSatisfying(
            LimitExceeded.class, failure -> assertThat(failure.value()).isGreaterThan(limit));
  }

  @Test
  void a_raw_payload_is_one_value() {
    for (byte[] bytes : List.of(new byte[0], new byte[] {1, 2}, new byte[] {(byte) 0xA2, 'x'})) {
      assertThatThrownBy(() -> RawPayload.of(Note.KIND, bytes))
          .isInstanceOf(MalformedPayload.class)
          .hasMessageContaining("1:001");
    }
    byte[] erased = new byte[35];
    System.arraycopy(new byte[] {(byte) 0xC7, 32, 'E'}, 0, erased, 0, 3);
    assertThatThrownBy(() -> RawPayload.of(Note.KIND, erased))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the form of an erased payload");
    assertThatThrownBy(() -> RawPayload.of(Note.KIND, 65_536, new byte[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65536");
    assertThatThrownBy(() -> RawPayload.of(Note.KIND, -1, new byte[] {1}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_text_with_an_unpaired_surrogate_is_refused() {
    assertThatThrownBy(() -> store.append(AT, new Note("a\uD800")))
        .isInstanceOf(MalformedPayload.class)
        .hasMessageContaining("U+D800");
  }

  @Test
  void tags_are_counted_together() {
    AppendOptions full = AppendOptions.none();
    for (int i = 0; i < EventLimits.TAG_COUNT_MAX; i++) {
      full = full.tag("t" + i);
    }
    AppendOptions options = full;
    assertExceeds(() -> options.tag("more"), "tags", 64, 65);
    Catalogue tagging = Catalogue.of(List.of(new Tagging()));
    try (Store other = Store.open(StoreConfig.of(directory), tagging)) {
      assertExceeds(() -> other.append(AT, new Note("extra"), options), "tags", 64, 65);
      assertExceeds(() -> other.append(AT, new Note("x".repeat(257))), "tag bytes", 256, 257);
      assertThatThrownBy(() -> other.append(AT, new Note(""))).isInstanceOf(InvalidName.class);
      assertThat(other.end()).isZero();
      assertThat(other.append(AT, new Note("t1"), options).sequence()).isZero();
    }
  }

  /// Gives its text as a tag.
  private static final class Tagging extends Note.Codec {

    @Override
    public List<String> tags(Note payload) {
      return List.of(payload.text());
    }
  }

  @Test
  void reserved_kinds_are_refused() {
    for (int bits : new int[] {0x0001, 0x0FFF, 0xD001, 0x1000, 0xF000}) {
      EventKind kind = EventKind.ofBits(bits);
      assertThatThrownBy(() -> RawPayload.of(kind, new byte[] {1}))
          .isInstanceOfSatisfying(
              ReservedKind.class,
              failure -> {
                assertThat(failure.category()).isEqualTo(kind.category());
                assertThat(failure.type()).isEqualTo(kind.type());
              })
          .hasMessageContaining(kind.toString());
    }
    assertThatThrownBy(() -> Catalogue.of(List.of(new Reserved())))
        .isInstanceOf(BadConfiguration.class)
        .hasMessageContaining("0:001");
  }

  /// Claims a kind of the library.
  private static final class Reserved extends Note.Codec {

    @Override
    public EventKind kind() {
      return new EventKind(0, 1);
    }
  }

  private record Unknown(String text) {}

  @Test
  void a_class_without_a_codec_is_named() {
    List<ThrowingCallable> calls =
        List.of(
            () -> store.append(AT, new Unknown("n")),
            () ->
                store.appendBatch(
                    List.of(NewEvent.of(AT, new Note("n")), NewEvent.of(AT, new Unknown("n")))),
            () -> store.query(Region.all()).payloads(Unknown.class),
            () -> store.query(Region.all()).typed(Unknown.class),
            () -> store.at(0).payload(Unknown.class));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              UnregisteredPayload.class,
              failure -> assertThat(failure.payload()).isEqualTo(Unknown.class.getName()))
          .hasMessageContaining("@EventPayload");
    }
  }

  @Test
  void two_codecs_of_one_kind_are_refused_however_they_come() throws IOException {
    assertTwice(() -> Catalogue.of(List.of(new Note.Codec(), new Twin())));
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    var _ =
        Files.writeString(
            services.resolve(PayloadCodec.class.getName()),
            Sibling.class.getName() + "\n" + Twin.class.getName() + "\n");
    Path unmade = directory.resolve("unmade");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (var loader = new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
      thread.setContextClassLoader(loader);
      assertTwice(() -> Store.open(unmade));
    } finally {
      thread.setContextClassLoader(before);
    }
    assertThat(unmade).doesNotExist();
  }

  private static void assertTwice(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BadConfiguration.class, failure -> assertThat(failure.setting()).isEqualTo("payloads"))
        .hasMessageContainingAll("1:001", Note.class.getName());
  }

  /// Has the kind of another.
  public static final class Twin extends Note.Codec {

    /// For the service loader.
    public Twin() {}
  }

  /// Has the kind of another, too.
  public static final class Sibling extends Note.Codec {

    /// For the service loader.
    public Sibling() {}
  }

  @Test
  void batches_keep_their_limits() {
    assertThatThrownBy(() -> store.appendBatch(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("without events");
    NewEvent item = NewEvent.of(AT, new Note("n"));
    int many = EventLimits.BATCH_COUNT_MAX + 1;
    assertExceeds(
        () -> store.appendBatch(Collections.nCopies(many, item)),
        "events in a batch",
        EventLimits.BATCH_COUNT_MAX,
        many);
    NewEvent large = NewEvent.of(AT, new Note("x".repeat(1 << 20)));
    LimitExceeded failure =
        catchThrowableOfType(
            LimitExceeded.class, () -> store.appendBatch(Collections.nCopies(32, large)));
    assertThat(failure.limit()).isEqualTo(32L << 20);
    assertThat(failure.value()).isGreaterThan(32L << 20);
    assertThat(failure).hasMessageContaining("half a segment");
  }

  @Test
  void an_event_longer_than_half_a_segment_is_refused() {
    StoreConfig config = StoreConfig.of(directory).withSegmentBytes(1 << 16);
    try (Store small = Store.open(config, Note.CATALOGUE)) {
      assertThatThrownBy(() -> small.append(AT, new Note("x".repeat(1 << 15))))
          .isInstanceOfSatisfying(
              LimitExceeded.class, failure -> assertThat(failure.limit()).isEqualTo(1 << 15));
      assertThat(small.end()).isZero();
    }
  }

  @Test
  void settings_out_of_range_are_named() {
    StoreConfig config = StoreConfig.of(directory);
    for (int bytes : new int[] {0, -1, 1 << 15, (1 << 16) + 1, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> config.withSegmentBytes(bytes))
          .isInstanceOfSatisfying(
              BadConfiguration.class,
              failure -> assertThat(failure.setting()).isEqualTo("StoreConfig.segmentBytes"))
          .hasMessageContaining(String.valueOf(bytes));
    }
    assertThatThrownBy(() -> SyncPolicy.bounded(java.time.Duration.ZERO, 1 << 20))
        .isInstanceOf(BadConfiguration.class)
        .hasMessageContaining("maxAge");
    assertThatThrownBy(() -> SyncPolicy.bounded(java.time.Duration.ofMillis(5), 1))
        .isInstanceOf(BadConfiguration.class)
        .hasMessageContaining("maxBytes");
  }

  @Test
  void a_read_from_beyond_the_end_is_told_where_the_end_is() {
    List<ThrowingCallable> calls =
        List.of(
            () -> store.at(2),
            () -> store.query(Region.all()).from(2).iterator(),
            () -> store.query(Region.all()).after(1).count(),
            () -> store.query(Region.entity("none")).backward().from(2).first(),
            () -> store.query(Region.all()).from(2).events().iterator());
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              BeyondEnd.class,
              failure -> {
                assertThat(failure.sequence()).isEqualTo(2);
                assertThat(failure.end()).isEqualTo(1);
              })
          .hasMessageContainingAll("2", "1");
    }
    assertThatThrownBy(() -> store.at(1)).isInstanceOf(BeyondEnd.class);
    assertThatThrownBy(() -> store.query(Region.all()).after(Long.MAX_VALUE).first())
        .isInstanceOf(BeyondEnd.class);
    assertThat(store.query(Region.all()).from(1).first()).isEmpty();
  }

  @Test
  void negative_numbers_are_bugs_and_said_so() {
    Results all = store.query(Region.all());
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> store.at(-1),
            () -> all.from(-1),
            () -> all.before(-1),
            () -> all.after(-2),
            () -> all.limit(-1),
            () -> Region.all().sequences(-1, 5),
            () -> Region.all().sequences(5, 4),
            () -> Region.all().category(16),
            () -> Query.anyOf(List.of()),
            () -> Expected.exactly(-1),
            () -> Region.all().between(Instant.MAX, Instant.MIN))) {
      assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(all.after(-1).count()).isEqualTo(1);
    assertThat(store.query(Region.all().between(Instant.MIN, Instant.MAX)).count()).isEqualTo(1);
  }

  @Test
  void null_is_accepted_nowhere() {
    Note note = new Note("n");
    AppendOptions options = AppendOptions.none();
    Results all = store.query(Region.all());
    EventEntry entry = store.at(0);
    List<NewEvent> withNull = new ArrayList<>(Arrays.asList(NewEvent.of(AT, note), nothing()));
    List<ThrowingCallable> calls =
        List.of(
            () -> store.append(nothing(), note),
            () -> store.append(AT, BadInputTest.<Record>nothing()),
            () -> store.append(AT, BadInputTest.<Record>nothing(), options),
            () -> store.append(AT, note, nothing()),
            () -> store.append(nothing(), Note.raw("n"), options),
            () -> store.append(AT, BadInputTest.<RawPayload>nothing(), options),
            () -> store.append(AT, Note.raw("n"), nothing()),
            () -> store.appendIf(nothing(), note, Expected.any()),
            () -> store.appendIf(AT, nothing(), Expected.any()),
            () -> store.appendIf(AT, note, nothing()),
            () -> store.appendIf(AT, note, Expected.any(), nothing()),
            () -> store.appendBatch(nothing()),
            () -> store.appendBatch(withNull),
            () -> store.appendBatch(List.of(NewEvent.of(AT, note)), nothing()),
            () -> NewEvent.of(nothing(), note),
            () -> NewEvent.of(AT, BadInputTest.<Record>nothing()),
            () -> NewEvent.of(AT, BadInputTest.<RawPayload>nothing()),
            () -> NewEvent.of(AT, note).options(nothing()),
            () -> store.query(BadInputTest.<Region>nothing()),
            () -> store.query(BadInputTest.<Query>nothing()),
            () -> Query.of(nothing()),
            () -> Query.of(Region.all(), BadInputTest.<Region>nothing()),
            () -> Query.anyOf(nothing()),
            () -> Query.of(Region.all()).or(nothing()),
            () -> store.entity(nothing()),
            () -> store.get(nothing()),
            () -> all.payloads(nothing()),
            () -> all.typed(nothing()),
            () -> entry.payload(nothing()));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call).isInstanceOf(NullPointerException.class);
    }
  }

  @Test
  void null_is_accepted_in_no_value() {
    StoreConfig config = StoreConfig.of(directory.resolve("unmade"));
    AppendOptions options = AppendOptions.none();
    List<ThrowingCallable> calls =
        List.of(
            () -> Store.open(BadInputTest.<Path>nothing()),
            () -> Store.open(BadInputTest.<StoreConfig>nothing()),
            () -> Store.open(config, nothing()),
            () -> LogReader.open(nothing()),
            () -> LogReader.open(directory, nothing()),
            () -> StoreConfig.of(nothing()),
            () -> config.withSync(nothing()),
            () -> config.withLevel(nothing()),
            () -> SyncPolicy.bounded(nothing(), 1 << 20),
            () -> Coordinate.of(nothing(), "s"),
            () -> Coordinate.of("e", nothing()),
            () -> RawPayload.of(nothing(), new byte[] {1}),
            () -> RawPayload.of(Note.KIND, nothing()),
            () -> options.level(nothing()),
            () -> options.tag(nothing()),
            () -> options.causedBy(nothing()),
            () -> options.tags(nothing()),
            () -> options.key((String) nothing()),
            () -> options.key((Bytes) nothing()),
            () -> options.position(nothing()),
            () -> options.extension(nothing(), Bytes.copyOf(new byte[1])),
            () -> options.extension("a.b", nothing()),
            () -> Region.entity(nothing()),
            () -> Region.namespace(nothing()),
            () -> Region.all().scope(nothing()),
            () -> Region.all().kind(nothing()),
            () -> Region.all().tag(nothing()),
            () -> Region.all().withEntity(nothing()),
            () -> Region.all().between(nothing(), Instant.EPOCH),
            () -> Region.all().between(Instant.EPOCH, nothing()),
            () -> new EntityMatch.Exact(nothing()),
            () -> new KindMatch.Exact(nothing()),
            () -> Catalogue.of(nothing()),
            () -> Note.CATALOGUE.codec(BadInputTest.<Class<Note>>nothing()),
            () -> Note.CATALOGUE.codec(BadInputTest.<EventKind>nothing()));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call).isInstanceOf(NullPointerException.class);
    }
    assertThat(config.directory()).doesNotExist();
    assertThat(AckLevel.values()).hasSize(2);
  }

  /// Null, past the checks of the compiler.
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    Supplier<T> empty = () -> null;
    return empty.get();
  }
}
