package io.batpak.cli;

import io.batpak.LogReader;
import io.batpak.StoredEvent;
import io.batpak.query.Region;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Prints the last events, and those to come until it is interrupted or nobody reads any more.
///
/// One who only looks sees the log as it was when it was opened, so it is opened again and again;
/// that costs as much as the last segment is long.
final class Tail {

  private static final long COUNT = 10;
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final Arguments arguments;
  private final PrintStream out;
  private long next = -1;

  private Tail(Arguments arguments, PrintStream out) {
    this.arguments = arguments;
    this.out = out;
  }

  static int run(List<String> words, PrintStream out) {
    Arguments arguments = Arguments.parse(words, Set.of("--follow", "-f"), Set.of("-n"));
    long count = arguments.count("-n", COUNT);
    var tail = new Tail(arguments, out);
    tail.print(count);
    if (arguments.has("--follow") || arguments.has("-f")) {
      tail.follow();
    }
    return Status.FINE;
  }

  private void follow() {
    while (!out.checkError()) {
      try {
        // Another process writes, and nothing tells this one: it looks again and again.
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        // asked to end
        return;
      }
      print(0);
    }
  }

  /// Prints what is new.
  ///
  /// @param count how many of those that were there before, the first time
  private void print(long count) {
    try (LogReader reader = LogReader.open(arguments.directory())) {
      if (next < 0) {
        next = Math.max(0, reader.end() - count);
      }
      if (next >= reader.end()) {
        return;
      }
      for (StoredEvent event : reader.query(Region.all()).from(next).events()) {
        out.println(EventLine.text(event));
        next = event.header().sequence() + 1;
      }
    }
  }
}
