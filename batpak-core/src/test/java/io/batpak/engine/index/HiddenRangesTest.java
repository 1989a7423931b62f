package io.batpak.engine.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.testing.Randoms;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

/// Proves that hidden ranges answer as a set of sequences does. Would catch a bound that is off by
/// one and ranges that touch. Seed: random, printed.
class HiddenRangesTest {

  @Test
  void answers_as_a_set_does() {
    Randoms.each(
        60,
        (random, size) -> {
          HiddenRanges ranges = HiddenRanges.NONE;
          var set = new BitSet();
          int end = 0;
          for (int i = random.nextInt(size); i > 0; i--) {
            int from = end + random.nextInt(3);
            end = from + 1 + random.nextInt(3);
            ranges = ranges.with(from, end);
            set.set(from, end);
          }
          for (int i = 0; i < end + 3; i++) {
            assertThat(ranges.contains(i)).isEqualTo(set.get(i));
            int range = ranges.rangeOf(i);
            assertThat(range >= 0).isEqualTo(set.get(i));
            if (range >= 0) {
              assertThat((long) i).isBetween(ranges.from(range), ranges.until(range) - 1);
            }
            int until = i + random.nextInt(5);
            assertThat(ranges.intersects(i, until)).isEqualTo(!set.get(i, until).isEmpty());
          }
        });
  }

  @Test
  void a_range_goes_behind_the_others() {
    HiddenRanges ranges = HiddenRanges.NONE.with(3, 5);

    assertThat(ranges.with(5, 6)).hasToString("[3..4, 5..5]");
    assertThat(ranges.count()).isEqualTo(1);
    assertThat(HiddenRanges.NONE.count()).isZero();
    for (long[] wrong : new long[][] {{4, 6}, {1, 2}, {7, 7}, {8, 7}, {-1, 0}}) {
      assertThatThrownBy(() -> ranges.with(wrong[0], wrong[1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
