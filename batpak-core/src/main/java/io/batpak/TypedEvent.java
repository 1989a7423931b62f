package io.batpak;

/// An event with its payload decoded.
///
/// @param entry what the index knows of it
/// @param payload the payload
/// @param <T> the payload record
public record TypedEvent<T extends Record>(EventEntry entry, T payload) {}
