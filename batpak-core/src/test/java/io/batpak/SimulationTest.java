package io.batpak;

import io.batpak.testing.Randoms;
import org.junit.jupiter.api.Test;

/// Proves that a store comes back from every crash with exactly what it answered for, or less where
/// it promised less. Would catch a lost, torn, doubled or changed event, a chain that does not go
/// on. Seeds are random and printed; -Dbatpak.seed replays, -Dbatpak.runs multiplies.
class SimulationTest {

  private static final int RUNS = 10_000;

  @Test
  void a_store_comes_back_from_every_crash_with_what_it_promised() {
    Randoms.each(
        RUNS,
        (random, size) -> {
          try (var walk = new StoreWalk(random)) {
            walk.run(2 + size / 3);
          }
        });
  }
}
