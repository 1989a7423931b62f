package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.WriteHistory.Answer;
import io.batpak.WriteHistory.Blocked;
import io.batpak.WriteHistory.Call;
import io.batpak.WriteHistory.Clock;
import io.batpak.WriteHistory.Fenced;
import io.batpak.WriteHistory.Free;
import io.batpak.WriteHistory.NoTag;
import io.batpak.WriteHistory.Read;
import io.batpak.WriteHistory.Refused;
import io.batpak.WriteHistory.Rule;
import io.batpak.WriteHistory.Wrote;
import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.failure.FenceActive;
import io.batpak.query.Query;
import io.batpak.query.Region;
import io.batpak.testing.Randoms;
import io.batpak.testing.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that conditions on queries, keys, batches, submissions and fences are linearizable beside
/// each other: the order of the log explains every answer. Would catch a write skew, a key that is
/// answered twice, a glimpse of a fence. Seed: random, printed; broken histories are rejected.
class WriteHistoryTest {

  private static final int THREADS = 6;
  private static final int CALLS = 150;
  private static final int TAGS = 4;
  private static final int KEYS = 40;

  @TempDir private Path directory;

  @Test
  void recorded_histories_are_linearizable() {
    Randoms.each(4, (random, size) -> record(random).check());
  }

  @Test
  void the_histories_have_something_of_everything() throws Exception {
    List<Call> calls = record(Randoms.seeded(5)).calls();

    List<Predicate<Answer>> sorts =
        List.of(
            answer -> answer instanceof Wrote wrote && wrote.rule() instanceof NoTag,
            answer -> answer instanceof Wrote wrote && wrote.rule() instanceof Clock,
            answer -> answer instanceof Wrote wrote && wrote.sequences().size() > 1,
            answer -> answer instanceof Wrote wrote && !wrote.key().isEmpty(),
            answer -> answer instanceof Refused,
            answer -> answer instanceof Blocked,
            answer -> answer instanceof Fenced fenced && fenced.committed(),
            answer -> answer instanceof Fenced fenced && !fenced.committed(),
            answer -> answer instanceof Read read && !read.seen().isEmpty());
    for (Predicate<Answer> sort : sorts) {
      assertThat(calls).anyMatch(call -> sort.test(call.answer()));
    }
  }

  @Test
  void broken_histories_are_rejected() throws Exception {
    WriteHistory good = record(Randoms.seeded(3));
    good.check();

    rejected(good, NoTag.class, rule -> new NoTag(rule.tag(), 0), "a write skew");
    rejected(good, Clock.class, rule -> new Clock(rule.entity(), rule.expected() + 1), "a clock");
    rejected(
        good,
        Refused.class,
        refused -> new Refused(refused.rule(), refused.rule().from() - 1),
        "a conflict with an event that does not count");
    rejected(
        good,
        Refused.class,
        refused -> new Refused(new NoTag(refused.rule().tag(), 1 << 30), refused.culprit()),
        "a conflict with nothing");
    rejected(
        good,
        Read.class,
        read -> new Read(read.tag(), read.until(), read.seen().reversed().subList(0, 1)),
        "a read that misses something");
    rejected(good, Read.class, read -> new Read(read.tag(), 0, List.of()), "a stale read");
    rejected(
        good,
        Fenced.class,
        fenced -> new Fenced(fenced.begin(), fenced.sequences(), !fenced.committed()),
        "a fence that ended otherwise");
    rejectedOutOfTime(good);
    rejectedKey(good);
    rejectedGlimpse(good);
  }

  /// The last one of a sort that has something to lose is changed.
  private static <T> void rejected(
      WriteHistory good, Class<T> sort, java.util.function.UnaryOperator<T> change, String what) {
    Call call =
        last(
            good,
            other ->
                sort.isInstance(other.answer())
                        && !(other.answer() instanceof Read read && read.seen().size() < 2)
                    || other.answer() instanceof Wrote wrote
                        && sort.isInstance(wrote.rule())
                        && wrote.key().isEmpty());
    Answer broken =
        call.answer() instanceof Wrote wrote
            ? new Wrote(
                wrote.sequences(), (Rule) change.apply(sort.cast(wrote.rule())), wrote.key())
            : (Answer) change.apply(sort.cast(call.answer()));
    rejected(good, call, new Call(call.start(), call.end(), broken), what);
  }

  private static void rejected(WriteHistory good, Call call, Call broken, String what) {
    assertThatThrownBy(() -> good.with(call, broken).check())
        .as(what)
        .isInstanceOf(AssertionError.class);
  }

  private static Call last(WriteHistory history, Predicate<Call> wanted) {
    return history.calls().stream()
        .sorted(java.util.Comparator.comparingLong(Call::end).reversed())
        .filter(wanted)
        .findFirst()
        .orElseThrow();
  }

  private static void rejectedOutOfTime(WriteHistory good) {
    Call wrote = last(good, call -> call.answer() instanceof Wrote other && other.key().isEmpty());
    rejected(good, wrote, new Call(0, 1, wrote.answer()), "an answer before its time");
    Call blocked = last(good, call -> call.answer() instanceof Blocked);
    rejected(good, blocked, new Call(0, 1, new Blocked()), "a fence that was not there");
  }

  private static void rejectedKey(WriteHistory good) {
    Call keyed = last(good, call -> call.answer() instanceof Wrote wrote && !wrote.key().isEmpty());
    Wrote wrote = (Wrote) keyed.answer();
    long other = wrote.sequences().getFirst() - 1;
    rejected(
        good,
        keyed,
        new Call(keyed.start(), keyed.end(), new Wrote(List.of(other), wrote.rule(), wrote.key())),
        "a key that is answered with another event");
  }

  private static void rejectedGlimpse(WriteHistory good) {
    Call fenced = last(good, call -> call.answer() instanceof Fenced other && other.committed());
    long within = ((Fenced) fenced.answer()).sequences().getFirst() + 1;
    List<Long> seen = new ArrayList<>();
    for (int i = 0; i < within; i++) {
      if (good.log().get(i).shown() && good.log().get(i).tags().contains("t:0")) {
        seen.add((long) i);
      }
    }
    var glimpse = new Call(fenced.start(), fenced.end(), new Read("t:0", within, seen));
    List<Call> calls = new ArrayList<>(good.calls());
    calls.add(glimpse);
    assertThatThrownBy(() -> new WriteHistory(calls, good.log()).check())
        .as("a glimpse of a fence")
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void of_two_who_decide_by_the_same_read_one_wins() throws Exception {
    int rounds = 60;
    var start = new CyclicBarrier(2);
    Queue<Receipt> won = new ConcurrentLinkedQueue<>();
    Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    try (Store store = Store.open(StoreConfig.of(directory), Note.CATALOGUE)) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        int own = i;
        Runnable work =
            () -> {
              try {
                for (int round = 0; round < rounds; round++) {
                  withdraw(store, start, round, own, won);
                }
              } catch (Throwable e) {
                wrong.add(e);
              }
            };
        threads.add(i == 0 ? Thread.ofPlatform().start(work) : Thread.startVirtualThread(work));
      }
      Waiting.join(threads);

      assertThat(wrong).isEmpty();
      assertThat(won).hasSize(rounds);
      assertThat(store.end()).isEqualTo(rounds);
    }
  }

  /// One unit lies on two accounts together. Each thread reads both and takes it from its own.
  private static void withdraw(
      Store store, CyclicBarrier start, int round, int own, Queue<Receipt> won) throws Exception {
    Query both =
        Query.of(
            Region.entity("account:" + round + ":0"), Region.entity("account:" + round + ":1"));
    start.await();
    Results read = store.query(both);
    boolean left = read.count() == 0;
    start.await();
    assertThat(left).isTrue();
    Appended answer =
        store.appendIf(
            Coordinate.of("account:" + round + ":" + own, "s"),
            new Note("withdrawn"),
            read.unchanged());
    if (answer instanceof Receipt receipt) {
      won.add(receipt);
    }
  }

  private WriteHistory record(RandomGenerator random) throws Exception {
    Queue<Call> calls = new ConcurrentLinkedQueue<>();
    Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    Path path = Files.createTempDirectory(directory, "store");
    StoreConfig config = StoreConfig.of(path).withSegmentBytes(StoreConfig.SEGMENT_BYTES_MIN);
    try (Store store = Store.open(config, Note.CATALOGUE)) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        RandomGenerator own = Randoms.seeded(random.nextLong());
        Runnable work =
            () -> {
              try {
                new Caller(store, own, calls).run();
              } catch (Throwable e) {
                wrong.add(e);
              }
            };
        threads.add(i % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.startVirtualThread(work));
      }
      Waiting.join(threads);
      assertThat(wrong).isEmpty();
      return WriteHistory.of(List.copyOf(calls), store);
    }
  }

  /// One thread's calls.
  private static final class Caller {

    private final Store store;
    private final RandomGenerator random;
    private final Queue<Call> calls;

    Caller(Store store, RandomGenerator random, Queue<Call> calls) {
      this.store = store;
      this.random = random;
      this.calls = calls;
    }

    void run() {
      for (int i = 0; i < CALLS; i++) {
        long start = System.nanoTime();
        try {
          step(start);
        } catch (FenceActive e) {
          calls.add(new Call(start, System.nanoTime(), new Blocked()));
          Waiting.until("everything written can be seen", this::withoutFence);
        }
      }
    }

    private boolean withoutFence() {
      Frontier now = store.frontier();
      return now.visible().end() == now.written().end();
    }

    private void step(long start) {
      switch (random.nextInt(40)) {
        case 0, 1, 2, 3 -> read(start);
        case 4, 5, 6, 7, 8, 9, 10, 11, 12 -> byTag(start);
        case 13, 14, 15, 16, 17 -> byClock(start);
        case 18, 19, 20, 21, 22 -> keyed(start);
        case 23, 24, 25, 26, 27 -> batch(start);
        case 28, 29, 30, 31, 32 -> {
          Ticket ticket = store.submit(event());
          wrote(start, List.of(ticket.await().orThrow()), new Free(), "");
        }
        case 33 -> fence(start);
        default -> wrote(start, List.of(store.appendIf(event()).orThrow()), new Free(), "");
      }
    }

    private NewEvent event() {
      Coordinate at = Coordinate.of("e" + random.nextInt(3), "s");
      AppendOptions options = AppendOptions.none().tag(tag());
      return NewEvent.of(at, new Note("x".repeat(random.nextInt(200))))
          .options(
              random.nextInt(10) == 0 ? options.level(io.batpak.config.AckLevel.DURABLE) : options);
    }

    private String tag() {
      return "t:" + random.nextInt(TAGS);
    }

    private Results read(long start) {
      String tag = tag();
      Results results = store.query(Region.all().tag(tag));
      List<Long> seen = results.stream().map(EventEntry::sequence).toList();
      calls.add(new Call(start, System.nanoTime(), new Read(tag, results.end(), seen)));
      return results;
    }

    private void byTag(long before) {
      Results results = read(before);
      Condition.NoneMatches condition = (Condition.NoneMatches) results.unchanged();
      String tag = condition.query().regions().getFirst().tags().getFirst();
      var rule = new NoTag(tag, condition.from());
      long start = System.nanoTime();
      NewEvent event = event().options(AppendOptions.none().tag(tag)).when(condition);
      Appended answer = random.nextBoolean() ? store.appendIf(event) : store.submit(event).await();
      switch (answer) {
        case Receipt receipt -> wrote(start, List.of(receipt), rule, "");
        case Conflict.Match match ->
            calls.add(new Call(start, System.nanoTime(), new Refused(rule, match.sequence())));
        case Refusal other -> throw new AssertionError(other);
      }
    }

    private void byClock(long start) {
      NewEvent event = event();
      String entity = event.coordinate().entity();
      long clock = store.entity(entity).backward().first().map(EventEntry::clock).orElse(-1L);
      Expected expected = clock < 0 ? Expected.noStream() : Expected.exactly(clock);
      if (store.appendIf(event.when(expected)) instanceof Receipt receipt) {
        wrote(start, List.of(receipt), new Clock(entity, clock), "");
      }
    }

    private void keyed(long start) {
      int number = random.nextInt(KEYS);
      NewEvent event =
          NewEvent.of(Coordinate.of("k" + number % 3, "s"), new Note("n" + number))
              .key("k" + number);
      Appended answer = random.nextBoolean() ? store.appendIf(event) : store.submit(event).await();
      wrote(start, List.of(answer.orThrow()), new Free(), "k" + number);
    }

    private void batch(long start) {
      NewEvent event = event();
      NewEvent plain = event.options(AppendOptions.none().tag(tag()));
      List<Receipt> receipts = store.appendBatch(Collections.nCopies(random.nextInt(2, 5), plain));
      wrote(start, receipts, new Free(), "");
    }

    private void fence(long start) {
      try (VisibilityFence fence = store.fence(Duration.ofMinutes(1))) {
        var begin = new Call(start, System.nanoTime(), new Blocked());
        List<Long> held = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
          long before = System.nanoTime();
          Receipt receipt = fence.appendIf(event()).orThrow();
          held.add(receipt.sequence());
          wrote(before, List.of(receipt), new Free(), "");
        }
        boolean commits = random.nextBoolean();
        long end = System.nanoTime();
        if (commits) {
          assertThat(fence.commit()).isEqualTo(VisibilityFence.End.VISIBLE);
        } else {
          fence.cancel();
        }
        calls.add(new Call(end, System.nanoTime(), new Fenced(begin, held, commits)));
      }
    }

    private void wrote(long start, List<Receipt> receipts, Rule rule, String key) {
      long end = System.nanoTime();
      List<Long> sequences = receipts.stream().map(Receipt::sequence).toList();
      calls.add(new Call(start, end, new Wrote(sequences, rule, key)));
    }
  }
}
