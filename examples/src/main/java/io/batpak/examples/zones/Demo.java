package io.batpak.examples.zones;

import io.batpak.LogReader;
import io.batpak.Store;
import io.batpak.evidence.OpenReport;
import io.batpak.evidence.Verification;
import io.batpak.failure.ForeignFile;
import io.batpak.failure.StoreException;
import io.batpak.payload.Catalogue;
import io.batpak.query.Region;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// The demo: appends two centuries of time-zone history, asks, folds, verifies, and does it again
/// with a process that is killed in the middle.
///
/// `Demo [--dir DIRECTORY]`
public final class Demo {

  private static final String USAGE = "usage: batpak demo [--dir DIRECTORY]";
  private static final int STATUS_MISMATCH = 1;
  private static final int STATUS_FAILURE = 2;
  private static final int STATUS_USAGE = 64;

  private final PrintStream out;
  private final History history;
  private final Findings findings;
  private final Checks checks;
  private final RandomGenerator random;

  private Demo(PrintStream out, long seed) {
    this.out = out;
    this.history = History.ofPlatform();
    this.findings = new Findings(out);
    this.random = new java.util.Random(seed);
    this.checks = new Checks(history, findings, random);
  }

  /// Runs it, and ends the process with a status other than 0 if something did not hold.
  ///
  /// @param arguments as above
  public static void main(String[] arguments) {
    int status = run(List.of(arguments), System.out);
    if (status != 0) {
      System.exit(status);
    }
  }

  /// Runs it.
  ///
  /// @param arguments as above
  /// @param out for people, and at the end one line for programs
  /// @return 0 if everything held
  public static int run(List<String> arguments, PrintStream out) {
    if (arguments.equals(List.of("--help")) || arguments.equals(List.of("-h"))) {
      out.println(USAGE);
      return 0;
    }
    boolean kept = arguments.size() == 2 && arguments.getFirst().equals("--dir");
    if (!kept && !arguments.isEmpty()) {
      out.println(USAGE);
      return STATUS_USAGE;
    }
    try {
      Path work = Files.createTempDirectory("batpak-demo");
      try {
        Path directory = kept ? Path.of(arguments.getLast()) : work.resolve("zones");
        var demo = new Demo(out, System.nanoTime());
        if (demo.others(directory)) {
          out.println(directory + " holds other events; choose another directory");
          return STATUS_FAILURE;
        }
        boolean held = demo.run(directory, work.resolve("killed"), kept);
        return held ? 0 : STATUS_MISMATCH;
      } finally {
        delete(work);
      }
    } catch (StoreException e) {
      out.println(e.getMessage());
      return STATUS_FAILURE;
    } catch (IOException e) {
      out.println("the demo could not run: " + e);
      return STATUS_FAILURE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      out.println("the demo was interrupted");
      return STATUS_FAILURE;
    }
  }

  /// {@return whether a directory holds events that are not a beginning of the history; it is only
  /// read}
  private boolean others(Path directory) {
    var silent =
        new Findings(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try (LogReader reader = LogReader.open(directory, Catalogue.load())) {
      var asked = new Checks(history, silent, random);
      var _ = asked.prefix(reader.query(Region.all()));
      return silent.mismatches() > 0;
    } catch (ForeignFile e) {
      // no store yet; opening one refuses what it must
      return false;
    }
  }

  private boolean run(Path directory, Path killed, boolean kept)
      throws IOException, InterruptedException {
    say(
        "batpak demo: the offset of every time zone, %d to %d",
        History.YEAR_FIRST, History.YEAR_LAST);
    say("%,d events of %,d zones", history.events().size(), history.zones().size());
    long startNanos = System.nanoTime();
    append(directory);
    ask(directory);
    Verification verification = verify(directory, 3);
    long acknowledged = kill(killed);
    long recovered = goOn(killed, acknowledged);
    Verification again = verify(killed, 6);
    table(verification, again, acknowledged, recovered, System.nanoTime() - startNanos);
    if (kept) {
      say("kept in %s; try: batpak stats %s", directory, directory);
    }
    say(
        "demo: events=%d zones=%d checked=%d mismatches=%d recovered=%d",
        history.events().size(),
        history.zones().size(),
        findings.checked(),
        findings.mismatches(),
        recovered);
    return findings.mismatches() == 0;
  }

  private void append(Path directory) {
    say("%n1. Append every event, one after the other");
    try (Store store = Recorder.open(directory)) {
      long present = checks.prefix(store);
      if (present == history.events().size()) {
        say("   %s has them all already; nothing is appended", directory);
      } else if (present > 0) {
        say("   %s has %,d already; going on from there", directory, present);
      }
      var progress = new Progress(out, present, history.events().size());
      Recorder.record(store, history, present, progress::at);
    }
  }

  private void ask(Path directory) {
    say("%n2. Open again, ask, and compare every answer with java.time");
    try (Store store = Recorder.open(directory)) {
      OpenReport report = store.openReport();
      say(
          "   opened %,d segments with %,d events in %.1f ms, %,d of them read one by one",
          report.segments(),
          report.events(),
          report.listing().plus(report.scanning()).toNanos() / 1e6,
          report.scannedEvents());
      compare(store);
    }
  }

  private void compare(Store store) {
    long before = findings.checked();
    checks.prefix(store);
    say("   each event is what was appended: %,d comparisons", findings.checked() - before);
    before = findings.checked();
    checks.queries(store);
    say("   by entity, scope, kind, tag and commit time: %,d queries", findings.checked() - before);
    before = findings.checked();
    checks.offsets(store);
    say(
        "   folded offsets before, at and after each change and at random: %,d moments",
        findings.checked() - before);
  }

  private Verification verify(Path directory, int step) {
    say("%n%d. Verify the files: checksums, hashes, chains, footers", step);
    Verification verification = checks.verify(directory);
    say(
        "   %,d segments, %,d frames, %,d links of %,d chains, %,d problems",
        verification.segments(),
        verification.frames(),
        verification.links(),
        verification.entities(),
        verification.problems().size());
    return verification;
  }

  private long kill(Path directory) throws IOException, InterruptedException {
    say("%n4. Let another process append the same, and kill it (SIGKILL) at a random moment");
    long acknowledged = Kill.midway(directory, history.events().size(), random);
    say("   killed; it had said that %,d events were acknowledged", acknowledged);
    Verification verification = checks.verify(directory);
    say(
        "   what it left: %s",
        verification
            .tail()
            .map(tail -> "an unclean tail, " + tail.description())
            .orElse("a clean end"));
    return acknowledged;
  }

  private long goOn(Path directory, long acknowledged) {
    say("%n5. Open what it left, compare, and go on to the end");
    try (Store store = Recorder.open(directory)) {
      long recovered = checks.prefix(store);
      say("   recovered %,d events, a beginning of the history", recovered);
      if (recovered < acknowledged) {
        findings.mismatch(
            recovered + " events recovered, although " + acknowledged + " were acknowledged");
      }
      var progress = new Progress(out, recovered, history.events().size());
      Recorder.record(store, history, recovered, progress::at);
      compare(store);
      return recovered;
    }
  }

  private void table(
      Verification first, Verification second, long acknowledged, long recovered, long nanos) {
    say("%nWhat held");
    row("events in the log", history.events().size());
    row("zones, each a chain of hashes", history.zones().size());
    row("answers compared", findings.checked());
    row("frames verified", first.frames() + second.frames());
    row("links of chains verified", first.links() + second.links());
    row("acknowledged before the kill", acknowledged);
    row("recovered after the kill", recovered);
    row("lost", Math.max(0, acknowledged - recovered));
    row("mismatches", findings.mismatches());
    say("   %-30s %,10.1f s", "took", nanos / 1e9);
  }

  private void row(String name, long count) {
    say("   %-30s %,10d", name, count);
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be one more dependency
  private void say(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
