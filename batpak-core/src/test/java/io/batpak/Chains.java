package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.engine.frame.Blake3;
import io.batpak.event.Hash;
import io.batpak.query.Region;
import java.util.HashMap;
import java.util.Map;

/// Checks a whole log as an auditor would: dense, every chain unbroken, every payload as hashed,
/// every batch closed.
final class Chains {

  private Chains() {}

  private record Head(long clock, Hash hash) {}

  static void verify(Store store) {
    verify(store.query(Region.all()), store.end());
  }

  static void verify(Results all, long end) {
    Map<String, Head> heads = new HashMap<>();
    long next = 0;
    int more = 0;
    for (StoredEvent event : all.events()) {
      var header = event.header();
      Head head = heads.getOrDefault(header.coordinate().entity(), new Head(-1, Hash.ZERO));
      byte[] payload = event.payload();
      assertThat(header.sequence()).isEqualTo(next);
      assertThat(header.clock()).isEqualTo(head.clock() + 1);
      assertThat(header.previousHash()).isEqualTo(head.hash());
      assertThat(event.contentHash()).isEqualTo(Blake3.hashOf(payload, 0, payload.length));
      assertThat(more == 0 || header.more() == more - 1).isTrue();
      heads.put(header.coordinate().entity(), new Head(header.clock(), event.hash()));
      more = header.more();
      next++;
    }
    assertThat(next).isEqualTo(end);
    assertThat(more).isZero();
  }
}
