package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.event.Bytes;
import io.batpak.event.Coordinate;
import io.batpak.event.EventFlags;
import io.batpak.event.EventHeader;
import io.batpak.event.EventId;
import io.batpak.event.EventKind;
import io.batpak.event.LanePosition;
import io.batpak.event.LifecycleKinds;
import io.batpak.failure.InvalidName;
import io.batpak.failure.LimitExceeded;
import io.batpak.failure.ReservedKind;
import io.batpak.query.Region;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that what an append says besides its payload stands in the log, survives a restart and is
/// part of the hash, and that what is the library's own is refused. Would catch an option that is
/// dropped, a link to the wrong event, a reserved name. Deterministic.
class OptionsTest {

  private static final Coordinate AT = Coordinate.of("e", "s");

  @TempDir private Path directory;

  private Store open() {
    return Store.open(StoreConfig.of(directory), Note.CATALOGUE);
  }

  private static Bytes bytes(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void all_of_them_stand_in_the_log_and_survive_a_restart() {
    AppendOptions options =
        AppendOptions.durable()
            .tag("b:2")
            .tag("a:1")
            .tag("b:2")
            .key("key")
            .position(new LanePosition(3, 1L << 40))
            .flags(0xA500)
            .extension("trace.parent", bytes("00-1"))
            .extension("app.empty", bytes(""));
    Receipt receipt;
    try (Store store = open()) {
      receipt = store.appendIf(NewEvent.of(AT, new Note("n")).options(options)).orThrow();
      assertOptions(store, receipt);
    }
    try (Store store = open()) {
      assertOptions(store, receipt);
      assertThat(store.query(Region.all().tag("a:1").tag("b:2")).count()).isEqualTo(1);
    }
  }

  private static void assertOptions(Store store, Receipt receipt) {
    EventHeader header = store.at(0).event().header();
    assertThat(header.tags()).containsExactly("a:1", "b:2");
    assertThat(header.key()).contains(bytes("key"));
    assertThat(header.position()).isEqualTo(new LanePosition(3, 1L << 40));
    assertThat(header.flags()).isEqualTo(0xA500);
    assertThat(header.extensions())
        .isEqualTo(Map.of("trace.parent", bytes("00-1"), "app.empty", bytes("")));
    assertThat(header.correlation()).isEqualTo(receipt.id());
    assertThat(header.causation()).isEmpty();
    assertThat(store.at(0).event().hash()).isEqualTo(receipt.hash());
  }

  @Test
  void an_event_without_options_has_none() {
    try (Store store = open()) {
      var _ = store.append(AT, new Note("n"));
      EventHeader header = store.at(0).event().header();
      assertThat(header.tags()).isEmpty();
      assertThat(header.key()).isEmpty();
      assertThat(header.position()).isEqualTo(LanePosition.ROOT);
      assertThat(header.flags()).isZero();
      assertThat(header.extensions()).isEmpty();
    }
  }

  @Test
  void a_reaction_is_in_the_conversation_and_points_at_its_cause() {
    try (Store store = open()) {
      Receipt root = store.append(AT, new Note("root"));
      Receipt reaction = store.reaction(store.at(0).event(), AT, new Note("reaction"));
      Receipt next = store.reaction(store.at(1).event(), AT, new Note("next"));

      EventHeader second = store.at(reaction.sequence()).event().header();
      EventHeader third = store.at(next.sequence()).event().header();
      assertThat(second.correlation()).isEqualTo(root.id());
      assertThat(second.causation()).contains(root.id());
      assertThat(third.correlation()).isEqualTo(root.id());
      assertThat(third.causation()).contains(reaction.id());
    }
  }

  @Test
  void an_append_with_a_key_has_more_than_one_answer() {
    try (Store store = open()) {
      AppendOptions keyed = AppendOptions.none().key("k");
      assertThatThrownBy(() -> store.append(AT, new Note("n"), keyed))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("appendIf");
      assertThatThrownBy(() -> store.append(AT, Note.raw("n"), keyed))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () -> store.appendBatch(List.of(NewEvent.of(AT, new Note("n")).options(keyed))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("appendBatchIf");
      assertThat(store.end()).isZero();
    }
  }

  @Test
  void what_is_the_librarys_own_is_refused_by_every_shape_of_a_write() {
    try (Store store = open()) {
      var event = new Note("n");
      List<NewEvent> reserved =
          List.of(
              NewEvent.of(Coordinate.of("batpak:x", "s"), event),
              NewEvent.of(Coordinate.of("e", "batpak:x"), event),
              NewEvent.of(Coordinate.of(LifecycleKinds.ENTITY, LifecycleKinds.SCOPE), event));
      for (NewEvent one : reserved) {
        assertThatThrownBy(() -> store.appendIf(one)).isInstanceOf(InvalidName.class);
        assertThatThrownBy(() -> store.submit(one)).isInstanceOf(InvalidName.class);
        assertThatThrownBy(() -> store.trySubmit(one)).isInstanceOf(InvalidName.class);
        assertThatThrownBy(() -> store.appendBatch(List.of(one))).isInstanceOf(InvalidName.class);
        try (VisibilityFence fence = store.fence(java.time.Duration.ofMinutes(1))) {
          assertThatThrownBy(() -> fence.appendIf(one)).isInstanceOf(InvalidName.class);
        }
      }
      assertThat(store.query(Region.all()).count()).isZero();
      assertThat(store.append(Coordinate.of("batpak", "s"), event).clock()).isZero();
    }
    assertThatThrownBy(() -> RawPayload.of(LifecycleKinds.STORE_RECOVERED, Note.messagePack("n")))
        .isInstanceOf(ReservedKind.class);
    assertThatThrownBy(() -> RawPayload.of(new EventKind(0xD, 1), Note.messagePack("n")))
        .isInstanceOf(ReservedKind.class);
    assertThatThrownBy(() -> AppendOptions.none().flags(EventFlags.LIFECYCLE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AppendOptions.none().flags(EventFlags.APPLICATION << 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AppendOptions.none().extension("batpak.x", bytes("n")))
        .isInstanceOf(InvalidName.class);
    for (String name : List.of("", "nodot", ".x", "x.", "a.b.c", "ä.b", "a b.c")) {
      assertThatThrownBy(() -> AppendOptions.none().extension(name, bytes("n")))
          .as(name)
          .isInstanceOf(InvalidName.class);
    }
  }

  @Test
  void keys_have_1_to_256_bytes() {
    assertThat(AppendOptions.none().key("x".repeat(256)).key().orElseThrow().count())
        .isEqualTo(256);
    assertThatThrownBy(() -> AppendOptions.none().key("")).isInstanceOf(InvalidName.class);
    assertThatThrownBy(() -> AppendOptions.none().key("ä".repeat(129)))
        .isInstanceOf(LimitExceeded.class);
    assertThatThrownBy(() -> BatchOptions.none().key("x".repeat(257)))
        .isInstanceOf(LimitExceeded.class);
  }

  @Test
  void the_level_is_the_callers_the_stores_or_the_policys() {
    StoreConfig config = StoreConfig.of(directory).withSync(SyncPolicy.osDecides());
    AppendOptions visible = AppendOptions.none().level(AckLevel.VISIBLE);
    try (Store store = Store.open(config, Note.CATALOGUE)) {
      assertThat(store.append(AT, new Note("n")).level()).isEqualTo(AckLevel.VISIBLE);
      assertThat(store.durableEnd()).isZero();
      assertThat(store.append(AT, new Note("n"), AppendOptions.durable()).level())
          .isEqualTo(AckLevel.DURABLE);
      assertThat(store.durableEnd()).isEqualTo(2);
    }
    try (Store store = Store.open(config.withLevel(AckLevel.DURABLE), Note.CATALOGUE)) {
      assertThat(store.append(AT, new Note("n")).level()).isEqualTo(AckLevel.DURABLE);
      assertThat(store.append(AT, new Note("n"), visible).level()).isEqualTo(AckLevel.VISIBLE);
      assertThat(store.durableEnd()).isEqualTo(3);
    }
    try (Store store = Store.open(config.withSync(SyncPolicy.everyCommit()), Note.CATALOGUE)) {
      assertThat(store.append(AT, new Note("n"), visible).level()).isEqualTo(AckLevel.DURABLE);
      assertThat(store.durableEnd()).isEqualTo(5);
    }
  }

  @Test
  void ids_are_version_7_and_carry_the_time_of_the_commit() {
    try (Store store = open()) {
      long before = System.currentTimeMillis();
      Receipt receipt = store.append(AT, new Note("n"));
      long after = System.currentTimeMillis();

      EventId id = receipt.id();
      assertThat(id.high() >>> 12 & 0xF).isEqualTo(7);
      assertThat(id.low() >>> 62).isEqualTo(2);
      assertThat(receipt.hlc().wallMillis()).isEqualTo(id.high() >>> 16);
      // The store's clock is anchored to the wall clock again now and then.
      assertThat(receipt.hlc().wallMillis()).isBetween(before - 50, after + 50);
    }
  }
}
