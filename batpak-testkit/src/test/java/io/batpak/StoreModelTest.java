package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.StoreModel.Ask;
import io.batpak.StoreModel.Begin;
import io.batpak.StoreModel.Cancel;
import io.batpak.StoreModel.Commit;
import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.engine.platform.Platform;
import io.batpak.event.Bytes;
import io.batpak.event.Coordinate;
import io.batpak.query.Region;
import io.batpak.testkit.simulated.SimulatedClock;
import io.batpak.testkit.simulated.SimulatedDisk;
import io.batpak.testkit.simulated.SimulatedEntropy;
import io.batpak.testkit.simulated.SimulatedThreads;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proves that the oracle of the simulation finds what it is there for: each test has a subject
/// that is broken in one way, played by a store that is asked for something else than the model.
/// Would catch a rule that no longer bites. Deterministic.
class StoreModelTest {

  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Coordinate PLACE = new Coordinate("a:1", "s0");
  private static final long START_MILLIS = 1_790_000_000_000L;

  private final SimulatedClock clock = new SimulatedClock(START_MILLIS);
  private final SimulatedDisk disk = new SimulatedDisk(1, 1 << 21);
  private final SimulatedThreads threads = new SimulatedThreads(clock);
  private final Store store =
      Store.open(
          new Platform(disk, clock, threads, new SimulatedEntropy(1)),
          StoreConfig.of(disk.root()).withSegmentBytes(1 << 16),
          Phase.catalogue());

  private final StoreModel model = new StoreModel();

  @BeforeEach
  void begin_with_an_event() {
    model.recovered(store);
    keepsItsWord(asked(wanted(1), Expected.noStream()));
  }

  @AfterEach
  void give_the_memory_back() {
    disk.close();
  }

  @Test
  void agrees_with_a_store_that_keeps_its_word() {
    Wanted keyed = wanted(2).withKey(key());

    keepsItsWord(asked(keyed, Expected.exactly(0)));
    keepsItsWord(asked(keyed, Expected.exactly(0)));
    keepsItsWord(asked(wanted(3).withKey(key()), Expected.any()));
    keepsItsWord(asked(wanted(4), Expected.exactly(0)));
    keepsItsWord(asked(wanted(4), Condition.noneMatches(Region.entity("a:1"))));
    keepsItsWord(asked(phase(Phase.Planned.class), transition(0)));
    keepsItsWord(asked(phase(Phase.Planned.class), transition(0)));

    assertThat(model.log().end()).isEqualTo(3);
    assertThatCode(this::verify).doesNotThrowAnyException();
  }

  @Test
  void rejects_a_store_that_forgets_a_key() {
    Ask keyed = asked(wanted(2).withKey(key()), Expected.any());
    keepsItsWord(keyed);

    assertRejected(
        again(keyed), store.append(PLACE, blob(2)), "nothing is asked for behind event 1");
  }

  @Test
  void rejects_a_store_that_takes_another_content_for_a_repeat() {
    keepsItsWord(asked(wanted(2).withKey(key()), Expected.any()));
    Ask other = asked(wanted(3).withKey(key()), Expected.any());

    assertRejected(
        other, store.appendIf(NewEvent.of(PLACE, blob(2)).key("k")).orThrow(), "KeyReused");
  }

  @Test
  void rejects_a_store_that_overlooks_a_condition() {
    Ask late = asked(wanted(2), Expected.noStream());

    assertRejected(late, store.append(PLACE, blob(2)), "nothing is asked for behind event 0");
  }

  @Test
  void rejects_a_store_that_overlooks_a_matching_event() {
    Ask late = asked(wanted(2), Condition.noneMatches(Region.entity("a:1")));

    assertRejected(late, store.append(PLACE, blob(2)), "nothing is asked for behind event 0");
  }

  @Test
  void rejects_a_store_that_leaves_a_state_it_is_not_in() {
    Ask pause =
        asked(
            phase(Phase.Paused.class),
            Phase.MACHINE.transition(Phase.Running.class, Phase.Paused.class));

    assertRejected(pause, append(phase(Phase.Paused.class)), "nothing is asked for behind event 0");
  }

  @Test
  void rejects_a_conflict_where_there_is_none() {
    Ask right = asked(wanted(2), Expected.exactly(0));

    assertRejected(right, conflict(0, 1), "events in the log: 2, expected 1");
  }

  @Test
  void rejects_a_conflict_that_does_not_name_what_stands_against_it() {
    Ask wrong = asked(wanted(2), Expected.exactly(1));

    assertRejected(wrong, conflict(1, 0), "event=Optional[");
  }

  private static Conflict conflict(long expected, long actual) {
    return new Conflict.Revision(
        0, "a:1", Expected.exactly(expected), Expected.exactly(actual), Optional.empty());
  }

  @Test
  void rejects_a_store_that_writes_what_was_called_off() {
    Ask ask = asked(wanted(2), Expected.any());
    model.last(ask);
    model.withdraw(ask);
    append(wanted(2));

    assertThatThrownBy(() -> model.seen(written()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("nothing is asked for");
  }

  @Test
  void rejects_a_store_that_changes_the_order_of_what_is_queued() {
    model.last(asked(wanted(2), Expected.any()));
    model.last(asked(wanted(3), Expected.any()));
    append(wanted(3));
    append(wanted(2));

    model.seen(written());

    assertThatThrownBy(this::verify)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("another payload");
  }

  @Test
  void rejects_a_fence_that_shows_what_it_was_to_hide() {
    VisibilityFence fence = begun();
    var cancel = new Cancel(fenceModel());
    model.first(cancel);
    assertThat(fence.commit()).isEqualTo(VisibilityFence.End.VISIBLE);

    model.done(cancel, written());

    assertThatThrownBy(this::verify).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> model.log().verifyAt(Look.at(store), 2))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("is to be hidden");
  }

  @Test
  void rejects_a_fence_that_hides_what_it_was_to_show() {
    VisibilityFence fence = begun();
    var commit = new Commit(fenceModel());
    model.first(commit);
    fence.cancel();

    model.done(commit, written());

    assertThatThrownBy(this::verify).isInstanceOf(AssertionError.class);
  }

  @Test
  void rejects_a_fence_that_shows_itself_too_early() {
    VisibilityFence fence = begun();
    assertThat(fence.commit()).isEqualTo(VisibilityFence.End.VISIBLE);

    assertThatThrownBy(() -> model.log().verify(Look.at(store), model.log().shownEnd()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("end: 4, expected 2");
  }

  @Test
  void rejects_a_fence_that_others_can_write_into() {
    VisibilityFence fence = begun();
    assertThat(fence.commit()).isEqualTo(VisibilityFence.End.VISIBLE);
    Ask foreign = asked(wanted(3), Expected.any());

    assertRejected(foreign, append(wanted(3)), "nothing is asked for behind event 2");
  }

  /// A fence with one event in it, of which the model knows.
  private VisibilityFence begun() {
    var begin = new Begin();
    model.last(begin);
    VisibilityFence fence = store.fence(LIMIT);
    model.done(begin, written());
    var ask = new Ask(Request.of(wanted(2), Optional.empty()), begin.fence);
    model.last(ask);
    Told told = ask.request.ask(fence);
    model.done(ask, written());
    model.said(ask, told, AckLevel.DURABLE, START_MILLIS);
    return fence;
  }

  private StoreModel.Fence fenceModel() {
    return model.active().orElseThrow();
  }

  private void keepsItsWord(Ask ask) {
    model.last(ask);
    Told told = ask.request.ask(store);
    model.done(ask, written());
    model.said(ask, told, AckLevel.VISIBLE, START_MILLIS);
  }

  private void assertRejected(Ask ask, Appended answer, String words) {
    model.last(ask);
    assertThatThrownBy(
            () -> {
              model.done(ask, written());
              model.said(ask, Told.of(answer), AckLevel.VISIBLE, START_MILLIS);
            })
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(words);
  }

  private void verify() {
    model.log().verify(Look.at(store), model.log().shownEnd());
  }

  private long written() {
    return store.frontier().written().end();
  }

  private Receipt append(Wanted wanted) {
    return store.appendIf(wanted.event()).orThrow();
  }

  private static Ask again(Ask ask) {
    return new Ask(ask.request, null);
  }

  private static Ask asked(Wanted wanted, Condition condition) {
    return new Ask(
        new Request(
            List.of(new Request.Item(wanted, condition)),
            false,
            Expected.any(),
            false,
            Optional.empty()),
        null);
  }

  private static Condition transition(int i) {
    return Phase.TRANSITIONS.get(i);
  }

  private static Optional<Bytes> key() {
    return Optional.of(AppendOptions.keyOf("k"));
  }

  private static Blob blob(int content) {
    return Blob.of(new byte[] {(byte) content});
  }

  private static Wanted wanted(int content) {
    return new Wanted(
        PLACE,
        Blob.KIND,
        Blob.VERSION,
        List.of(),
        Optional.empty(),
        Bytes.copyOf(blob(content).messagePack()),
        -1);
  }

  private static Wanted phase(Class<?> state) {
    Phase.Codec<?> codec = Phase.codec(state);
    return new Wanted(
        PLACE,
        codec.kind(),
        codec.version(),
        List.of(),
        Optional.empty(),
        Bytes.copyOf(blob(9).messagePack()),
        -1);
  }
}
