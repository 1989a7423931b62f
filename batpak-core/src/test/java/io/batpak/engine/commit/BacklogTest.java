package io.batpak.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Proves that frames which no force covers are noticed, whatever is being forced meanwhile. Would
/// catch frames that stay unforced for ever because nobody was woken for them. Deterministic.
class BacklogTest {

  private final Backlog backlog = new Backlog();

  @Test
  void the_first_frame_after_all_was_forced_asks_for_a_force() {
    assertThat(backlog.add(10, 100)).isTrue();
    assertThat(backlog.add(20, 100)).isFalse();
  }

  @Test
  void the_first_frame_during_a_force_asks_for_another_one() {
    assertThat(backlog.add(10, 100)).isTrue();
    backlog.forceBegins();

    assertThat(backlog.add(20, 50)).isTrue();

    assertThat(backlog.bytes()).isEqualTo(150);
    assertThat(backlog.ageNanos(30)).isEqualTo(20);
    backlog.forceEnds();
    assertThat(backlog.bytes()).isEqualTo(50);
    assertThat(backlog.ageNanos(30)).isEqualTo(10);
    assertThat(backlog.newAgeNanos(30)).isEqualTo(10);
  }
}
