/// Assembly: opens, wires, closes. And the two ways through the house.
///
/// # The way of an event
///
/// | # | where | what |
/// |---|---|---|
/// | 1 | {@link io.batpak.Store} | arguments and limits; the payload's codec encodes |
/// | 2 | {@link io.batpak.engine.frame.FrameDraft} | what is known before the order is: names, options, payload and its hash, in one array |
/// | 3 | {@link io.batpak.engine.Engine#commit} | tries the commit; waits for a force while the bound on unforced frames stands against it |
/// | 4 | {@link io.batpak.engine.commit.Writer#commit} | takes the role; condition and chain from {@link io.batpak.engine.commit.Heads} |
/// | 5 | {@link io.batpak.engine.segment.SegmentLog} | room in the segment; a full one leaves by {@link io.batpak.engine.segment.SegmentLog#rotate} |
/// | 6 | {@link io.batpak.engine.commit.EventClock} | time and id; the sequence is the writer's next |
/// | 7 | {@link io.batpak.engine.frame.FrameEncoder} | the header's bytes, the event hash, the checksum |
/// | 8 | {@link io.batpak.engine.segment.ActiveSegment} | into the file, through the mapping or by position |
/// | 9 | {@link io.batpak.engine.index.ActiveIndex} | findable; room was reserved before step 6 |
/// | 10 | {@link io.batpak.engine.commit.Watermarks} | visible: the release-store that readers acquire first; the role ends |
/// | 11 | {@link io.batpak.engine.commit.Syncer} | durable, shared, if the answer must mean that |
/// | 12 | {@link io.batpak.Store} | receipt |
///
/// # The way of a query
///
/// | # | where | what |
/// |---|---|---|
/// | 1 | {@link io.batpak.Results} | a region, a direction, a limit |
/// | 2 | {@link io.batpak.engine.search.Snapshot} | the visible end, and the segments up to it |
/// | 3 | {@link io.batpak.engine.search.Search} | which segments can hold an answer, one after the other |
/// | 4 | {@link io.batpak.engine.search.Matcher} | which condition drives, what remains to be asked of a row |
/// | 5 | {@link io.batpak.engine.index.SegmentIndex} | postings and columns, active or sealed: {@link io.batpak.EventEntry} reads no further |
/// | 6 | {@link io.batpak.engine.segment.Segment} | the mapped bytes, for who wants the event itself |
/// | 7 | {@link io.batpak.engine.frame.FrameDecoder} | the frame's checksum, here and nowhere else |
/// | 8 | {@link io.batpak.payload.PayloadCodec} | typed record |
@NullMarked
package io.batpak.engine;

import org.jspecify.annotations.NullMarked;
