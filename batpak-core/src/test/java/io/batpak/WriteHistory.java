package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.event.LifecycleKinds;
import io.batpak.query.Query;
import io.batpak.query.Region;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What several threads did to a store, and the log that came of it: checked for whether the log's
/// order explains every answer, each within its call.
///
/// Every event has a window in which it was committed: it was not there before the first call that
/// asked for it, and it was there when one that tells of it returned. The order of the log is right
/// if times can be found in the windows that ascend with it.
///
/// @param calls in any order
/// @param log every event, hidden ones too, in order
record WriteHistory(List<Call> calls, List<Logged> log) {

  /// A call and its answer.
  ///
  /// @param start before it was made, nanoseconds
  /// @param end after it was answered
  /// @param answer what it was told
  record Call(long start, long end, Answer answer) {}

  /// What a call was told.
  sealed interface Answer {}

  /// Events were written, together.
  ///
  /// @param sequences where they stand
  /// @param rule under which condition
  /// @param key under which key; empty without one
  record Wrote(List<Long> sequences, Rule rule, String key) implements Answer {}

  /// A rule was broken.
  ///
  /// @param rule which
  /// @param culprit the sequence of the event that was named
  record Refused(NoTag rule, long culprit) implements Answer {}

  /// The events with a tag.
  ///
  /// @param tag the tag
  /// @param until the end of the log as it was seen
  /// @param seen where they stand
  record Read(String tag, long until, List<Long> seen) implements Answer {}

  /// A fence was active.
  record Blocked() implements Answer {}

  /// A fence was begun, held events and was ended. The call is that of its end.
  ///
  /// @param begin the call that began it
  /// @param sequences what it held
  /// @param committed whether they were shown
  record Fenced(Call begin, List<Long> sequences, boolean committed) implements Answer {

    long begun() {
      return sequences.getFirst() - 1;
    }

    long ended() {
      return sequences.getLast() + 1;
    }
  }

  /// What must have been true.
  sealed interface Rule {}

  /// Nothing.
  record Free() implements Rule {}

  /// The entity's last event that can be seen has a clock; -1 for none.
  record Clock(String entity, long expected) implements Rule {}

  /// No event with a tag stands from a sequence on.
  record NoTag(String tag, long from) implements Rule {}

  /// An event of the log.
  ///
  /// @param entity where it lives
  /// @param clock the entity's counter
  /// @param tags its tags
  /// @param key its key; empty without one
  /// @param shown whether reads show it
  record Logged(String entity, long clock, Set<String> tags, String key, boolean shown) {}

  /// {@return the history of calls, with the log as it stands in the end}
  static WriteHistory of(List<Call> calls, Store store) {
    var log = new Logged[(int) store.end()];
    Arrays.fill(log, new Logged("", -1, Set.of(), "", false));
    for (StoredEvent event :
        store.query(Query.of(Region.all(), Region.all().category(0))).events()) {
      var header = event.header();
      log[(int) header.sequence()] =
          new Logged(
              header.coordinate().entity(),
              header.clock(),
              Set.copyOf(header.tags()),
              header
                  .key()
                  .map(
                      key -> new String(key.toByteArray(), java.nio.charset.StandardCharsets.UTF_8))
                  .orElse(""),
              true);
    }
    return new WriteHistory(calls, List.of(log));
  }

  /// {@return the same with one call in place of another}
  WriteHistory with(Call good, Call broken) {
    List<Call> changed = new ArrayList<>(calls);
    changed.remove(good);
    changed.add(broken);
    return new WriteHistory(changed, log);
  }

  /// Fails unless the log explains every answer.
  void check() {
    long[] earliest = new long[log.size()];
    long[] latest = new long[log.size()];
    Arrays.fill(earliest, Long.MAX_VALUE);
    Arrays.fill(latest, Long.MAX_VALUE);
    for (Call call : calls) {
      written(call)
          .forEach((sequence, window) -> {
            int at = Math.toIntExact(sequence);
            earliest[at] = Math.min(earliest[at], window.start());
            latest[at] = Math.min(latest[at], window.end());
          });
    }
    assertThat(earliest).as("every event was asked for").doesNotContain(Long.MAX_VALUE);
    checkOrder(earliest, latest, "commit");
    checkKeys();
    showWithTheirFence(earliest, latest);
    for (Call call : calls) {
      switch (call.answer()) {
        case Wrote wrote -> checkRule(wrote);
        case Refused refused -> checkRefused(call, refused, earliest, latest);
        case Read read -> checkRead(call, read, earliest, latest);
        case Blocked _ -> checkBlocked(call);
        case Fenced fenced -> checkFenced(fenced);
      }
    }
  }

  /// {@return which events a call tells of, and between when they must have been committed}
  private static Map<Long, Call> written(Call call) {
    Map<Long, Call> windows = new HashMap<>();
    switch (call.answer()) {
      case Wrote wrote -> wrote.sequences().forEach(sequence -> windows.put(sequence, call));
      case Fenced fenced -> {
        windows.put(fenced.begun(), fenced.begin());
        windows.put(fenced.ended(), call);
      }
      case Refused _, Read _, Blocked _ -> {}
    }
    return windows;
  }

  private static void checkOrder(long[] earliest, long[] latest, String what) {
    long reached = Long.MIN_VALUE;
    for (int i = 0; i < earliest.length; i++) {
      reached = Math.max(reached, earliest[i]);
      assertThat(reached).as("%s of sequence %s", what, i).isLessThan(latest[i]);
    }
  }

  /// A key stands once among the events that are shown, and all who used it were told of that one.
  private void checkKeys() {
    Map<String, Long> keys = new HashMap<>();
    for (int i = 0; i < log.size(); i++) {
      if (!log.get(i).key().isEmpty()) {
        assertThat(keys.put(log.get(i).key(), (long) i)).as("a key stands once").isNull();
      }
    }
    for (Call call : calls) {
      if (call.answer() instanceof Wrote wrote && !wrote.key().isEmpty()) {
        assertThat(wrote.sequences().getFirst()).isEqualTo(keys.get(wrote.key()));
      }
    }
  }

  /// From now on the windows are those in which events came to be seen.
  private void showWithTheirFence(long[] earliest, long[] latest) {
    for (Call call : calls) {
      if (call.answer() instanceof Fenced fenced) {
        for (long sequence : fenced.sequences()) {
          earliest[(int) sequence] = call.start();
          latest[(int) sequence] = call.end();
        }
      }
    }
  }

  private void checkRule(Wrote wrote) {
    for (int i = 0; i < wrote.sequences().size(); i++) {
      assertThat(wrote.sequences().get(i)).isEqualTo(wrote.sequences().getFirst() + i);
    }
    int at = Math.toIntExact(wrote.sequences().getFirst());
    switch (wrote.rule()) {
      case Free _ -> {}
      case Clock clock -> assertThat(shownClock(clock.entity(), at)).isEqualTo(clock.expected());
      case NoTag none ->
          assertThat(newest(none, at)).as("%s before sequence %s", none, at).isEmpty();
    }
  }

  private long shownClock(String entity, int before) {
    for (int i = before - 1; i >= 0; i--) {
      if (log.get(i).shown() && log.get(i).entity().equals(entity)) {
        return log.get(i).clock();
      }
    }
    return -1;
  }

  private Optional<Long> newest(NoTag rule, int before) {
    for (int i = before - 1; i >= rule.from(); i--) {
      if (matches(i, rule.tag())) {
        return Optional.of((long) i);
      }
    }
    return Optional.empty();
  }

  private boolean matches(int sequence, String tag) {
    return log.get(sequence).shown() && log.get(sequence).tags().contains(tag);
  }

  /// There was a moment within the call when the culprit was there, and no newer one.
  private void checkRefused(Call call, Refused refused, long[] earliest, long[] latest) {
    int culprit = Math.toIntExact(refused.culprit());
    assertThat((long) culprit).isGreaterThanOrEqualTo(refused.rule().from()).isLessThan(log.size());
    assertThat(matches(culprit, refused.rule().tag())).as("%s", refused).isTrue();
    assertThat(earliest[culprit]).as("%s", refused).isLessThan(call.end());
    for (int i = culprit + 1; i < log.size(); i++) {
      if (matches(i, refused.rule().tag())) {
        assertThat(latest[i]).as("%s, a newer one at %s", refused, i).isGreaterThan(call.start());
      }
    }
  }

  private void checkRead(Call call, Read read, long[] earliest, long[] latest) {
    int until = Math.toIntExact(read.until());
    List<Long> expected = new ArrayList<>();
    for (int i = 0; i < until; i++) {
      assertThat(earliest[i]).as("%s, what was seen at %s", read, i).isLessThan(call.end());
      if (matches(i, read.tag())) {
        expected.add((long) i);
      }
    }
    for (int i = until; i < log.size(); i++) {
      assertThat(latest[i]).as("%s, what was not seen at %s", read, i).isGreaterThan(call.start());
    }
    assertThat(read.seen()).isEqualTo(expected);
    Map.Entry<Long, Long> last = whole().floorEntry((long) until - 1);
    if (last != null) {
      assertThat((long) until)
          .as("%s ends within a batch or a fence", read)
          .isGreaterThan(last.getValue());
    }
  }

  /// {@return what is seen together: its first sequence, and its last}
  private TreeMap<Long, Long> whole() {
    var whole = new TreeMap<Long, Long>();
    for (Call call : calls) {
      switch (call.answer()) {
        case Wrote wrote -> {
          if (wrote.sequences().size() > 1) {
            whole.put(wrote.sequences().getFirst(), wrote.sequences().getLast());
          }
        }
        case Fenced fenced -> whole.put(fenced.begun() + 1, fenced.ended());
        case Refused _, Read _, Blocked _ -> {}
      }
    }
    return whole;
  }

  private void checkBlocked(Call call) {
    assertThat(calls)
        .as("a fence was active within %s", call)
        .anyMatch(other ->
            other.answer() instanceof Fenced fenced
                && fenced.begin().start() < call.end()
                && other.end() > call.start());
  }

  private void checkFenced(Fenced fenced) {
    var held = new TreeSet<>(fenced.sequences());
    assertThat(held.size() - 1L).isEqualTo(held.last() - held.first());
    for (long sequence : held) {
      assertThat(log.get((int) sequence).shown()).isEqualTo(fenced.committed());
    }
    assertThat(log.get((int) fenced.begun()).entity()).isEqualTo(LifecycleKinds.ENTITY);
    assertThat(log.get((int) fenced.ended()).entity()).isEqualTo(LifecycleKinds.ENTITY);
  }
}
