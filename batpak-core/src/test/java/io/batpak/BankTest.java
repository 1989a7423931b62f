package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.query.Query;
import io.batpak.query.Region;
import io.batpak.testing.Randoms;
import io.batpak.testing.Waiting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Proves that money is neither made nor lost by transfers under contention, nor by a process that
/// is killed and tries its transfers again. Would catch a lost update, an overdraft, half a
/// transfer, one made twice. Seed: random, printed; where a kill falls is up to the machine.
class BankTest {

  private static final int ACCOUNTS = 4;
  private static final long DEPOSIT = 100;
  private static final int THREADS = 6;

  @TempDir private Path directory;

  private static Coordinate account(int number) {
    return Coordinate.of("account:" + number, "bank");
  }

  private static Note cents(long cents) {
    return new Note(String.valueOf(cents));
  }

  private static Store open(Path directory) {
    return Store.open(StoreConfig.of(directory).withSegmentBytes(1 << 17), Note.CATALOGUE);
  }

  private static void deposit(Store store) {
    Outbox outbox = store.outbox();
    for (int i = 0; i < ACCOUNTS; i++) {
      outbox.add(account(i), cents(DEPOSIT));
    }
    assertThat(outbox.flush("deposit").allOrThrow()).hasSize(ACCOUNTS);
  }

  /// What an account holds, and which event that is as of.
  private record Balance(long cents, long clock) {

    static Balance of(Iterable<TypedEvent<Note>> events) {
      var balance = new Balance(0, -1);
      for (TypedEvent<Note> event : events) {
        balance =
            new Balance(
                balance.cents + Long.parseLong(event.payload().text()), event.entry().clock());
      }
      return balance;
    }

    Condition unchanged() {
      return clock < 0 ? Expected.noStream() : Expected.exactly(clock);
    }
  }

  /// How a transfer is made safe.
  enum Guard {
    /// Each event expects the clock that was read of its account.
    CLOCKS {
      @Override
      Optional<BatchAppended> attempt(Store store, int source, int target, long cents) {
        Balance from = Balance.of(store.query(region(source)).typed(Note.class));
        Balance to = Balance.of(store.query(region(target)).typed(Note.class));
        if (from.cents < cents) {
          return Optional.empty();
        }
        return Optional.of(
            store.appendBatchIf(
                List.of(
                    NewEvent.of(account(source), cents(-cents)).when(from.unchanged()),
                    NewEvent.of(account(target), cents(cents)).when(to.unchanged())),
                BatchOptions.none()));
      }
    },
    /// The batch expects that the read which decided is still true.
    READ {
      @Override
      Optional<BatchAppended> attempt(Store store, int source, int target, long cents) {
        Results read = store.query(Query.of(region(source)));
        if (Balance.of(read.typed(Note.class)).cents < cents) {
          return Optional.empty();
        }
        return Optional.of(
            store.appendBatchIf(
                List.of(
                    NewEvent.of(account(source), cents(-cents)),
                    NewEvent.of(account(target), cents(cents))),
                BatchOptions.none().when(read.unchanged())));
      }
    };

    private static Region region(int account) {
      return Region.entity(account(account).entity());
    }

    /// {@return the answer; empty if the account does not hold so much}
    abstract Optional<BatchAppended> attempt(Store store, int source, int target, long cents);
  }

  @ParameterizedTest
  @EnumSource(Guard.class)
  void transfers_under_contention_conserve_the_sum(Guard guard) {
    Randoms.each(
        1,
        (random, size) -> {
          Path path = directory.resolve("s" + random.nextInt(1 << 30));
          contend(random, path, guard, 150);
        });
  }

  private static void contend(RandomGenerator random, Path path, Guard guard, int transfers)
      throws InterruptedException {
    Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    var over = new AtomicBoolean();
    var conflicts = new AtomicInteger();
    try (Store store = open(path)) {
      deposit(store);
      Thread auditor = Thread.ofPlatform().start(() -> audit(store, over, wrong));
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        RandomGenerator own = Randoms.seeded(random.nextLong());
        Runnable work =
            () -> {
              try {
                for (int n = 0; n < transfers; n++) {
                  transfer(store, own, guard, conflicts);
                }
              } catch (Throwable e) {
                wrong.add(e);
              }
            };
        threads.add(i % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.startVirtualThread(work));
      }
      Waiting.join(threads);
      over.set(true);
      Waiting.join(List.of(auditor));
      assertThat(wrong).isEmpty();
      assertThat(store.end()).isGreaterThan(ACCOUNTS + (long) transfers);
      assertThat(conflicts.get()).as("there was contention").isPositive();
      assertNeverOverdrawn(store);
      Chains.verify(store);
    }
  }

  private static void transfer(
      Store store, RandomGenerator random, Guard guard, AtomicInteger conflicts) {
    int source = random.nextInt(ACCOUNTS);
    int target = (source + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
    long cents = random.nextLong(1, 61);
    while (true) {
      Optional<BatchAppended> answer = guard.attempt(store, source, target, cents);
      if (answer.isEmpty() || answer.get() instanceof BatchAppended.Receipts) {
        return;
      }
      assertThat(answer.get()).isInstanceOf(Conflict.class);
      conflicts.incrementAndGet();
    }
  }

  /// Sees the same sum at every moment.
  private static void audit(Store store, AtomicBoolean over, Queue<Throwable> wrong) {
    try {
      while (!over.get()) {
        long sum = 0;
        for (Note note : store.query(Region.namespace("account")).payloads(Note.class)) {
          sum += Long.parseLong(note.text());
        }
        assertThat(sum).isEqualTo(ACCOUNTS * DEPOSIT);
      }
    } catch (Throwable e) {
      wrong.add(e);
    }
  }

  private static void assertNeverOverdrawn(Store store) {
    Map<String, Long> balances = new TreeMap<>();
    for (TypedEvent<Note> event : store.query(Region.all()).typed(Note.class)) {
      long cents = Long.parseLong(event.payload().text());
      assertThat(balances.merge(event.entry().entity(), cents, Long::sum)).isNotNegative();
    }
    assertThat(balances.values().stream().mapToLong(cents -> cents).sum())
        .isEqualTo(ACCOUNTS * DEPOSIT);
  }

  private static final int ROUNDS = 3;
  private static final int LINES_MAX = 400;
  private static final int PAYERS = 3;

  /// How far back a process goes that takes over: to transfers that were certainly made.
  private static final int TRIED_AGAIN = 10;

  /// The first transfer of each payer that nobody has acknowledged.
  private final int[] next = new int[PAYERS];

  @Test
  void a_process_that_is_killed_makes_each_transfer_once() {
    Randoms.each(
        1,
        (random, size) -> {
          try (Store store = open(directory)) {
            deposit(store);
          }
          for (int round = 0; round < ROUNDS; round++) {
            runAndKill(1 + random.nextInt(LINES_MAX));
            assertEachOnce();
          }
        });
  }

  private void runAndKill(int stop) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                directory.toString()));
    for (int first : next) {
      command.add(String.valueOf(Math.max(0, first - TRIED_AGAIN)));
    }
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    int count = 0;
    try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.endsWith(";")) {
          String[] made = line.substring(0, line.length() - 1).split("-", 2);
          int payer = Integer.parseInt(made[0]);
          next[payer] = Math.max(next[payer], Integer.parseInt(made[1]) + 1);
        }
        if (++count == stop) {
          // Not through the process itself, which would close the stream that is read here.
          var _ = child.toHandle().destroyForcibly();
        }
      }
    }
    assertThat(count).isGreaterThanOrEqualTo(stop);
    Waiting.until("the child has ended", () -> !child.isAlive());
  }

  private void assertEachOnce() {
    try (Store store = open(directory)) {
      Chains.verify(store.query(Query.of(Region.all(), Region.all().category(0))), store.end());
      Set<String> keys = new HashSet<>();
      long sum = 0;
      int events = 0;
      for (StoredEvent event : store.query(Region.all()).events()) {
        event
            .header()
            .key()
            .ifPresent(key ->
                assertThat(keys.add(new String(key.toByteArray(), StandardCharsets.UTF_8)))
                    .as("the key %s stands once", key)
                    .isTrue());
        sum += Long.parseLong(store.at(event.header().sequence()).payload(Note.class).text());
        events++;
      }
      assertThat(sum).isEqualTo(ACCOUNTS * DEPOSIT);
      assertThat(events).isEqualTo(ACCOUNTS + 2 * (keys.size() - 1));
      for (int payer = 0; payer < PAYERS; payer++) {
        for (int number = 0; number < next[payer]; number++) {
          assertThat(keys).contains(payer + "-" + number);
        }
      }
    }
  }

  /// The process that is killed: several payers, who print what was acknowledged.
  static final class Child {

    private Child() {}

    public static void main(String[] arguments) {
      Store store = open(Path.of(arguments[0]));
      for (int i = 0; i < PAYERS; i++) {
        int payer = i;
        int first = Integer.parseInt(arguments[1 + i]);
        Runnable work = () -> pay(store, payer, first);
        var _ = Thread.ofPlatform().start(work);
      }
    }

    private static void pay(Store store, int payer, int first) {
      for (int number = first; number < 100_000; number++) {
        String key = payer + "-" + number;
        RandomGenerator random = Randoms.seeded(key.hashCode());
        int source = random.nextInt(ACCOUNTS);
        int target = (source + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
        long cents = random.nextLong(1, 61);
        boolean durable = number % 4 == 0;
        while (!(transfer(store, key, source, target, cents, durable)
            instanceof BatchAppended.Receipts)) {
          Thread.onSpinWait();
        }
        PrintStream out = System.out;
        synchronized (out) {
          out.println(key + ";");
          out.flush();
        }
      }
    }

    private static BatchAppended transfer(
        Store store, String key, int source, int target, long cents, boolean durable) {
      BatchOptions options = BatchOptions.none().key(key);
      return store.appendBatchIf(
          List.of(
              NewEvent.of(account(source), cents(-cents)).when(last(store, source)),
              NewEvent.of(account(target), cents(cents)).when(last(store, target))),
          durable ? options.level(io.batpak.config.AckLevel.DURABLE) : options);
    }

    private static Condition last(Store store, int account) {
      return store
          .entity(account(account).entity())
          .backward()
          .first()
          .<Condition>map(entry -> Expected.exactly(entry.clock()))
          .orElseGet(Expected::noStream);
    }
  }
}
