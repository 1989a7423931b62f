package io.batpak.engine.index;

import io.batpak.event.Hash;
import java.util.List;

/// What is where in one segment. A row is an event's ordinal within the segment: its sequence minus
/// {@link #first()}.
///
/// Two implementations, and nothing else in the code knows which one it talks to: {@link
/// ActiveIndex}, written by the holder of the writer role, and {@link SealedIndex}, read in place
/// from a mapped footer. A reader of an active index must not look at rows at or beyond the visible
/// end that it took at its start.
public interface SegmentIndex {

  /// {@return the sequence of row 0}
  long first();

  /// {@return how many rows there are; for an active index, at least as many as are visible}
  int rows();

  /// {@return the sequence of the last event about a visibility fence, in this segment or any
  /// before it, or -1; for an active index, for the holder of the writer role}
  long lastFence();

  /// {@return where the frame begins in the file}
  ///
  /// @param row the event
  int offset(int row);

  /// {@return the upper half of the event id; its upper 48 bits are the wall time}
  ///
  /// @param row the event
  long idHigh(int row);

  /// {@return the lower half of the event id}
  ///
  /// @param row the event
  long idLow(int row);

  /// {@return the logical part of the clock}
  ///
  /// @param row the event
  int counter(int row);

  /// {@return the kind's 16 bits}
  ///
  /// @param row the event
  int kind(int row);

  /// {@return the entity}
  ///
  /// @param row the event
  String entity(int row);

  /// {@return the scope}
  ///
  /// @param row the event
  String scope(int row);

  /// {@return the entity's own counter}
  ///
  /// @param row the event
  long clock(int row);

  /// {@return the event hash}
  ///
  /// @param row the event
  Hash hash(int row);

  /// {@return the rows of one entity}
  ///
  /// @param name the entity
  Postings ofEntity(NameKey name);

  /// {@return the rows of one scope}
  ///
  /// @param name the scope
  Postings ofScope(NameKey name);

  /// {@return the rows with one tag}
  ///
  /// @param name the tag
  Postings withTag(NameKey name);

  /// {@return whether there may be a row of an entity: no at the price of a load, and yes now and
  /// then for one that is not there}
  ///
  /// @param name the entity
  boolean mayHaveEntity(NameKey name);

  /// {@return whether there may be a row with a tag, in the same manner}
  ///
  /// @param name the tag
  boolean mayHaveTag(NameKey name);

  /// {@return the last row with an idempotency key, or -1; for an active index, it may not be
  /// visible yet}
  ///
  /// @param key the key
  int rowWithKey(KeyProbe key);

  /// {@return the rows of one kind}
  ///
  /// @param kind the kind's 16 bits
  Postings ofKind(int kind);

  /// {@return the rows of each entity whose name begins with a prefix}
  ///
  /// @param prefix the beginning
  List<Postings> ofEntitiesFrom(NameKey prefix);

  /// {@return the rows of each kind of a category}
  ///
  /// @param category 0 to 15
  List<Postings> ofCategory(int category);

  /// {@return whether there may be a row of a category}
  ///
  /// @param category 0 to 15
  boolean mayHave(int category);

  /// {@return the names of all entities, in no particular order}
  List<String> entities();

  /// {@return the names of all scopes, in no particular order}
  List<String> scopes();

  /// {@return the kinds present, in no particular order}
  List<Integer> kinds();

  /// {@return the wall time, in milliseconds since the epoch}
  ///
  /// @param row the event
  default long wallMillis(int row) {
    return idHigh(row) >>> 16;
  }
}
