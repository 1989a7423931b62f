package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.failure.Closed;
import io.batpak.testing.Randoms;
import io.batpak.testing.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that what one thread submits and appends is committed in the order of its calls, beside
/// others, in a queue that is nearly always full, and that everyone gets an answer, also while the
/// store is closed. Would catch a caller who is never woken, an overtaken submission, one that is
/// neither committed nor refused. Seeds are random and printed.
class SubmissionStormTest {

  private static final int RUNS = 40;
  private static final int THREADS = 12;
  private static final int IN_FLIGHT_MAX = 50;
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(30);

  @TempDir Path directory;

  private int run;

  @Test
  void each_callers_commits_keep_their_order_and_each_is_answered() {
    Randoms.each(RUNS, (random, size) -> storm(random, 4 * size));
  }

  private void storm(RandomGenerator random, int calls) throws InterruptedException {
    StoreConfig config =
        StoreConfig.of(directory.resolve("store" + run++))
            .withSegmentBytes(1 << random.nextInt(16, 19))
            .withQueueCapacity(8 << random.nextInt(5));
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Caller> callers = new ArrayList<>();
    Store store = Store.open(config, Note.CATALOGUE);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      var caller = new Caller(store, "e" + i, Randoms.seeded(random.nextLong()), calls);
      callers.add(caller);
      threads.add((i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual()).unstarted(caller));
      threads.getLast().setUncaughtExceptionHandler((_, e) -> failures.add(e));
    }
    threads.forEach(Thread::start);
    if (random.nextInt(3) == 0) {
      Waiting.until("something is committed", () -> callers.getFirst().next > calls / 8);
    } else {
      Waiting.join(threads);
    }
    store.close();
    Waiting.join(threads);
    assertThat(failures).isEmpty();
    try (Store again = Store.open(config, Note.CATALOGUE)) {
      for (Caller caller : callers) {
        assertThat(again.entity(caller.entity).count()).isEqualTo(caller.answered);
      }
    }
  }

  /// One thread, alone on its entity: it knows which clock each of its events must get.
  private static final class Caller implements Runnable {

    private final Store store;
    private final String entity;
    private final RandomGenerator random;
    private final int calls;
    private final ArrayDeque<Ticket> tickets = new ArrayDeque<>();
    private volatile long next;
    private long answered;

    Caller(Store store, String entity, RandomGenerator random, int calls) {
      this.store = store;
      this.entity = entity;
      this.random = random;
      this.calls = calls;
    }

    @Override
    public void run() {
      try {
        for (int i = 0; i < calls; i++) {
          call();
        }
      } catch (Closed e) {
        // what was submitted before is answered all the same
      }
      while (!tickets.isEmpty()) {
        settle();
      }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone writes
    private void call() {
      NewEvent event = event();
      if (random.nextInt(10) < 6) {
        tickets.add(store.submit(event));
        next++;
      } else {
        Receipt receipt = store.appendIf(event).orThrow();
        assertThat(receipt.clock()).as(entity).isEqualTo(next);
        next++;
        answered++;
      }
      if (tickets.size() > IN_FLIGHT_MAX) {
        settle();
      }
    }

    private NewEvent event() {
      Expected expected = next == 0 ? Expected.noStream() : Expected.exactly(next - 1);
      return NewEvent.of(Coordinate.of(entity, "s"), new Note("n"))
          .when(random.nextInt(3) == 0 ? expected : Expected.any())
          .options(random.nextInt(6) == 0 ? AppendOptions.durable() : AppendOptions.none());
    }

    private void settle() {
      Ticket ticket = tickets.remove();
      try {
        Optional<Appended> answer = ticket.await(ANSWERED_WITHIN);
        assertThat(answer).as("answer to %s", entity).isPresent();
        assertThat(answer.orElseThrow().orThrow().coordinate().entity()).isEqualTo(entity);
        answered++;
      } catch (Closed e) {
        // too late for the last turn
      }
    }
  }
}
