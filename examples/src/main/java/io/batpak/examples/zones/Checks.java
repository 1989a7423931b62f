package io.batpak.examples.zones;

import io.batpak.Decoded;
import io.batpak.EventEntry;
import io.batpak.LogVerifier;
import io.batpak.Results;
import io.batpak.Store;
import io.batpak.event.EventKind;
import io.batpak.evidence.Verification;
import io.batpak.query.Region;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Asks a store what the platform knows, and compares.
final class Checks {

  private static final EventKind FOUNDED = new EventKind(0x7, 0x001);
  private static final EventKind CHANGED = new EventKind(0x7, 0x002);
  private static final int RANDOM_INSTANTS = 100;

  private final History history;
  private final Findings findings;
  private final RandomGenerator random;

  Checks(History history, Findings findings, RandomGenerator random) {
    this.history = history;
    this.findings = findings;
    this.random = random;
  }

  /// Compares every event of the log with the beginning of the history.
  ///
  /// @return how many events the log has
  long prefix(Store store) {
    return prefix(store.query(Region.all()));
  }

  /// The same. What the library tells of the store itself, after a crash, is not among them, so the
  /// sequences may leave some out.
  ///
  /// @param entries every event
  long prefix(Results entries) {
    int at = 0;
    long last = -1;
    for (EventEntry entry : entries) {
      if (at == history.events().size()) {
        findings.mismatch("the log has " + entries.count() + " events, more than the history");
        break;
      }
      History.Event expected = history.events().get(at);
      findings.check(true, entry.sequence() > last, "ascending sequence");
      findings.check(expected.coordinate(), entry.coordinate(), "coordinate");
      findings.check(new Decoded.Known(expected.payload()), entry.decode(), "payload");
      last = entry.sequence();
      at++;
    }
    return at;
  }

  /// Asks by entity, scope, kind, tag and commit time, and compares the counts.
  void queries(Store store) {
    counts(store, event -> event.coordinate().entity(), Region::entity);
    counts(store, event -> event.coordinate().scope(), Region.all()::scope);
    counts(
        store,
        event -> event.payload() instanceof ZoneFounded ? FOUNDED : CHANGED,
        Region.all()::kind);
    counts(
        store,
        event ->
            event.payload() instanceof OffsetChanged changed
                ? "clocks:" + changed.clocks()
                : "clocks:NONE",
        tag -> tag.equals("clocks:NONE") ? Region.all().kind(FOUNDED) : Region.all().tag(tag));
    commitTimes(store);
  }

  private <K> void counts(
      Store store, Function<History.Event, K> property, Function<K, Region> region) {
    Map<K, Long> expected =
        history.events().stream()
            .collect(Collectors.groupingBy(property, TreeMap::new, Collectors.counting()));
    expected.forEach((value, count) ->
        findings.check(count, store.query(region.apply(value)).count(), "events of", value));
  }

  /// The index answers for a range of commit times what walking the whole log answers.
  private void commitTimes(Store store) {
    for (int i = 0; i < 3; i++) {
      long from = store.at(store.end() * i / 4).hlc().wallMillis();
      long until = store.at(store.end() * (i + 1) / 4).hlc().wallMillis();
      long expected = 0;
      for (EventEntry entry : store.query(Region.all())) {
        long wall = entry.hlc().wallMillis();
        expected += wall >= from && wall < until ? 1 : 0;
      }
      Region region = Region.all().between(Instant.ofEpochMilli(from), Instant.ofEpochMilli(until));
      findings.check(expected, store.query(region).count(), "events committed in quarter", i);
    }
  }

  /// Folds every zone and asks at many moments: before, at and after each change of its clocks, and
  /// at random.
  void offsets(Store store) {
    long start = History.START.getEpochSecond();
    long end = History.END.getEpochSecond();
    for (String zone : history.zones()) {
      ZoneRules rules = ZoneId.of(zone).getRules();
      Timeline timeline = Timeline.of(store.entity(zone));
      for (long change : timeline.changes()) {
        offset(zone, rules, timeline, change - 1);
        offset(zone, rules, timeline, change);
        offset(zone, rules, timeline, change + 1);
      }
      for (int i = 0; i < RANDOM_INSTANTS; i++) {
        offset(zone, rules, timeline, random.nextLong(start, end));
      }
    }
  }

  private void offset(String zone, ZoneRules rules, Timeline timeline, long second) {
    int expected = rules.getOffset(Instant.ofEpochSecond(second)).getTotalSeconds();
    findings.check(expected, timeline.offsetAt(second), "offset of", zone);
  }

  /// Verifies a directory: every byte, every hash, every chain.
  Verification verify(Path directory) {
    Verification verification = LogVerifier.verify(directory);
    verification.problems().forEach(problem -> findings.mismatch(problem.toString()));
    return verification;
  }
}
