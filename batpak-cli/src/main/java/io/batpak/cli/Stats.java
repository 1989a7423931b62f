package io.batpak.cli;

import io.batpak.EventEntry;
import io.batpak.LogReader;
import io.batpak.event.EventKind;
import io.batpak.evidence.OpenReport;
import io.batpak.query.Region;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Counts what is in a store, from its index.
final class Stats {

  /// More scopes or kinds than this are summed up in a last line.
  private static final int ROWS_MAX = 20;

  private Stats() {}

  static int run(List<String> words, PrintStream out) {
    Arguments arguments = Arguments.parse(words, Set.of(), Set.of());
    try (LogReader reader = LogReader.open(arguments.directory())) {
      OpenReport report = reader.openReport();
      line(out, "directory", arguments.directory());
      line(out, "store", reader.id());
      line(out, "owner", reader.owner().map(owner -> owner + ", live").orElse("nobody"));
      line(out, "segments", report.segments() + ", " + report.sealedSegments() + " of them sealed");
      line(out, "events", String.format(Locale.ROOT, "%,d", reader.end()));
      if (report.recovered()) {
        line(out, "end", "not closed cleanly: " + report.cutReason());
      }
      events(reader, out);
    }
    return Status.FINE;
  }

  private static void events(LogReader reader, PrintStream out) {
    if (reader.end() == 0) {
      return;
    }
    line(out, "first", Instant.ofEpochMilli(reader.at(0).hlc().wallMillis()));
    line(out, "last", Instant.ofEpochMilli(reader.at(reader.end() - 1).hlc().wallMillis()));
    var entities = new HashSet<String>();
    var scopes = new HashMap<String, Long>();
    var kinds = new HashMap<EventKind, Long>();
    for (EventEntry entry : reader.query(Region.all())) {
      entities.add(entry.entity());
      var _ = scopes.merge(entry.scope(), 1L, Long::sum);
      var _ = kinds.merge(entry.kind(), 1L, Long::sum);
    }
    line(out, "entities", String.format(Locale.ROOT, "%,d", entities.size()));
    table(out, "scopes", scopes);
    table(out, "kinds", kinds);
  }

  private static <K extends Comparable<K>> void table(
      PrintStream out, String name, Map<K, Long> counts) {
    line(out, name, String.format(Locale.ROOT, "%,d", counts.size()));
    List<Map.Entry<K, Long>> most =
        counts.entrySet().stream()
            .sorted(
                Map.Entry.<K, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .toList();
    for (Map.Entry<K, Long> entry : most.subList(0, Math.min(ROWS_MAX, most.size()))) {
      out.println(
          String.format(
              Locale.ROOT, "%,14d  %s", entry.getValue(), JsonText.visible(entry.getKey())));
    }
    if (most.size() > ROWS_MAX) {
      long others =
          most.subList(ROWS_MAX, most.size()).stream().mapToLong(Map.Entry::getValue).sum();
      out.println(
          String.format(Locale.ROOT, "%,14d  in %,d others", others, most.size() - ROWS_MAX));
    }
  }

  private static void line(PrintStream out, String name, Object value) {
    out.println(String.format(Locale.ROOT, "%-10s %s", name, value));
  }
}
