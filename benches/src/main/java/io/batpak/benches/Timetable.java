package io.batpak.benches;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// How long trials take, and whether more of them end within a limit. Not thread-safe.
///
/// A trial that ran is expected to take as long again; one that did not, as long as the mean of
/// those that did.
final class Timetable {

  private final LongSupplier nanoTime;
  private final long startNanos;
  private final Duration limit;
  private final Duration guess;
  private final Map<Pairing, Duration> taken = new HashMap<>();

  /// Starts now.
  ///
  /// @param limit for everything from now on
  /// @param guess of one trial, until the first has run
  /// @param nanoTime the clock, as {@link System#nanoTime}
  Timetable(Duration limit, Duration guess, LongSupplier nanoTime) {
    this.limit = limit;
    this.guess = guess;
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
  }

  /// {@return the clock, to be given back to {@link #record}}
  long now() {
    return nanoTime.getAsLong();
  }

  /// Notes how long a trial took.
  ///
  /// @param pairing what ran
  /// @param fromNanos when it began, by {@link #now}
  void record(Pairing pairing, long fromNanos) {
    taken.put(pairing, Duration.ofNanos(now() - fromNanos));
  }

  /// {@return whether trials that begin now end within the limit}
  ///
  /// @param trials one after the other
  boolean fits(Collection<Pairing> trials) {
    Duration mean = mean();
    Duration end = Duration.ofNanos(now() - startNanos);
    for (Pairing trial : trials) {
      end = end.plus(taken.getOrDefault(trial, mean));
    }
    return end.compareTo(limit) <= 0;
  }

  private Duration mean() {
    return taken.values().stream()
        .reduce(Duration::plus)
        .map(sum -> sum.dividedBy(taken.size()))
        .orElse(guess);
  }
}
