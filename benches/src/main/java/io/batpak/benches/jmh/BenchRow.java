package io.batpak.benches.jmh;

import io.batpak.engine.frame.FrameEncoder;
import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.index.EventRow;
import io.batpak.event.Bytes;
import io.batpak.event.Hash;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A row of an index that no commit has made.
///
/// @param offset where the frame would begin
/// @param idHigh upper half of the event id
/// @param clock the entity's own counter
/// @param kind the kind's 16 bits
/// @param key the idempotency key, or null
record BenchRow(int offset, long idHigh, long clock, int kind, @Nullable Bytes key) {

  void addTo(ActiveIndex index, String entity, String scope, List<String> tags) {
    ActiveIndex.Name entityName = index.entity(entity);
    ActiveIndex.Name scopeName = index.scope(scope);
    ActiveIndex.Name[] tagNames = index.reserve(entityName, scopeName, kind, tags, 1);
    var stamp = new FrameEncoder.Stamp();
    stamp.place(index.first() + index.rows(), clock);
    stamp.time(idHigh, ~idHigh, 0);
    index.add(entityName, scopeName, tagNames, key, new EventRow(stamp, kind, offset, 0));
    index.hashes().add(Hash.ZERO);
  }
}
