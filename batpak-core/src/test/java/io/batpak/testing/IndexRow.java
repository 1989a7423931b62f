package io.batpak.testing;

import io.batpak.engine.frame.FrameEncoder;
import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.index.EventRow;
import io.batpak.event.Bytes;
import io.batpak.event.Hash;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A row of an index that no commit has made.
///
/// @param offset where the frame begins in the file
/// @param idHigh the upper half of the event id
/// @param idLow the lower half of the event id
/// @param counter the logical part of the clock
/// @param kind the kind's 16 bits
/// @param clock the entity's own counter
/// @param hash the event hash
/// @param key the idempotency key, or null
public record IndexRow(
    int offset,
    long idHigh,
    long idLow,
    int counter,
    int kind,
    long clock,
    Hash hash,
    @Nullable Bytes key) {

  /// Adds the row to an index.
  ///
  /// @param index gets it
  /// @param entity the entity
  /// @param scope the scope
  /// @param tags ascending, no duplicates
  public void addTo(ActiveIndex index, String entity, String scope, List<String> tags) {
    ActiveIndex.Name entityName = index.entity(entity);
    ActiveIndex.Name scopeName = index.scope(scope);
    addTo(index, entityName, scopeName, index.reserve(entityName, scopeName, kind, tags, 1));
  }

  /// Adds the row to an index that has room for it.
  ///
  /// @param index gets it
  /// @param entityName the entity
  /// @param scopeName the scope
  /// @param tagNames the tags
  public void addTo(
      ActiveIndex index,
      ActiveIndex.Name entityName,
      ActiveIndex.Name scopeName,
      ActiveIndex.Name[] tagNames) {
    int row = index.rows();
    var stamp = new FrameEncoder.Stamp();
    stamp.place(index.first() + row, clock);
    stamp.time(idHigh, idLow, counter);
    index.add(entityName, scopeName, tagNames, key, new EventRow(stamp, kind, offset, 0));
    index.hashes().add(hash);
  }
}
