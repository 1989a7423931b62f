/// Assembly: opens, wires, closes. And the two ways through the house.
///
/// # The way of an event
///
/// | # | where | what |
/// |---|---|---|
/// | 1 | {@link io.batpak.Store}, `Requests` | arguments and limits; conditions become checks; the payload's codec encodes |
/// | 2 | {@link io.batpak.engine.frame.FrameDraft} | what is known before the order is: names, options and payload, in one array |
/// | 3 | {@link io.batpak.engine.commit.CommitRequest} | the drafts of one commit, its checks, and what is worked out for them beforehand |
/// | 4 | {@link io.batpak.engine.commit.Committer} | in place, or through the queue; waits for a force while the bound on unforced frames is reached. An event without key and condition goes on at 6 at once, without a request and a turn |
/// | 5 | `Decider` | looks through the log for keys and conditions, still on the caller's thread |
/// | 6 | {@link io.batpak.engine.commit.Writer} | takes the role for a turn: what was queued before first, then its own; who may write under a fence |
/// | 7 | `Decider`, `Heads` | key, then conditions, against what has come since: the outcome may be fixed here |
/// | 8 | {@link io.batpak.engine.segment.SegmentLog} | room in the segment; a full one leaves by {@link io.batpak.engine.segment.SegmentLog#rotate} |
/// | 9 | `Staging`, `EventClock` | the place: sequence, clock and chain from the entity's head, found with the entity's name by one look-up; time and id |
/// | 10 | {@link io.batpak.engine.frame.FrameEncoder} | the header's bytes, the checksum |
/// | 11 | {@link io.batpak.engine.index.ActiveIndex} | known to the commits behind it; room was reserved before step 9. Readers do not look so far yet |
/// | 12 | {@link io.batpak.engine.segment.ActiveFrames}, {@link io.batpak.engine.ring.Ring} | into the ring, one copy for the whole turn; the process may end now |
/// | 13 | {@link io.batpak.engine.commit.Watermarks} | visible, if no fence is active: the release-store that readers acquire first; the role ends |
/// | 14 | {@link io.batpak.engine.segment.SegmentLog#drain}, `DeferredHashes` | in the background, or when it is needed: the event hash; from the ring into the segment file |
/// | 15 | {@link io.batpak.engine.commit.Syncer} | durable, shared, if the answer must mean that |
/// | 16 | {@link io.batpak.Store}, `Answers` | receipt or refusal; through the queue it comes by a {@link io.batpak.engine.commit.Submission} |
///
/// # The way of a query
///
/// | # | where | what |
/// |---|---|---|
/// | 1 | {@link io.batpak.Results} | a query, a direction, a limit |
/// | 2 | {@link io.batpak.engine.search.Snapshot} | the visible end, the segments up to it, and what is hidden on the way |
/// | 3 | {@link io.batpak.engine.search.PreparedQuery} | its names worked out once, for any number of searches |
/// | 4 | {@link io.batpak.engine.search.Search} | one region, or several merged; which segments can hold an answer, one after the other |
/// | 5 | {@link io.batpak.engine.search.Matcher} | which condition drives, what remains to be asked of a row |
/// | 6 | {@link io.batpak.engine.index.SegmentIndex} | postings and columns, active or sealed: {@link io.batpak.EventEntry} reads no further |
/// | 7 | {@link io.batpak.engine.segment.Segment} | the frame, in the mapped file or in the ring, for a caller that reads the event itself |
/// | 8 | {@link io.batpak.engine.frame.FrameDecoder} | the frame's checksum, here and nowhere else |
/// | 9 | {@link io.batpak.payload.PayloadCodec} | typed record |
@NullMarked
package io.batpak.engine;

import org.jspecify.annotations.NullMarked;
