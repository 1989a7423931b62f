package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.StoreConfig;
import io.batpak.engine.frame.FrameEncoder;
import io.batpak.engine.index.EventRow;
import io.batpak.engine.platform.Platform;
import io.batpak.event.Bytes;
import io.batpak.event.Coordinate;
import io.batpak.failure.StoreException;
import io.batpak.testing.Randoms;
import io.batpak.testkit.simulated.SimulatedClock;
import io.batpak.testkit.simulated.SimulatedDisk;
import io.batpak.testkit.simulated.SimulatedDisk.Crash;
import io.batpak.testkit.simulated.SimulatedDisk.Operation;
import io.batpak.testkit.simulated.SimulatedEntropy;
import io.batpak.testkit.simulated.SimulatedThreads;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Proves that a store comes back from every crash with exactly what it answered for, or less where
/// it promised less. Would catch a lost, torn, doubled or changed event, a chain that does not go
/// on. Seeds are random and printed; -Dbatpak.seed replays, -Dbatpak.runs multiplies.
class SimulationTest {

  private static final int RUNS = 10_000;

  /// Enough that a lie is found with near certainty: about every fifth seed finds it.
  private static final int LYING_RUNS = 300;

  private static final Coordinate PLACE = new Coordinate("a:1", "s0");

  private static final long START_MILLIS = 1_790_000_000_000L;

  private SimulatedDisk disk = new SimulatedDisk(1, 1 << 23);

  @AfterEach
  void give_the_memory_back() {
    disk.close();
  }

  @Test
  void a_store_comes_back_from_every_crash_with_what_it_promised() {
    var sights = EnumSet.noneOf(Sight.class);
    var runs = new int[1];

    Randoms.each(
        RUNS,
        (random, size) -> {
          try (var walk = new StoreWalk(random)) {
            walk.run(2 + size / 2);
            sights.addAll(walk.sights());
            runs[0]++;
          }
        });

    if (runs[0] >= RUNS) {
      assertThat(sights).as("what all walks together met").containsExactly(Sight.values());
    }
  }

  @Test
  void a_disk_whose_force_does_nothing_is_found_out() {
    assertThat(found(Operation.FORCE)).isPositive();
  }

  @Test
  void a_disk_whose_names_are_never_forced_is_found_out() {
    assertThat(found(Operation.FORCE_NAMES)).isPositive();
  }

  /// {@return how often the oracle or the store itself objected}
  private static int found(Operation lie) {
    int found = 0;
    for (int seed = 0; seed < LYING_RUNS; seed++) {
      try (var walk = new StoreWalk(Randoms.seeded(seed))) {
        walk.disk().lie(lie);
        walk.run(40);
      } catch (AssertionError | StoreException e) {
        found++;
      }
    }
    return found;
  }

  @Test
  void the_oracle_agrees_with_a_store_that_keeps_its_word() {
    var model = new StoreModel();
    Store store = withNotes(model, 1, 2);
    model.durable(2);
    model.crashed(Crash.POWER_LOSS);

    assertThatCode(() -> model.recovered(store)).doesNotThrowAnyException();
  }

  @Test
  void the_oracle_rejects_an_event_it_knows_nothing_of() {
    var forgetful = new StoreModel();
    Store store = withNotes(forgetful, 1);
    forgetful.durable(1);
    forgetful.crashed(Crash.POWER_LOSS);
    append(store, 2);

    assertRejected(forgetful, store, "nothing is asked for behind event 0");
  }

  @Test
  void the_oracle_rejects_the_loss_of_a_durable_event_and_allows_that_of_a_visible_one() {
    var model = new StoreModel();
    Store store = withNotes(model, 1, 2);
    Receipt last = store.append(PLACE, note(3));
    answered(model, wanted(3), last);
    model.durable(3);
    model.crashed(Crash.POWER_LOSS);
    Store lossy = withNotes(new StoreModel(), 1, 2);

    assertRejected(model, lossy, "recovered 2 events; at least 3 were promised");
  }

  @Test
  void the_oracle_rejects_half_a_batch() {
    var model = new StoreModel();
    Store store = withNotes(model, 1);
    model.last(asked(wanted(2), wanted(3)));
    model.crashed(Crash.KILL);
    append(store, 2);

    assertRejected(model, store, "the log ends within a batch, at 2");
  }

  @Test
  void the_oracle_rejects_another_payload_and_another_hash() {
    var otherPayload = new StoreModel();
    Store store = withNotes(otherPayload, 1);
    otherPayload.last(asked(wanted(3)));
    otherPayload.crashed(Crash.KILL);
    var _ = append(store, 2);

    assertRejected(otherPayload, store, "event 1 has another payload");

    var otherHash = new StoreModel();
    Store second = withNotes(otherHash);
    Receipt first = append(second, 1);
    answered(otherHash, wanted(1), withoutHash(first));

    assertRejected(otherHash, second, "hash: ");
  }

  /// The receipt, but that its event hash is all zeros.
  private static Receipt withoutHash(Receipt receipt) {
    var stamp = new FrameEncoder.Stamp();
    stamp.place(receipt.sequence(), receipt.clock());
    stamp.time(receipt.id().high(), receipt.id().low(), receipt.hlc().counter());
    return new Receipt(new EventRow(stamp, 0, 0, 0), PLACE, receipt.level());
  }

  private static void assertRejected(StoreModel model, Store store, String words) {
    assertThatThrownBy(() -> model.recovered(store))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(words);
  }

  /// A store of its own, with notes that the model knows of.
  private Store withNotes(StoreModel model, int... contents) {
    disk = disk.afterCrash(Crash.KILL);
    for (String name : disk.list()) {
      disk.delete(name);
    }
    var platform =
        new Platform(
            disk,
            new SimulatedClock(START_MILLIS),
            new SimulatedThreads(),
            new SimulatedEntropy(1));
    Store store = Store.open(platform, StoreConfig.of(disk.root()), Blob.CATALOGUE);
    for (int content : contents) {
      answered(model, wanted(content), append(store, content));
    }
    return store;
  }

  private static StoreModel.Ask asked(Wanted... events) {
    List<Request.Item> items =
        Stream.of(events).map(one -> new Request.Item(one, Expected.any())).toList();
    return new StoreModel.Ask(
        new Request(items, items.size() > 1, Expected.any(), false, Optional.empty()), null);
  }

  private static void answered(StoreModel model, Wanted wanted, Receipt receipt) {
    StoreModel.Ask ask = asked(wanted);
    model.last(ask);
    model.done(ask, receipt.sequence() + 1);
    model.said(ask, Told.of(receipt), receipt.level(), START_MILLIS);
  }

  private static Receipt append(Store store, int content) {
    return store.append(PLACE, note(content));
  }

  private static Blob note(int content) {
    return Blob.of(new byte[] {(byte) content});
  }

  private static Wanted wanted(int content) {
    return new Wanted(
        PLACE,
        Blob.KIND,
        Blob.VERSION,
        List.of(),
        Optional.empty(),
        Bytes.copyOf(note(content).messagePack()),
        -1);
  }
}
