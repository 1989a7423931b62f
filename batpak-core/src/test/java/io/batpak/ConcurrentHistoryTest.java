package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.query.Region;
import io.batpak.testing.Randoms;
import io.batpak.testing.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that concurrent appends, conditional appends, batches and reads are linearizable: each
/// takes effect at its sequence, within its call. Would catch a stale read, a condition decided too
/// early, a torn batch. Seed: random, printed; broken histories show that the checker bites.
class ConcurrentHistoryTest {

  private static final int THREADS = 6;
  private static final int CALLS = 150;

  @TempDir private Path directory;

  /// One call: when it was made and answered, and what it did.
  ///
  /// @param start before the call, nanoseconds
  /// @param end after it
  /// @param entity of a write
  /// @param expected clock that was demanded; -1 for no event, -2 for nothing
  /// @param actual for a conflict, the clock that stood against it; otherwise -3
  /// @param sequences written; empty for a read or a conflict
  /// @param seen for a read, the end that it saw; otherwise -1
  private record Call(
      long start,
      long end,
      String entity,
      long expected,
      long actual,
      List<Long> sequences,
      long seen) {

    boolean write() {
      return !sequences.isEmpty();
    }

    boolean conflict() {
      return actual != NO_CONFLICT;
    }

    boolean read() {
      return seen >= 0;
    }
  }

  private static final long ANY = -2;
  private static final long NO_CONFLICT = -3;

  /// The log as it is in the end.
  private record Logged(long sequence, String entity, long clock) {}

  @Test
  void recorded_histories_are_linearizable() {
    Randoms.each(
        4,
        (random, size) -> {
          List<Logged> log = new ArrayList<>();
          List<Call> calls = record(random, log);
          check(calls, log);
          assertThat(calls).anyMatch(Call::conflict).anyMatch(Call::read);
        });
  }

  @Test
  void broken_histories_are_rejected() throws Exception {
    List<Logged> log = new ArrayList<>();
    List<Call> calls = record(Randoms.seeded(3), log);
    check(calls, log);
    List<Call> byEnd = calls.stream().sorted(Comparator.comparingLong(Call::end)).toList();
    Call firstWrite = byEnd.stream().filter(Call::write).findFirst().orElseThrow();
    Call lastWrite = byEnd.reversed().stream().filter(Call::write).findFirst().orElseThrow();
    Call lastRead = byEnd.reversed().stream().filter(Call::read).findFirst().orElseThrow();
    Call batch = any(calls, call -> call.sequences().size() > 1);
    Call conditional = any(calls, call -> call.write() && call.expected() >= 0);
    Call conflict = any(calls, Call::conflict);

    rejected(calls, log, lastWrite, written(firstWrite, firstWrite.sequences()), "twice");
    rejected(calls, log, lastRead, reading(lastRead, 0), "a stale read");
    rejected(calls, log, any(calls, Call::read), reading(lastRead, log.size() + 1L), "a future");
    rejected(calls, log, batch, written(batch, batch.sequences().reversed()), "a torn batch");
    rejected(calls, log, conditional, expecting(conditional, 100_000), "a condition");
    rejected(calls, log, conflict, expecting(conflict, conflict.actual()), "no conflict");
    Call early = new Call(0, 1, lastWrite.entity(), ANY, NO_CONFLICT, lastWrite.sequences(), -1);
    rejected(calls, log, lastWrite, early, "before its time");
  }

  private static Call any(List<Call> calls, java.util.function.Predicate<Call> wanted) {
    return calls.stream().filter(wanted).findFirst().orElseThrow();
  }

  private static Call written(Call call, List<Long> sequences) {
    return new Call(
        call.start, call.end, call.entity, call.expected, call.actual, sequences, call.seen);
  }

  private static Call reading(Call call, long seen) {
    return new Call(
        call.start, call.end, call.entity, call.expected, call.actual, call.sequences, seen);
  }

  private static Call expecting(Call call, long expected) {
    return new Call(
        call.start, call.end, call.entity, expected, call.actual, call.sequences, call.seen);
  }

  private static void rejected(
      List<Call> calls, List<Logged> log, Call good, Call broken, String what) {
    List<Call> changed = new ArrayList<>(calls);
    changed.remove(good);
    changed.add(broken);
    assertThatThrownBy(() -> check(changed, log)).as(what).isInstanceOf(AssertionError.class);
  }

  private static void check(List<Call> calls, List<Logged> log) {
    long[] startOf = new long[log.size()];
    long[] endOf = new long[log.size()];
    boolean[] inBatch = new boolean[log.size() + 1];
    List<Long> all = calls.stream().flatMap(call -> call.sequences().stream()).sorted().toList();
    assertThat(all).isEqualTo(LongStream.range(0, log.size()).boxed().toList());
    for (Call call : calls) {
      for (int i = 0; i < call.sequences().size(); i++) {
        int sequence = Math.toIntExact(call.sequences().get(i));
        assertThat((long) sequence).isEqualTo(call.sequences().getFirst() + i);
        assertThat(log.get(sequence).entity()).isEqualTo(call.entity());
        startOf[sequence] = call.start();
        endOf[sequence] = call.end();
        inBatch[sequence] = i > 0;
      }
      if (call.write() && call.expected() != ANY) {
        Logged first = log.get(Math.toIntExact(call.sequences().getFirst()));
        assertThat(first.clock()).isEqualTo(call.expected() + 1);
      }
    }
    checkRealTime(calls);
    for (Call call : calls) {
      if (call.read()) {
        checkRead(call, startOf, inBatch);
      } else if (call.conflict()) {
        checkConflict(call, log, startOf, endOf);
      }
    }
  }

  /// A call that began after another had ended stands behind it.
  private static void checkRealTime(List<Call> calls) {
    List<Call> byEnd = calls.stream().sorted(Comparator.comparingLong(Call::end)).toList();
    List<Call> byStart = calls.stream().sorted(Comparator.comparingLong(Call::start)).toList();
    int ended = 0;
    long reached = 0;
    for (Call call : byStart) {
      while (ended < byEnd.size() && byEnd.get(ended).end() < call.start()) {
        Call before = byEnd.get(ended++);
        reached = Math.max(reached, before.write() ? before.sequences().getLast() + 1 : 0);
        reached = Math.max(reached, before.seen());
      }
      if (call.write()) {
        assertThat(call.sequences().getFirst()).isGreaterThanOrEqualTo(reached);
      } else if (call.read()) {
        assertThat(call.seen()).isGreaterThanOrEqualTo(reached);
      }
    }
  }

  private static void checkRead(Call call, long[] startOf, boolean[] inBatch) {
    assertThat(call.seen()).isBetween(0L, (long) startOf.length);
    assertThat(inBatch[(int) call.seen()]).as("a batch is seen whole").isFalse();
    for (int i = 0; i < call.seen(); i++) {
      assertThat(startOf[i]).as("what was seen had begun").isLessThan(call.end());
    }
  }

  /// There was a moment within the call when the entity was as the conflict says.
  private static void checkConflict(Call call, List<Logged> log, long[] startOf, long[] endOf) {
    assertThat(call.actual()).isNotEqualTo(call.expected());
    for (Logged event : log) {
      if (event.entity().equals(call.entity())) {
        int sequence = Math.toIntExact(event.sequence());
        if (event.clock() == call.actual()) {
          assertThat(startOf[sequence]).isLessThan(call.end());
        } else if (event.clock() == call.actual() + 1) {
          assertThat(endOf[sequence]).isGreaterThan(call.start());
        }
      }
    }
  }

  private List<Call> record(RandomGenerator random, List<Logged> log) throws Exception {
    Queue<Call> calls = new ConcurrentLinkedQueue<>();
    Path path = Files.createTempDirectory(directory, "store");
    StoreConfig config = StoreConfig.of(path).withSegmentBytes(StoreConfig.SEGMENT_BYTES_MIN);
    try (Store store = Store.open(config, Note.CATALOGUE)) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        RandomGenerator own = Randoms.seeded(random.nextLong());
        Runnable work = () -> new Caller(store, own, calls).run();
        threads.add(i % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.ofVirtual().start(work));
      }
      Waiting.join(threads);
      for (EventEntry entry : store.query(Region.all())) {
        log.add(new Logged(entry.sequence(), entry.entity(), entry.clock()));
      }
    }
    assertThat(calls).hasSize(THREADS * CALLS);
    return List.copyOf(calls);
  }

  /// One thread's calls.
  private static final class Caller {

    private final Store store;
    private final RandomGenerator random;
    private final Queue<Call> calls;
    private final Map<String, Long> clocks = new HashMap<>();

    Caller(Store store, RandomGenerator random, Queue<Call> calls) {
      this.store = store;
      this.random = random;
      this.calls = calls;
    }

    void run() {
      for (int i = 0; i < CALLS; i++) {
        String entity = "e" + random.nextInt(3);
        switch (random.nextInt(4)) {
          case 0 -> read();
          case 1 -> batch(entity);
          case 2 -> conditional(entity);
          default -> append(entity);
        }
      }
    }

    private void append(String entity) {
      long start = System.nanoTime();
      Receipt receipt = store.append(at(entity), note(), options());
      note(start, entity, ANY, NO_CONFLICT, List.of(receipt), -1);
    }

    private void batch(String entity) {
      var items = new ArrayList<NewEvent>();
      for (int i = random.nextInt(2, 6); i > 0; i--) {
        items.add(NewEvent.of(at(entity), note()));
      }
      long start = System.nanoTime();
      List<Receipt> receipts = store.appendBatch(items);
      note(start, entity, ANY, NO_CONFLICT, receipts, -1);
    }

    private void conditional(String entity) {
      long clock = clocks.getOrDefault(entity, -1L);
      Expected expected = clock < 0 ? Expected.noStream() : Expected.exactly(clock);
      long start = System.nanoTime();
      switch (store.appendIf(at(entity), note(), expected, options())) {
        case Receipt receipt -> note(start, entity, clock, NO_CONFLICT, List.of(receipt), -1);
        case Conflict.Revision conflict -> {
          long actual = conflict.actual() instanceof Expected.Exactly(long other) ? other : -1;
          clocks.put(entity, actual);
          note(start, entity, clock, actual, List.of(), -1);
        }
        case Refusal other -> throw new AssertionError(other);
      }
    }

    private void read() {
      long start = System.nanoTime();
      List<EventEntry> tail = store.query(Region.all()).backward().limit(8).toList();
      long seen = tail.isEmpty() ? 0 : tail.getFirst().sequence() + 1;
      note(start, "", ANY, NO_CONFLICT, List.of(), seen);
      for (int i = 0; i < tail.size(); i++) {
        assertThat(tail.get(i).sequence()).isEqualTo(seen - 1 - i);
        clocks.merge(tail.get(i).entity(), tail.get(i).clock(), Math::max);
      }
    }

    private void note(
        long start, String entity, long expected, long actual, List<Receipt> receipts, long seen) {
      long end = System.nanoTime();
      List<Long> sequences = receipts.stream().map(Receipt::sequence).toList();
      calls.add(new Call(start, end, entity, expected, actual, sequences, seen));
      receipts.forEach(receipt -> clocks.put(receipt.coordinate().entity(), receipt.clock()));
    }

    private static Coordinate at(String entity) {
      return Coordinate.of(entity, "s");
    }

    private Note note() {
      return new Note("x".repeat(random.nextInt(200)));
    }

    private AppendOptions options() {
      return random.nextInt(8) == 0 ? AppendOptions.durable() : AppendOptions.none();
    }
  }
}
