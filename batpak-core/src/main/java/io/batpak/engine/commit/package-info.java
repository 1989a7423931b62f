/// The commit: order, decide, hash, write, publish; what leads to it and what follows it.
///
/// ```text
/// synchronous caller ──────────────► Committer ──► Writer (the role) ──► Decider    may it be made?
/// submitter ──► SubmissionQueue ──►    ▲  │            one Turn          Staging    order, hash, index
///                                      │  └─ waits, wakes, answers                  one write
///                        Syncer ───────┘     one force for all that wait
/// ```
///
/// Exactly one thread at a time holds the role, which is the monitor of {@link Writer}. Only its
/// holder assigns sequences, writes frames and adds to the index. What a caller can do beforehand
/// it has done: encoding and hashing the payload stand in the {@link CommitRequest}, and so does
/// what the log said about its conditions and keys up to then. What can wait is done after the role
/// is given back: waking threads, forcing, answers.
///
/// | file | what it owns |
/// |---|---|
/// | {@link CommitRequest}, {@link Check} | what is wanted, and what must be true |
/// | {@link Committer} | the ways in and out |
/// | `SubmissionQueue`, {@link Submission} | what is on its way, and its answer |
/// | {@link Writer}, `Turn` | the role; fences; what stops writing |
/// | `Decider`, `Heads` | keys and conditions; the last event of an entity |
/// | `Staging`, `EventClock` | the commits of a turn until they are written; time and ids |
/// | {@link Syncer}, `Backlog`, `Completion` | forces; what is unforced; waiting |
/// | {@link Watermarks} | how far things are |
@NullMarked
package io.batpak.engine.commit;

import org.jspecify.annotations.NullMarked;
