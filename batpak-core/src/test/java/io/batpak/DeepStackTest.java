package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.failure.DiskFailed;
import io.batpak.testing.Waiting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that an append at the end of the stack leaves a store that works or refuses, and a log
/// without harm. Would catch a commit that is cut off between two of its steps and goes unnoticed.
/// Deterministic: a dive tries the append in every fifth frame, the next dives in the others.
class DeepStackTest {

  private static final int DIVES = 36 * Integer.getInteger("batpak.runs", 1);

  /// Appends on a stack with room: what the platform links at a first call has been linked.
  private static final int WARM = 60;

  private static final int STRIDE = 5;
  private static final long STACK_BYTES = 1 << 18;

  @TempDir private Path directory;

  @Test
  void an_append_on_an_exhausted_stack_harms_nothing() throws InterruptedException {
    List<Receipt> receipts = new ArrayList<>();
    int refusals = 0;
    StoreConfig config = StoreConfig.of(directory).withSegmentBytes(1 << 16);
    Store store = Store.open(config, Note.CATALOGUE);
    try {
      for (int i = 0; i < WARM; i++) {
        receipts.addAll(new Dive(store, i).append());
      }
      for (int i = 0; i < DIVES; i++) {
        Dive dive = new Dive(store, i);
        dive.run();
        receipts.addAll(dive.receipts);
        if (dive.refused) {
          refusals++;
          store.close();
          store = Store.open(config, Note.CATALOGUE);
        }
      }
      receipts.add(store.append(Coordinate.of("e", "s"), new Note("last")));
    } finally {
      store.close();
    }

    assertThat(refusals).isLessThan(DIVES);
    try (Store reopened = Store.open(config, Note.CATALOGUE)) {
      Chains.verify(reopened);
      for (Receipt receipt : receipts) {
        assertThat(reopened.at(receipt.sequence()).id()).isEqualTo(receipt.id());
        assertThat(reopened.at(receipt.sequence()).hash()).isEqualTo(receipt.hash());
      }
    }
  }

  /// Goes down until the stack overflows, then tries the append in every fifth frame on the way up
  /// until one succeeds or is refused.
  private static final class Dive {

    private final Store store;
    private final int number;
    private final List<Receipt> receipts = new ArrayList<>();
    private int framesToNext;
    private boolean settled;
    private boolean refused;

    Dive(Store store, int number) {
      this.store = store;
      this.number = number;
      this.framesToNext = number % STRIDE;
    }

    void run() throws InterruptedException {
      var failure = new AtomicReference<@Nullable Throwable>();
      Thread diver =
          new Thread(
              null,
              () -> {
                try {
                  down();
                } catch (Throwable e) {
                  failure.set(e);
                }
              },
              "diver",
              STACK_BYTES);
      diver.start();
      Waiting.join(List.of(diver));
      assertThat(failure.get()).isNull();
    }

    @SuppressWarnings("InfiniteRecursion") // the overflow is what is wanted
    private void down() {
      try {
        down();
      } catch (StackOverflowError e) {
        assert !settled;
      }
      if (!settled && framesToNext-- == 0) {
        framesToNext = STRIDE - 1;
        attempt();
      }
    }

    private void attempt() {
      try {
        List<Receipt> answered = append();
        settled = true;
        receipts.addAll(answered);
      } catch (DiskFailed e) {
        settled = true;
        refused = true;
      }
    }

    private List<Receipt> append() {
      Coordinate coordinate = Coordinate.of("e" + number % 5, "s");
      Note note = new Note("n" + number + "x".repeat(500));
      AckLevel level = number % 2 == 0 ? AckLevel.VISIBLE : AckLevel.DURABLE;
      return number % 3 == 0
          ? store.appendBatch(
              List.of(NewEvent.of(coordinate, note), NewEvent.of(coordinate, note)), level)
          : List.of(store.append(coordinate, note, AppendOptions.none().level(level)));
    }
  }
}
