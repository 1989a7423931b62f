package io.batpak.benches;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Proves which trials belong to which round and when there is time for more. Would catch a target
/// whose subjects run once, and a short form that needs more than its limit. Deterministic: the
/// clock is a number.
class PlanTest {

  private static final Duration FILLS = Duration.ofSeconds(45);

  private final Plan brief = Plan.shortForm(Path.of("."), Path.of("results"));
  private final Plan full = Plan.fullForm(Path.of("."), Path.of("results"));
  private long nanos;

  @Test
  void every_trial_warms_up_for_two_seconds() {
    assertThat(List.of(brief.warmUp(), full.warmUp())).containsOnly(Duration.ofSeconds(2));
  }

  @Test
  void the_short_form_repeats_what_a_target_reads() {
    List<Pairing> second = brief.trials(2);

    assertThat(brief.rounds()).isEqualTo(2);
    assertThat(second).allMatch(Pairing::judged);
    assertThat(second.stream().map(Pairing::shape))
        .contains(Shape.VISIBLE_1, Shape.VISIBLE_1_NEW, Shape.VISIBLE_1_COLD, Shape.BATCH_10_COLD)
        .doesNotContain(Shape.HOT_100V);
    for (Shape shape : second.stream().map(Pairing::shape).distinct().toList()) {
      assertThat(second)
          .contains(new Pairing(shape, Entrants.FLOOR), new Pairing(shape, Entrants.STORE));
    }
    assertThat(second)
        .contains(
            new Pairing(Shape.VISIBLE_1, Entrants.named("rocksdb")),
            new Pairing(Shape.DURABLE_8, Entrants.named("aeron-archive")),
            new Pairing(Shape.DURABLE_64V, Entrants.named("aeron-archive")),
            new Pairing(Shape.DURABLE_256V, Entrants.named("aeron-archive")))
        .hasSize(28);
  }

  @Test
  void other_peers_run_once_and_only_among_few_callers() {
    assertThat(brief.trials(1))
        .containsAll(brief.trials(2))
        .contains(
            new Pairing(Shape.VISIBLE_8, Entrants.named("chronicle-queue")),
            new Pairing(Shape.HOT_100V, Entrants.STORE))
        .doesNotContain(new Pairing(Shape.VISIBLE_64V, Entrants.named("chronicle-queue")))
        .hasSize(48);
  }

  @Test
  void the_full_form_and_named_subjects_are_repeated_whole() {
    assertThat(full.trials(5)).isEqualTo(full.trials(1)).hasSize(61);
    assertThat(brief.in(List.of(Shape.VISIBLE_8)).trials(2)).hasSize(7);
    assertThat(brief.only(List.of(Entrants.named("sqlite"))).trials(2)).hasSize(7);
  }

  @Test
  void the_short_form_is_expected_to_end_within_its_limit() {
    Timetable timetable = new Timetable(brief.limit(), brief.trial(), () -> nanos);
    nanos = FILLS.toNanos();

    List<Pairing> both = Stream.of(brief.trials(1), brief.trials(2)).flatMap(List::stream).toList();

    assertThat(brief.limit()).isLessThan(Duration.ofMinutes(6));
    assertThat(timetable.fits(both)).isTrue();
  }

  @Test
  void a_trial_is_expected_to_take_as_long_again_and_others_as_long_as_the_mean() {
    Pairing slow = new Pairing(Shape.VISIBLE_1, Entrants.STORE);
    Pairing quick = new Pairing(Shape.VISIBLE_1, Entrants.FLOOR);
    Pairing other = new Pairing(Shape.DURABLE_1, Entrants.FLOOR);
    Timetable timetable =
        new Timetable(Duration.ofSeconds(20), Duration.ofSeconds(15), () -> nanos);

    assertThat(timetable.fits(List.of(slow))).isTrue();
    assertThat(timetable.fits(List.of(slow, quick))).isFalse();

    takes(timetable, slow, Duration.ofSeconds(6));
    takes(timetable, quick, Duration.ofSeconds(2));

    assertThat(timetable.fits(List.of(slow, quick, other))).isTrue();
    assertThat(timetable.fits(List.of(slow, slow))).isTrue();
    assertThat(timetable.fits(List.of(slow, slow, quick))).isFalse();
  }

  private void takes(Timetable timetable, Pairing pairing, Duration time) {
    long from = timetable.now();
    nanos += time.toNanos();
    timetable.record(pairing, from);
  }
}
