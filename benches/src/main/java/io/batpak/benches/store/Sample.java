package io.batpak.benches.store;

import io.batpak.annotations.EventPayload;

/// The payload of every event of the load: a record of one component. On the wire it is a map of
/// one pair, 8 bytes more than the component.
///
/// @param body 100 bytes of noise; not copied
@EventPayload(category = 0x1, type = 0x001)
@SuppressWarnings("ArrayRecordComponent") // what the peers are given; nobody compares samples
public record Sample(byte[] body) {}
