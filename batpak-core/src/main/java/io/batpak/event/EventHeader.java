package io.batpak.event;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything about an event but its payload, as it is stored and hashed.
///
/// @param sequence position in the store: dense from 0, equal to commit order
/// @param id the event's identity
/// @param hlc when it was committed
/// @param kind what it is
/// @param version schema version of the payload, 1 and up; 0 for an untyped payload
/// @param flags bits of {@link EventFlags}; {@link EventFlags#ERASED} is not stored but read from
///   the form of the payload
/// @param coordinate where it lives
/// @param clock the entity's own counter: 0, 1, 2 …
/// @param position the caller's hint
/// @param correlation the id of the event that began the conversation; the own id for one that
///   begins it
/// @param causation the event that this one answers
/// @param tags ascending, no duplicates
/// @param key the idempotency key
/// @param extensions opaque to the store, covered by the hash
/// @param more how many events of the same batch follow
/// @param unforced how many sequences before this one were not yet known to be durable when it was
///   written
/// @param previousHash the event hash of the entity's previous event; {@link Hash#ZERO} for its
///   first
public record EventHeader(
    long sequence,
    EventId id,
    Hlc hlc,
    EventKind kind,
    int version,
    int flags,
    Coordinate coordinate,
    long clock,
    LanePosition position,
    EventId correlation,
    Optional<EventId> causation,
    List<String> tags,
    Optional<Bytes> key,
    Map<String, Bytes> extensions,
    int more,
    long unforced,
    Hash previousHash) {

  /// Copies the collections.
  public EventHeader {
    tags = List.copyOf(tags);
    extensions = Map.copyOf(extensions);
  }
}
