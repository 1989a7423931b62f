package io.batpak.examples.zones;

import io.batpak.event.Coordinate;
import io.batpak.examples.zones.OffsetChanged.Clocks;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneOffsetTransitionRule;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/// What is to be appended, in order: every zone's beginning, then every change by its time.
///
/// @param zones the ids of all zones, ascending
/// @param events all events, in the order of the log
record History(List<String> zones, List<Event> events) {

  /// The first year.
  static final int YEAR_FIRST = 1800;

  /// The last year.
  static final int YEAR_LAST = 2037;

  /// When the first year begins.
  static final Instant START = Instant.parse(YEAR_FIRST + "-01-01T00:00:00Z");

  /// When the last year is over.
  static final Instant END = Instant.parse(YEAR_LAST + 1 + "-01-01T00:00:00Z");

  private static final String OTHER_SCOPE = "other";

  /// One event.
  ///
  /// @param coordinate zone id and continent
  /// @param payload {@link ZoneFounded} or {@link OffsetChanged}
  record Event(Coordinate coordinate, Record payload) {}

  /// {@return the history that the platform knows}
  static History ofPlatform() {
    List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
    var events = new ArrayList<Event>();
    var changes = new ArrayList<Event>();
    for (String zone : zones) {
      ZoneRules rules = ZoneId.of(zone).getRules();
      Coordinate coordinate = Coordinate.of(zone, scope(zone));
      events.add(new Event(coordinate, new ZoneFounded(rules.getOffset(START).getTotalSeconds())));
      transitions(rules, transition -> changes.add(new Event(coordinate, changed(transition))));
    }
    changes.sort(Comparator.comparing(event -> ((OffsetChanged) event.payload).at()));
    events.addAll(changes);
    return new History(zones, List.copyOf(events));
  }

  /// {@return the part of a zone id in front of the first `/`}
  static String scope(String zone) {
    int slash = zone.indexOf('/');
    return slash < 0 ? OTHER_SCOPE : zone.substring(0, slash);
  }

  /// The transitions that are written out, and behind the last of them those that follow a rule.
  private static void transitions(ZoneRules rules, Consumer<ZoneOffsetTransition> target) {
    Instant last = START;
    for (ZoneOffsetTransition transition : rules.getTransitions()) {
      if (!transition.getInstant().isBefore(START) && transition.getInstant().isBefore(END)) {
        target.accept(transition);
      }
      last = transition.getInstant();
    }
    for (int year = last.atOffset(ZoneOffset.UTC).getYear(); year <= YEAR_LAST; year++) {
      var ofYear = new ArrayList<ZoneOffsetTransition>();
      for (ZoneOffsetTransitionRule rule : rules.getTransitionRules()) {
        ofYear.add(rule.createTransition(year));
      }
      ofYear.sort(null);
      for (ZoneOffsetTransition transition : ofYear) {
        if (transition.getInstant().isAfter(last) && transition.getInstant().isBefore(END)) {
          target.accept(transition);
        }
      }
    }
  }

  private static OffsetChanged changed(ZoneOffsetTransition transition) {
    return new OffsetChanged(
        transition.getInstant(),
        transition.getOffsetBefore().getTotalSeconds(),
        transition.getOffsetAfter().getTotalSeconds(),
        transition.isGap() ? Clocks.FORWARD : Clocks.BACK);
  }
}
