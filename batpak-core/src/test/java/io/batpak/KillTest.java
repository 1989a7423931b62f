package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.testing.Randoms;
import io.batpak.testing.Waiting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that what a process acknowledged is there after it was killed, again and again. Would
/// catch a write that is answered before it is made, a recovery that cuts too much. Seed: random,
/// printed; where in the work the kill falls is up to the machine besides.
class KillTest {

  private static final int ROUNDS = 4;
  private static final int LINES_MAX = 2_000;

  @TempDir private Path directory;

  /// What was acknowledged: sequence to payload text.
  private final TreeMap<Long, String> acknowledged = new TreeMap<>();

  @Test
  void everything_acknowledged_survives_being_killed() {
    Randoms.each(
        1,
        (random, size) -> {
          for (int round = 0; round < ROUNDS * Integer.getInteger("batpak.runs", 1); round++) {
            runAndKill(random, round);
            checkAll();
          }
        });
  }

  private void runAndKill(RandomGenerator random, int round) throws IOException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                directory.toString(),
                String.valueOf(round))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int stop = random.nextInt(1, LINES_MAX);
    try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
      List<String> read = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        read.add(line);
        if (read.size() == stop) {
          // Not through the process itself, which would close the stream that is read here.
          var _ = child.toHandle().destroyForcibly();
        }
      }
      assertThat(read).hasSizeGreaterThanOrEqualTo(stop);
      note(read);
    }
    Waiting.until("the child has ended", () -> !child.isAlive());
  }

  /// The last line may be cut.
  private void note(List<String> lines) {
    for (String line : lines) {
      if (line.endsWith(";")) {
        int space = line.indexOf(' ');
        String text = line.substring(space + 1, line.length() - 1);
        assertThat(acknowledged.put(Long.parseLong(line.substring(0, space)), text)).isNull();
      }
    }
  }

  private void checkAll() {
    try (Store store = open(directory)) {
      Chains.verify(store);
      assertThat(store.end()).isGreaterThan(acknowledged.lastKey());
      acknowledged.forEach((sequence, text) ->
          assertThat(store.at(sequence).payload(Note.class).text()).isEqualTo(text));
    }
  }

  private static Store open(Path directory) {
    return Store.open(StoreConfig.of(directory).withSegmentBytes(1 << 17), Note.CATALOGUE);
  }

  /// The process that is killed: appends from several threads and prints what was acknowledged.
  static final class Child {

    private Child() {}

    public static void main(String[] arguments) {
      String round = arguments[1];
      Store store = open(Path.of(arguments[0]));
      for (int i = 0; i < 3; i++) {
        String name = "r" + round + "t" + i;
        var _ = Thread.ofPlatform().start(() -> append(store, name));
      }
    }

    private static void append(Store store, String name) {
      for (int i = 0; i < 100_000; i++) {
        Coordinate coordinate = Coordinate.of("e" + i % 7, "s");
        String text = name + "n" + i + "x".repeat(i % 300);
        switch (i % 5) {
          case 0 ->
              acknowledge(store.append(coordinate, new Note(text), AppendOptions.durable()), text);
          case 1 -> {
            List<Receipt> receipts =
                store.appendBatch(
                    List.of(
                        NewEvent.of(coordinate, new Note(text + "a")),
                        NewEvent.of(coordinate, new Note(text + "b"))));
            acknowledge(receipts.getFirst(), text + "a");
            acknowledge(receipts.getLast(), text + "b");
          }
          default -> acknowledge(store.append(coordinate, new Note(text)), text);
        }
      }
    }

    private static void acknowledge(Receipt receipt, String text) {
      PrintStream out = System.out;
      synchronized (out) {
        out.println(receipt.sequence() + " " + text + ";");
        out.flush();
      }
    }
  }
}
