/// Assembly: opens, wires, closes. And the two ways through the house.
///
/// # The way of an event
///
/// | # | where | what |
/// |---|---|---|
/// | 1 | {@link io.batpak.Store} | arguments and limits; encode, hash the payload: {@link io.batpak.engine.commit.Intent} |
/// | 2 | {@link io.batpak.engine.commit.Writer} | takes the role; condition, head, segment, room |
/// | 3 | {@link io.batpak.engine.commit.EventClock} | time, sequence, id |
/// | 4 | {@link io.batpak.engine.frame.FrameEncoder} | the header's bytes, the event hash, the checksum |
/// | 5 | {@link io.batpak.engine.segment.ActiveSegment} | into the file; rotation leaves by {@link io.batpak.engine.segment.SegmentLog#rotate} |
/// | 6 | {@link io.batpak.engine.index.ActiveIndex} | findable |
/// | 7 | {@link io.batpak.engine.commit.Watermarks} | visible: the one release-store of the way |
/// | 8 | {@link io.batpak.engine.commit.Syncer} | durable, shared |
/// | 9 | {@link io.batpak.Store} | receipt |
///
/// # The way of a query
///
/// | # | where | what |
/// |---|---|---|
/// | 1 | {@link io.batpak.Results} | a region, a direction, a limit |
/// | 2 | {@link io.batpak.engine.search.Search} | which segments can hold an answer |
/// | 3 | {@link io.batpak.engine.index.SegmentIndex} | postings, active or sealed, up to the visible end taken at the start |
/// | 4 | {@link io.batpak.engine.segment.Segment} | row → mapped bytes |
/// | 5 | {@link io.batpak.engine.frame.FrameDecoder} | checksum here and nowhere else |
/// | 6 | {@link io.batpak.payload.PayloadCodec} | typed record |
@NullMarked
package io.batpak.engine;

import org.jspecify.annotations.NullMarked;
