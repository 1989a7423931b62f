package io.batpak.examples.zones;

import io.batpak.Store;
import io.batpak.config.StoreConfig;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/// Appends the history to a store.
final class Recorder {

  /// Small, so that the demo has several segments to show.
  private static final int SEGMENT_BYTES = 2 << 20;

  private Recorder() {}

  /// {@return the store of a directory, open}
  static Store open(Path directory) {
    return Store.open(StoreConfig.of(directory).withSegmentBytes(SEGMENT_BYTES));
  }

  /// Appends what is missing, one event after the other.
  ///
  /// @param present how many events of the history the store holds
  /// @param acknowledged is told after each event how many it holds then
  static void record(Store store, History history, long present, LongConsumer acknowledged) {
    for (int i = Math.toIntExact(present); i < history.events().size(); i++) {
      History.Event event = history.events().get(i);
      var _ = store.append(event.coordinate(), event.payload());
      acknowledged.accept(i + 1);
    }
  }
}
