package io.batpak.payload;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Runs a property many times, each with a seed of its own and a size that grows. A failure names
/// its seed and size; `-Dbatpak.seed=` makes every run that of one seed.
final class Seeds {

  private static final int SIZE_MAX = 100;

  private Seeds() {}

  interface Property {
    void check(RandomGenerator random, int size) throws Exception;
  }

  static void each(int runs, Property property) {
    RandomGenerator seeds = RandomGenerator.getDefault();
    for (int run = 0; run < runs; run++) {
      long seed = Long.getLong("batpak.seed", seeds.nextLong());
      int size = 1 + run * SIZE_MAX / runs;
      try {
        property.check(seeded(seed), size);
      } catch (Exception | AssertionError | StackOverflowError failure) {
        throw new AssertionError("seed " + seed + ", size " + size + ": " + failure, failure);
      }
    }
  }

  private static RandomGenerator seeded(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }
}
