package io.batpak.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.event.EventId;
import io.batpak.event.Hlc;
import io.batpak.testing.Randoms;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Proves that times and ids only ascend, whatever the wall clock does and wherever a log left off.
/// Would catch a time that goes back, an id out of order, a counter that overflows. Seed: random,
/// printed.
class EventClockTest {

  private static EventId id(EventClock clock) {
    return new EventId(clock.idHigh(), clock.idLow());
  }

  private static Hlc hlc(EventClock clock) {
    return new Hlc(clock.idHigh() >>> 16, clock.counter());
  }

  @Test
  void the_counter_counts_while_the_wall_clock_stands_and_begins_anew_when_it_moves() {
    var clock = new EventClock(() -> 5, 0, 0, 0);
    clock.advance(1_000);
    assertThat(hlc(clock)).isEqualTo(new Hlc(1_000, 0));
    clock.advance(1_000);
    clock.advance(1_000);
    assertThat(hlc(clock)).isEqualTo(new Hlc(1_000, 2));
    clock.advance(1_001);
    assertThat(hlc(clock)).isEqualTo(new Hlc(1_001, 0));
  }

  @Test
  void a_wall_clock_that_runs_backwards_does_not_take_time_along() {
    var clock = new EventClock(() -> 5, 0, 0, 0);
    clock.advance(1_000);
    clock.advance(10);
    clock.advance(999);
    assertThat(hlc(clock)).isEqualTo(new Hlc(1_000, 2));
  }

  @Test
  void a_counter_that_is_full_moves_the_wall_part() {
    var clock = new EventClock(() -> 5, 1_000L << 16 | 0x7000, 1L << 63, Integer.MAX_VALUE);
    clock.advance(1_000);
    assertThat(hlc(clock)).isEqualTo(new Hlc(1_001, 0));
  }

  @Test
  void ids_that_run_out_of_a_millisecond_move_the_wall_part() {
    long lowMax = 0xBFFF_FFFF_FFFF_FFFFL;
    var clock = new EventClock(() -> 5, 1_000L << 16 | 0x7FFE, lowMax, 3);
    clock.advance(1_000);
    assertThat(clock.idHigh()).isEqualTo(1_000L << 16 | 0x7FFF);
    assertThat(hlc(clock)).isEqualTo(new Hlc(1_000, 4));

    var full = new EventClock(() -> 5, 1_000L << 16 | 0x7FFF, lowMax, 3);
    full.advance(1_000);
    assertThat(hlc(full)).isEqualTo(new Hlc(1_001, 0));
  }

  @Test
  void a_wall_clock_beyond_what_an_id_can_say_stays_at_the_last_millisecond() {
    var clock = new EventClock(() -> 5, 0, 0, 0);
    clock.advance(Long.MAX_VALUE);
    assertThat(hlc(clock)).isEqualTo(new Hlc(Hlc.WALL_MILLIS_MAX, 0));
    clock.advance(Long.MAX_VALUE);
    assertThat(hlc(clock)).isEqualTo(new Hlc(Hlc.WALL_MILLIS_MAX, 1));
  }

  @Test
  void times_and_ids_ascend_under_any_clock_observation_and_restart() {
    Randoms.each(50, (random, size) -> ascends(random, 100 * size));
  }

  private static void ascends(RandomGenerator random, int steps) {
    var clock = new EventClock(random::nextLong, 0, 0, 0);
    long wall = 1_700_000_000_000L;
    EventId lastId = id(clock);
    Hlc last = hlc(clock);
    for (int i = 0; i < steps; i++) {
      wall += random.nextInt(-5, 7);
      if (random.nextInt(20) == 0) {
        Hlc remote = new Hlc(wall + random.nextInt(-50, 50), random.nextInt(100));
        Hlc reached = clock.observe(remote);
        assertThat(reached).isGreaterThanOrEqualTo(remote).isGreaterThanOrEqualTo(last);
        last = reached;
      }
      if (random.nextInt(50) == 0) {
        // Only what stands in the log survives, so an observation must be followed by an event.
        clock.advance(wall);
        clock = new EventClock(random::nextLong, clock.idHigh(), clock.idLow(), clock.counter());
      }
      clock.advance(wall);
      assertThat(hlc(clock)).isGreaterThan(last);
      assertThat(id(clock)).isGreaterThan(lastId);
      assertThat(clock.idHigh() >>> 12 & 0xF).isEqualTo(7);
      assertThat(clock.idLow() >>> 62).isEqualTo(2);
      last = hlc(clock);
      lastId = id(clock);
    }
  }
}
