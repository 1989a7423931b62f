package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.event.EventId;
import io.batpak.failure.Closed;
import io.batpak.query.Region;
import io.batpak.testing.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that close ends everything that open began, whatever goes on meanwhile. Would catch a
/// thread, a mapping or a file that stays, an acknowledged event that does not, an untyped answer.
/// Deterministic but for the interleaving of the loaded cases.
class CloseTest {

  @TempDir private Path directory;

  @Test
  void no_thread_no_mapping_and_no_file_stays() throws IOException {
    try (Store store = open()) {
      for (int i = 0; i < 300; i++) {
        var _ = store.append(Coordinate.of("e", "s"), new Note("x".repeat(1_000)));
      }
      assertThat(threads()).isNotEmpty();
      var _ = store.query(Region.all()).count();
    }

    assertThat(threads()).isEmpty();
    Path maps = Path.of("/proc/self/maps");
    assumeThat(Files.exists(maps)).as("the system tells of mappings").isTrue();
    assertThat(Files.readString(maps)).doesNotContain(directory.toString());
    assertThat(openFiles()).noneMatch(file -> file.startsWith(directory.toString()));
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("batpak-"))
        .toList();
  }

  private static List<String> openFiles() throws IOException {
    List<String> files = new ArrayList<>();
    try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors) {
        if (Files.exists(descriptor) && Files.isSymbolicLink(descriptor)) {
          files.add(Files.readSymbolicLink(descriptor).toString());
        }
      }
    }
    return files;
  }

  @Test
  void everything_answers_closed_afterwards() {
    Store store = open();
    var id = store.append(Coordinate.of("e", "s"), new Note("n")).id();
    EventEntry entry = store.at(0);
    Results results = store.query(Region.all());
    var walk = results.iterator();
    store.close();

    assertClosed(() -> store.append(Coordinate.of("e", "s"), new Note("n")));
    assertClosed(() -> store.append(Coordinate.of("e", "s"), Note.raw("n"), AppendOptions.none()));
    assertClosed(
        () -> store.append(Coordinate.of("e", "s"), new Note(""), AppendOptions.durable()));
    assertClosed(() -> store.appendIf(Coordinate.of("e", "s"), new Note("n"), Expected.any()));
    assertClosed(
        () -> store.appendBatch(List.of(NewEvent.of(Coordinate.of("e", "s"), new Note("n")))));
    assertClosed(() -> results.toList());
    assertClosed(() -> results.count());
    assertClosed(() -> results.first());
    assertClosed(() -> walk.next().event());
    assertClosed(() -> store.get(id));
    assertClosed(() -> store.get(new EventId(1, 1)));
    assertClosed(() -> store.at(0));
    assertClosed(() -> store.end());
    assertClosed(() -> store.durableEnd());
    assertClosed(() -> store.sync());
    assertClosed(() -> entry.event());
    assertClosed(() -> entry.decode());
    assertClosed(() -> entry.payload(Note.class));
    assertClosed(() -> entry.entity());
    assertClosed(() -> entry.clock());
    assertClosed(() -> entry.hash());
  }

  @Test
  void entries_of_sealed_segments_answer_closed_afterwards() {
    fillAndClose();
    Store store = open();
    EventEntry entry = store.at(0);
    var walk = store.query(Region.all()).iterator();
    store.close();

    assertClosed(() -> entry.id());
    assertClosed(() -> entry.hlc());
    assertClosed(() -> entry.kind());
    assertClosed(() -> entry.entity());
    assertClosed(() -> entry.scope());
    assertClosed(() -> entry.coordinate());
    assertClosed(() -> entry.clock());
    assertClosed(() -> entry.hash());
    assertClosed(() -> walk.next().id());
  }

  private void assertClosed(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Closed.class, closed -> assertThat(closed.directory()).isEqualTo(directory))
        .hasMessageContaining(directory.toString());
  }

  @Test
  void a_second_close_does_nothing() {
    Store store = open();
    store.close();
    assertThatCode(store::close).doesNotThrowAnyException();
    LogReader reader = LogReader.open(directory);
    reader.close();
    assertThatCode(reader::close).doesNotThrowAnyException();
  }

  @Test
  void opening_and_closing_leaves_no_segment_and_no_event() throws IOException {
    open().close();
    assertThat(names()).containsExactly("store.id", "store.lock");
    fillAndClose();
    List<String> before = names();
    long end;
    try (Store store = open()) {
      end = store.end();
    }
    for (int i = 0; i < 3; i++) {
      open().close();
    }
    assertThat(names()).isEqualTo(before).noneMatch(name -> name.endsWith(".next"));
    try (Store store = open()) {
      assertThat(store.end()).isEqualTo(end);
    }
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  void under_load_each_append_is_acknowledged_and_kept_or_closed() throws InterruptedException {
    for (int round = 0; round < 8; round++) {
      closeUnderLoad(round);
    }
  }

  private void closeUnderLoad(int round) throws InterruptedException {
    Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();
    Queue<Throwable> strange = new ConcurrentLinkedQueue<>();
    var working = new AtomicInteger();
    Store store = open();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int number = i;
      Runnable work =
          () ->
              untilClosed(
                  strange,
                  () -> {
                    receipts.add(append(store, number));
                    working.incrementAndGet();
                  });
      threads.add(i < 3 ? Thread.ofPlatform().start(work) : Thread.ofVirtual().start(work));
    }
    threads.add(
        Thread.ofPlatform()
            .start(() ->
                untilClosed(
                    strange,
                    () -> {
                      for (StoredEvent event : store.query(Region.all()).backward().events()) {
                        assertThat(event.payload()).isNotEmpty();
                      }
                    })));
    Waiting.until("the writers are at work", () -> working.get() > 20 * (round + 1));
    store.close();
    Waiting.join(threads);

    assertThat(strange).isEmpty();
    try (Store reopened = open()) {
      Chains.verify(reopened);
      for (Receipt receipt : receipts) {
        assertThat(reopened.at(receipt.sequence()).id()).isEqualTo(receipt.id());
      }
    }
  }

  private static Receipt append(Store store, int number) {
    return store.append(
        Coordinate.of("e" + number, "s"),
        new Note("x".repeat(700)),
        number % 2 == 0 ? AppendOptions.none() : AppendOptions.durable());
  }

  private static void untilClosed(Queue<Throwable> strange, Runnable step) {
    try {
      while (true) {
        step.run();
      }
    } catch (Closed e) {
      // What is wanted: the loop has no other end.
      assert e.directory() != null;
    } catch (Throwable e) {
      strange.add(e);
    }
  }

  private void fillAndClose() {
    try (Store store = open()) {
      for (int i = 0; i < 200; i++) {
        var _ = store.append(Coordinate.of("e" + i % 3, "s"), new Note("x".repeat(1_000)));
      }
      Waiting.until(
          "a segment has a footer",
          () -> {
            try (LogReader reader = LogReader.open(directory)) {
              return reader.openReport().sealedSegments() > 0;
            }
          });
    }
  }

  private Store open() {
    return Store.open(
        StoreConfig.of(directory).withSegmentBytes(StoreConfig.SEGMENT_BYTES_MIN), Note.CATALOGUE);
  }
}
