package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.event.Coordinate;
import io.batpak.event.Hlc;
import io.batpak.failure.Closed;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.Interrupted;
import io.batpak.testing.GatedDisk;
import io.batpak.testing.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Proves that the watermarks fit together in every reading, and that a wait for one ends as it
/// says: reached, out of time, or stopped. Would catch a mark that goes back or passes another, a
/// waiter who is forgotten or kept. Deterministic but for the interleaving.
class WatermarkTest {

  private static final Coordinate AT = Coordinate.of("e", "s");
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Awaited REACHED = new Awaited.Reached(AckLevel.DURABLE);
  private static final Awaited TIMED_OUT = new Awaited.TimedOut(AckLevel.DURABLE);
  private static final Awaited STOPPED = new Awaited.Stopped(AckLevel.DURABLE);

  @TempDir private Path directory;

  private Store open(GatedDisk disk) {
    StoreConfig config = StoreConfig.of(directory).withSync(SyncPolicy.osDecides());
    return Store.open(disk.platform(), config, Note.CATALOGUE);
  }

  private Store open() {
    return open(new GatedDisk(directory));
  }

  @Nested
  class A_frontier {

    @Test
    void of_an_empty_store_is_at_the_beginning() {
      try (Store store = open()) {
        var none = new Frontier.Mark(0, new Hlc(0, 0));
        assertThat(store.frontier()).isEqualTo(new Frontier(none, none, none, none, none, none));
      }
    }

    @Test
    void names_the_last_event_that_got_there() {
      try (Store store = open()) {
        Receipt durable = store.append(AT, new Note("durable"), AppendOptions.durable());
        var durableMark = new Frontier.Mark(1, durable.hlc());
        Receipt visible = store.append(AT, new Note("visible"));
        var visibleMark = new Frontier.Mark(2, visible.hlc());

        assertThat(store.frontier())
            .isEqualTo(
                new Frontier(
                    visibleMark, visibleMark, durableMark, visibleMark, visibleMark, visibleMark));

        VisibilityFence fence = store.fence(LONG);
        Receipt hidden = fence.append(AT, new Note("hidden"));
        Frontier fenced = store.frontier();
        assertThat(fenced.written()).isEqualTo(new Frontier.Mark(4, hidden.hlc()));
        assertThat(fenced.durable()).isEqualTo(fenced.written());
        assertThat(fenced.visible().end()).as("the fence's own beginning can be seen").isEqualTo(3);
        fence.cancel();
        assertThat(store.frontier().visible().end()).isEqualTo(5);
      }
    }

    @Test
    void keeps_its_inequalities_under_load() throws InterruptedException {
      Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
      var over = new AtomicBoolean();
      try (Store store = Store.open(StoreConfig.of(directory), Note.CATALOGUE)) {
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          Runnable read = () -> watch(store, over, wrong);
          readers.add(i == 0 ? Thread.startVirtualThread(read) : Thread.ofPlatform().start(read));
        }
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          int number = i;
          Runnable write = () -> write(store, number);
          writers.add(
              i % 2 == 0 ? Thread.startVirtualThread(write) : Thread.ofPlatform().start(write));
        }
        Waiting.join(writers);
        over.set(true);
        Waiting.join(readers);
        assertThat(wrong).isEmpty();

        store.sync();
        Frontier still = store.frontier();
        assertThat(still.durable()).isEqualTo(still.accepted());
        assertThat(still.visible()).isEqualTo(still.accepted());
        assertThat(still.emitted()).isEqualTo(still.visible());
        assertThat(still.applied()).isEqualTo(still.visible());
      }
    }

    private static void write(Store store, int number) {
      Coordinate own = Coordinate.of("w" + number, "s");
      for (int i = 0; i < 300; i++) {
        try {
          if (number == 0 && i % 10 == 0) {
            try (VisibilityFence fence = store.fence(LONG)) {
              var _ = fence.append(own, new Note("fenced"));
              if (i % 20 == 0) {
                var _ = fence.commit();
              }
            }
          } else {
            var _ =
                store.append(
                    own,
                    new Note("n"),
                    i % 50 == 0 ? AppendOptions.durable() : AppendOptions.none());
          }
        } catch (io.batpak.failure.FenceActive e) {
          Thread.onSpinWait();
        }
      }
    }

    private static void watch(Store store, AtomicBoolean over, Queue<Throwable> wrong) {
      try {
        Frontier before = store.frontier();
        while (!over.get()) {
          Frontier now = store.frontier();
          assertAtLeast(now.accepted(), now.written());
          assertAtLeast(now.written(), now.durable());
          assertAtLeast(now.accepted(), now.visible());
          assertAtLeast(now.visible(), now.applied());
          assertAtLeast(now.emitted(), now.applied());
          assertAtLeast(now.accepted(), before.accepted());
          assertAtLeast(now.written(), before.written());
          assertAtLeast(now.durable(), before.durable());
          assertAtLeast(now.visible(), before.visible());
          before = now;
        }
      } catch (Throwable e) {
        wrong.add(e);
      }
    }

    private static void assertAtLeast(Frontier.Mark more, Frontier.Mark less) {
      assertThat(more.end()).isGreaterThanOrEqualTo(less.end());
      assertThat(more.hlc()).isGreaterThanOrEqualTo(less.hlc());
    }
  }

  @Nested
  class A_wait {

    @Test
    void for_visible_ends_at_once() {
      var disk = new GatedDisk(directory);
      try (Store store = open(disk)) {
        disk.hold();
        Receipt receipt = store.append(AT, new Note("n"));

        assertThat(store.await(receipt, AckLevel.VISIBLE, Duration.ZERO))
            .isEqualTo(new Awaited.Reached(AckLevel.VISIBLE));
        disk.release();
      }
    }

    @Test
    void for_durable_asks_for_a_force_and_ends_with_it() {
      try (Store store = open()) {
        Receipt receipt = store.append(AT, new Note("n"));
        assertThat(store.durableEnd()).isZero();

        assertThat(store.await(receipt, AckLevel.DURABLE, LONG)).isEqualTo(REACHED);
        assertThat(store.durableEnd()).isEqualTo(1);
        assertThat(store.await(receipt, AckLevel.DURABLE, Duration.ZERO)).isEqualTo(REACHED);
      }
    }

    @Test
    void runs_out_of_time_and_the_event_is_committed_all_the_same() {
      var disk = new GatedDisk(directory);
      try (Store store = open(disk)) {
        disk.hold();
        Receipt receipt = store.append(AT, new Note("n"));

        assertThat(store.await(receipt, AckLevel.DURABLE, Duration.ofMillis(5)))
            .isEqualTo(TIMED_OUT);
        assertThat(store.at(0).id()).isEqualTo(receipt.id());
        disk.release();
        assertThat(store.await(receipt, AckLevel.DURABLE, LONG)).isEqualTo(REACHED);
      }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void for_a_position_not_yet_written_ends_when_it_is_durable(boolean submitted) {
      try (Store store = open()) {
        assertThat(store.awaitDurable(2, Duration.ofMillis(5))).isEqualTo(TIMED_OUT);
        var ended = new AtomicReference<Awaited>();
        Thread waiting = Thread.ofPlatform().start(() -> ended.set(store.awaitDurable(2, LONG)));
        untilWaiting(waiting);

        for (int i = 0; i < 3; i++) {
          assertThat(ended.get()).isNull();
          if (submitted) {
            var _ = store.submit(AT, new Note("n")).await();
          } else {
            var _ = store.append(AT, new Note("n"));
          }
        }

        Waiting.until("it has ended", () -> ended.get() != null);
        assertThat(ended.get()).isEqualTo(REACHED);
        assertThat(store.durableEnd()).isEqualTo(3);
      }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void that_is_interrupted_says_so(boolean written) throws InterruptedException {
      var disk = new GatedDisk(directory);
      try (Store store = open(disk)) {
        var _ = store.append(AT, new Note("n"));
        disk.hold();
        var thrown = new AtomicReference<Throwable>();
        Thread waiting =
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    var _ = store.awaitDurable(written ? 0 : 1, LONG);
                  } catch (Interrupted e) {
                    thrown.set(Thread.currentThread().isInterrupted() ? e : new Error(e));
                  }
                });
        untilWaiting(waiting);
        waiting.interrupt();
        Waiting.join(List.of(waiting));

        assertThat(thrown.get()).isInstanceOf(Interrupted.class);
        disk.release();
        assertThat(store.awaitDurable(0, LONG)).isEqualTo(REACHED);
      }
    }

    @Test
    void refuses_what_cannot_be() {
      try (Store store = open()) {
        assertThatThrownBy(() -> store.awaitDurable(-1, LONG))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.awaitDurable(0, Duration.ofNanos(-1)))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }

    @Test
    void that_is_given_up_leaves_nothing_behind() {
      try (Store store = open()) {
        long before = usedBytes();
        for (int i = 0; i < 300_000; i++) {
          assertThat(store.awaitDurable(7, Duration.ZERO)).isEqualTo(TIMED_OUT);
        }
        Waiting.until("no waiter is kept", () -> usedBytes() - before < 8 << 20);
        assertThat(store.end()).isZero();
      }
    }

    private static long usedBytes() {
      System.gc();
      return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
  }

  @Nested
  class A_wait_that_cannot_be_reached {

    /// How a store ends.
    enum Ends {
      FORCE_FAILS,
      WRITE_FAILS,
      CLOSED
    }

    @ParameterizedTest
    @EnumSource(Ends.class)
    void is_stopped(Ends ends) throws InterruptedException {
      var disk = new GatedDisk(directory);
      Store store = open(disk);
      var _ = store.append(AT, new Note("n"), AppendOptions.durable());
      Queue<Awaited> answers = new ConcurrentLinkedQueue<>();
      List<Thread> waiting = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        long sequence = 3L + i % 7;
        Runnable work = () -> answers.add(store.awaitDurable(sequence, LONG));
        waiting.add(i % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.startVirtualThread(work));
      }
      waiting.forEach(WatermarkTest::untilWaiting);

      end(store, disk, ends);
      Waiting.join(waiting);

      assertThat(answers).hasSize(20).containsOnly(STOPPED);
      assertThat(store.awaitDurable(0, LONG)).isEqualTo(REACHED);
      assertThat(store.awaitDurable(2, LONG)).isEqualTo(STOPPED);
      if (ends != Ends.CLOSED) {
        assertThatThrownBy(store::close).isInstanceOf(DiskFailed.class);
      }
      assertThat(store.awaitDurable(2, LONG)).isEqualTo(STOPPED);
      assertThatThrownBy(store::frontier).isInstanceOf(Closed.class);
    }

    private static void end(Store store, GatedDisk disk, Ends ends) {
      switch (ends) {
        case CLOSED -> store.close();
        case WRITE_FAILS -> {
          disk.fail();
          assertThatThrownBy(() -> store.append(AT, new Note("n"), AppendOptions.durable()))
              .isInstanceOf(DiskFailed.class);
        }
        case FORCE_FAILS -> {
          var _ = store.append(AT, new Note("n"));
          disk.fail();
          assertThatThrownBy(store::sync).isInstanceOf(DiskFailed.class);
        }
      }
    }
  }

  @Nested
  class A_thousand_waiters {

    private static final int COUNT = 1_000;

    private final Queue<Awaited> answers = new ConcurrentLinkedQueue<>();

    private List<Thread> start(Store store) {
      List<Thread> waiting = new ArrayList<>();
      for (int i = 0; i < COUNT; i++) {
        long sequence = i;
        Runnable work = () -> answers.add(store.awaitDurable(sequence, LONG));
        waiting.add(
            i % 50 == 0 ? Thread.ofPlatform().start(work) : Thread.startVirtualThread(work));
      }
      waiting.forEach(WatermarkTest::untilWaiting);
      return waiting;
    }

    @Test
    void are_all_told_what_they_wait_for() throws InterruptedException {
      try (Store store = Store.open(StoreConfig.of(directory), Note.CATALOGUE)) {
        List<Thread> waiting = start(store);
        for (int i = 0; i < COUNT; i++) {
          var _ = store.append(AT, new Note("n"));
        }
        Waiting.join(waiting);

        assertThat(answers).hasSize(COUNT).containsOnly(REACHED);
      }
    }

    @Test
    void are_told_no_sooner_and_no_later() throws InterruptedException {
      Store store = Store.open(StoreConfig.of(directory), Note.CATALOGUE);
      List<Thread> waiting = start(store);
      for (int i = 0; i < COUNT / 2; i++) {
        var _ = store.append(AT, new Note("n"));
      }
      Waiting.join(waiting.subList(0, COUNT / 2));
      assertThat(answers).hasSize(COUNT / 2).containsOnly(REACHED);
      store.close();
      Waiting.join(waiting);

      assertThat(answers).hasSize(COUNT);
      assertThat(answers.stream().filter(STOPPED::equals)).hasSize(COUNT / 2);
    }
  }

  private static void untilWaiting(Thread thread) {
    Waiting.until(
        "it waits",
        () ->
            thread.getState() == Thread.State.WAITING
                || thread.getState() == Thread.State.TIMED_WAITING);
  }
}
