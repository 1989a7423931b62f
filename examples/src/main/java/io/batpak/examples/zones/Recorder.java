package io.batpak.examples.zones;

import io.batpak.Receipt;
import io.batpak.Store;
import io.batpak.config.StoreConfig;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/// Appends the history to a store, from where the store ends.
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
  /// @param acknowledged is told after each event how many the store holds
  static void record(Store store, History history, LongConsumer acknowledged) {
    for (int i = Math.toIntExact(store.end()); i < history.events().size(); i++) {
      History.Event event = history.events().get(i);
      Receipt receipt = store.append(event.coordinate(), event.payload());
      acknowledged.accept(receipt.sequence() + 1);
    }
  }
}
