package io.batpak.examples.zones;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;

/// How far something has come: a bar on a terminal, a line at each quarter elsewhere.
final class Progress {

  private static final int BAR_CHARS = 30;
  private static final long REDRAW_NANOS = 50_000_000;

  private final PrintStream out;
  private final boolean terminal;
  private final long first;
  private final long total;
  private final long startNanos = System.nanoTime();
  private long drawnNanos;
  private long quarter;

  Progress(PrintStream out, long first, long total) {
    this.out = out;
    this.terminal =
        out.equals(System.out)
            && Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    this.first = first;
    this.total = total;
    this.drawnNanos = startNanos;
    this.quarter = first * 4 / Math.max(1, total) + 1;
  }

  /// Tells how much is done.
  void at(long done) {
    if (terminal) {
      long now = System.nanoTime();
      if (now - drawnNanos >= REDRAW_NANOS || done == total) {
        drawnNanos = now;
        out.print("\r   " + bar(done) + " " + counts(done));
        out.print(done == total ? "\n" : "");
        out.flush();
      }
    } else if (done * 4 >= quarter * total) {
      out.println("   " + counts(done));
      quarter = done * 4 / total + 1;
    }
  }

  private String bar(long done) {
    int full = (int) (done * BAR_CHARS / total);
    return "[" + "#".repeat(full) + "-".repeat(BAR_CHARS - full) + "]";
  }

  private String counts(long done) {
    long nanos = Math.max(1, System.nanoTime() - startNanos);
    double rate = (done - first) * 1e9 / nanos;
    return String.format(Locale.ROOT, "%,9d of %,d events, %,9.0f/s", done, total, rate);
  }
}
