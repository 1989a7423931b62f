package io.batpak.testkit;

import io.batpak.Store;
import io.batpak.config.StoreConfig;
import io.batpak.engine.platform.Platform;
import io.batpak.engine.platform.SystemClock;
import io.batpak.engine.platform.SystemEntropy;
import io.batpak.engine.platform.SystemThreads;
import io.batpak.payload.Catalogue;
import io.batpak.testkit.simulated.SimulatedDisk;

/// A store in memory: the real one, with real threads and the real time, over a disk that nothing
/// outlives. For tests that use several threads, or want a store and no files.
///
/// Durable means what it says, to a disk that has neither crashes nor faults and forces at once:
/// for those, see [Simulation].
public final class MemoryStore {

  private MemoryStore() {}

  /// {@return an empty store with the payload codecs of the class path or module path}
  public static Store open() {
    return open(Simulation.config(), Catalogue.load());
  }

  /// {@return an empty store}
  ///
  /// @param config the settings; the directory is only a name. Every segment takes twice its length
  ///   in memory
  /// @param catalogue the payload codecs
  public static Store open(StoreConfig config, Catalogue catalogue) {
    var disk = SimulatedDisk.unclosed(0, Simulation.fileBytesMax(config));
    var platform = new Platform(disk, new SystemClock(), new SystemThreads(), new SystemEntropy());
    return Store.open(platform, config, catalogue);
  }
}
