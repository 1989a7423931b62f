package io.batpak.testkit.simulated;

import io.batpak.engine.platform.Entropy;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Randomness that is the same for the same seed.
public final class SimulatedEntropy implements Entropy {

  private final RandomGenerator random;

  /// Creates the source.
  ///
  /// @param seed any number
  public SimulatedEntropy(long seed) {
    this.random = new SplittableRandom(seed);
  }

  @Override
  public long nextLong() {
    return random.nextLong();
  }
}
