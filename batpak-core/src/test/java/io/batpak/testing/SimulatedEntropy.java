package io.batpak.testing;

import io.batpak.engine.platform.Entropy;
import java.util.random.RandomGenerator;

/// Randomness that is the same for the same seed.
public final class SimulatedEntropy implements Entropy {

  private final RandomGenerator random;

  /// Creates the source.
  ///
  /// @param seed any number
  public SimulatedEntropy(long seed) {
    this.random = Randoms.seeded(seed);
  }

  @Override
  public long nextLong() {
    return random.nextLong();
  }
}
