package io.batpak.testing;

import java.util.random.RandomGenerator;

/// One run of a property: builds inputs from a source of randomness and asserts what must hold.
@FunctionalInterface
public interface RandomBody {

  /// Runs once. All randomness must come from the argument, or the run cannot be repeated.
  ///
  /// @param random seeded for this run
  /// @param size how large the inputs may become, 1 to [Randoms#SIZE_MAX]
  /// @throws Exception like any failed assertion, fails the run
  void run(RandomGenerator random, int size) throws Exception;
}
