/// The commit: order, decide, write, publish; what leads to it and what follows it.
///
/// ```text
/// append ───────────────────────────► Committer ──► Writer (the role) ──► Decider   may it be made?
/// submit ──► SubmissionQueue ──►        ▲  │          short way, or Turn   Staging   order, encode,
///                                       │  └─ waits, wakes, answers                  index
///                         Syncer ───────┘                                 ──► ring, marks
///                         one drain and one force for all that wait
/// ```
///
/// | file | what it owns |
/// |---|---|
/// | {@link CommitRequest}, {@link Check} | what is wanted, and what must be true |
/// | {@link Committer} | the ways in and out; the one way to take a turn |
/// | `SubmissionQueue`, {@link Submission} | what is on its way, and its answer |
/// | {@link Writer}, `Turn` | the role; the short way; what stops writing |
/// | `Fences` | the visibility fence |
/// | `Decider`, `Heads` | keys and conditions; the last event of an entity |
/// | `Staging`, `EventClock` | the commits of a turn until they are written; time and ids |
/// | {@link Syncer}, `Backlog`, `Completion` | forces; what is unforced; waiting |
/// | {@link Watermarks} | how far things are |
///
/// # Order
///
/// Exactly one thread at a time holds the writer role, which is the monitor of {@link Writer}. Only
/// its holder assigns sequences, mints ids, encodes frames and adds to the index, so that positions
/// are dense and ascend with ids, clocks and the visible end.
///
/// An append without key and condition takes the short way: one method of the role, which allocates
/// the event's row and nothing else. Everything else takes a *turn*: first what was queued before
/// it, then its own. A turn decides, encodes and indexes each commit at once, so that the next one
/// sees it, writes all of them into the ring with one copy, and publishes them together. A caller
/// that has submitted something finds the queue not empty and takes a turn, which commits its
/// submission first: one caller's commits keep their order, whichever way each of them goes.
///
/// What can be done outside the role is done outside. Before it: encoding the payload, and looking
/// up conditions and keys in everything that is visible by then; the role looks only at what has
/// been committed since. After it: waking threads, forcing, completing callers. The event hash is
/// neither: it is a function of bytes that are fixed when the frame has been encoded. It is worked
/// out in the background, many side by side, or by the thread that needs it first: the role for the
/// entity's next event, a reader, a receipt.
///
/// Within the role everything that can fail for lack of room comes before the first change: the
/// decision, space in the file, room in the ring, room in the index. From the first change on only
/// assignments and copies follow. A flag is set before that and reset after it; found set later, it
/// shows that an error of the virtual machine ended a commit in between, and writing ends.
///
/// # Who waits for whom
///
/// | a thread | waits for | which never waits for it because |
/// |---|---|---|
/// | an appender | the role | its holder waits for no thread, save the one that drains when the ring is full |
/// | the holder of the role, ring full | the drain | the drain takes no role; it writes into the page cache |
/// | an appender, bound reached | a force | forces take the role for two assignments each |
/// | a durable caller, alone | its own drain and force | |
/// | durable callers, several | the sync thread: one turn, one drain, one force for all of them | |
/// | a reader | nobody | |
///
/// A lone durable caller on a platform thread forces for itself, since any hand-over costs more.
/// Virtual callers, and callers that find others waiting, queue their commit and are completed by
/// the sync thread. A waiter is noticed in one of two ways: it pushes itself on a stack and then
/// looks at the mark, while the thread that moves the mark does so before it looks at the stack;
/// full fences in between make it impossible that each misses the other.
///
/// # After a crash
///
/// What the short way or a turn has published stands in the ring, a file of its own, so a killed
/// process loses none of it: the next opening writes into the segment what was not drained ({@link
/// io.batpak.engine.ring}). A turn that was cut short has not stored the length of its first frame,
/// so that none of it is found. A batch is one run of frames that says how many follow; one without
/// its last frame is cut ({@link io.batpak.engine.recovery}).
///
/// A power cut keeps what a force has covered. Every frame records how many sequences before it
/// were not known to be durable when it was encoded, so that recovery can tell what was promised. A
/// failed write or force is final: the writer stops with it, callers that wait get it, and nothing
/// written since the last good force is ever reported durable.
@NullMarked
package io.batpak.engine.commit;

import org.jspecify.annotations.NullMarked;
