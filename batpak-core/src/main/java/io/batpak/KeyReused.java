package io.batpak;

import io.batpak.event.Bytes;
import io.batpak.event.EventId;

/// An idempotency key is known with another content: another coordinate, kind or payload, or a
/// batch of other events. Nothing was written.
///
/// @param item which event of the batch has the key, from 0
/// @param key the key
/// @param sequence where the event stands that has it already
/// @param event that event
public record KeyReused(int item, Bytes key, long sequence, EventId event) implements Refusal {}
