/// From files to a store after a start.
///
/// # Rules
///
/// A segment with a footer that holds is taken as it is. The segments behind the last such one are
/// the *tail*: their frames are read. The tail may end anywhere, since pages that were never forced
/// may be missing in front of pages that did arrive. So a bad frame is judged by what was promised.
/// Let **D** be the highest sequence that any frame of the tail says was durable: its own sequence
/// minus `unforced` minus 1.
///
/// | found in the tail | meaning | what happens |
/// |---|---|---|
/// | zeros behind a closed batch, to the end of the file | clean end | nothing |
/// | a bad or missing frame above D | crash or power cut | cut behind the last closed batch; later segments are deleted |
/// | a batch without its last frame, above D | crash within a batch | the same |
/// | a file without a good header, whose first sequence is above D | crash at rotation | the file is deleted |
/// | a bad or missing frame, or a header, at or below D | damage | {@link io.batpak.failure.Corrupt}; nothing is changed |
///
/// Frames behind the bad one are found by trying every multiple of 8. Damage in front of the tail
/// is always {@link io.batpak.failure.Corrupt}, save that of a footer: the frames make a new index.
///
/// What is cut is zeroed and forced before the store takes an append, so that no later scan sees it
/// again. Later segments are deleted newest first, so that a crash in between leaves no gap.
///
/// # Format: store.id, version 1
///
/// 32 lowercase hexadecimal digits and a line feed: the 16 random bytes that name this history.
/// Rebuilt from the segments' headers if it is missing.
@NullMarked
package io.batpak.engine.recovery;

import org.jspecify.annotations.NullMarked;
