package io.batpak.benches.store;

import io.batpak.NewEvent;
import io.batpak.Store;
import io.batpak.benches.Subject;
import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.event.Coordinate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The child before the trials with cold entities: gives every one of {@link ColdEntities} one
/// event, then fills a segment's length more, because the last segment has no footer.
///
/// Closing seals what is full and makes everything durable, so that a trial begins without work
/// left over.
public final class ColdFill {

  private static final int BATCH_COUNT = 128;
  private static final Coordinate REST = Coordinate.of("rest", "bench");
  private static final int REST_BYTES = 1 << 20;

  private ColdFill() {}

  /// Fills a store.
  ///
  /// @param arguments the directory, which is empty, and the count of entities
  public static void main(String[] arguments) {
    int count = Integer.parseInt(arguments[1]);
    StoreConfig config = StoreConfig.of(Path.of(arguments[0])).withSync(SyncPolicy.osDecides());
    try (Store store = Store.open(config)) {
      var random = new Random(count);
      for (int first = 0; first < count; first += BATCH_COUNT) {
        append(store, first, random);
      }
      for (long bytes = 0; bytes <= config.segmentBytes(); bytes += REST_BYTES) {
        var _ = store.append(REST, new Sample(new byte[REST_BYTES]));
      }
    }
  }

  private static void append(Store store, int first, Random random) {
    List<NewEvent> items = new ArrayList<>(BATCH_COUNT);
    for (int i = 0; i < BATCH_COUNT; i++) {
      byte[] body = new byte[Subject.PAYLOAD_BYTES];
      random.nextBytes(body);
      items.add(NewEvent.of(ColdEntities.coordinate(first + i), new Sample(body)));
    }
    var _ = store.appendBatch(items);
  }
}
