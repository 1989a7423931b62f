package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.event.Coordinate;
import io.batpak.failure.FenceActive;
import io.batpak.query.Region;
import io.batpak.testing.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that every call that may block is fit for virtual threads: with one carrier for all of
/// them they all make progress. Would catch a call that holds its carrier while it waits for
/// another virtual thread. Deterministic but for the interleaving.
class FewCarriersTest {

  @TempDir private Path directory;

  @Test
  void everything_makes_progress_on_one_carrier() throws IOException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-ea",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djdk.virtualThreadScheduler.parallelism=1",
                "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Waiting.until("the child has ended", () -> !child.isAlive());

    assertThat(output).isEqualTo("done");
    assertThat(child.exitValue()).isZero();
    try (Store store = Store.open(StoreConfig.of(directory), Note.CATALOGUE)) {
      assertThat(store.query(Region.namespace("v")).count())
          .isEqualTo((long) Child.THREADS * Child.EVENTS);
    }
  }

  /// The process with one carrier.
  static final class Child {

    static final int THREADS = 60;
    static final int EVENTS = 9;

    private static final Duration LONG = Duration.ofMinutes(5);

    private Child() {}

    public static void main(String[] arguments) throws InterruptedException {
      StoreConfig config =
          StoreConfig.of(Path.of(arguments[0]))
              .withQueueCapacity(StoreConfig.QUEUE_CAPACITY_MIN)
              .withSync(SyncPolicy.bounded(Duration.ofMillis(1), 1 << 16));
      var ticks = new AtomicLong();
      var over = new AtomicBoolean();
      try (Store store = Store.open(config, Note.CATALOGUE)) {
        Thread ticker =
            Thread.startVirtualThread(() -> {
              while (!over.get()) {
                ticks.incrementAndGet();
                Waiting.pause();
              }
            });
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          int number = i;
          threads.add(Thread.startVirtualThread(() -> everything(store, number)));
        }
        Waiting.join(threads);
        over.set(true);
        Waiting.join(List.of(ticker));
      }
      System.out.print(ticks.get() > 2 ? "done" : "the ticker stood still");
    }

    private static void everything(Store store, int number) {
      Coordinate at = Coordinate.of("v:" + number, "s");
      retry(() -> store.append(at, new Note("visible")));
      retry(() -> store.append(at, new Note("durable"), AppendOptions.durable()));
      retry(() -> store.submit(at, new Note("submitted")).await());
      NewEvent durable = NewEvent.of(at, new Note("n")).options(AppendOptions.durable());
      retry(() -> store.submit(durable).stage().toCompletableFuture().join());
      retry(() ->
          store.appendBatch(
              List.of(NewEvent.of(at, new Note("1")), NewEvent.of(at, new Note("2"))),
              AckLevel.DURABLE));
      retry(() -> {
        try (VisibilityFence fence = store.fence(LONG)) {
          var _ = fence.append(at, new Note("fenced"));
          return fence.commit();
        }
      });
      retry(() -> store.appendIf(NewEvent.of(at, new Note("keyed")).key("k" + number)));
      Receipt last = retry(() -> store.append(at, new Note("last")));
      require(store.await(last, AckLevel.DURABLE, LONG) instanceof Awaited.Reached);
      require(store.awaitDurable(last.sequence(), LONG) instanceof Awaited.Reached);
      store.sync();
      require(store.entity(at.entity()).count() == EVENTS);
    }

    private static void require(boolean holds) {
      if (!holds) {
        throw new AssertionError("not as it must be");
      }
    }

    /// Tries again while somebody else's fence is active.
    private static <T> T retry(java.util.function.Supplier<T> write) {
      while (true) {
        try {
          return write.get();
        } catch (FenceActive e) {
          Waiting.pause();
        } catch (java.util.concurrent.CompletionException e) {
          require(e.getCause() instanceof FenceActive);
          Waiting.pause();
        }
      }
    }
  }
}
