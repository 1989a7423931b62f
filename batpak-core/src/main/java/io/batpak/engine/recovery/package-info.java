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
/// Later segments are deleted newest first, so that a crash in between leaves no gap. The segment
/// in which the log ends is then written anew, without what is cut.
///
/// # Bytes that no force has covered
///
/// When a force fails, the system drops the pages that it could not write and marks them clean. The
/// page cache then shows bytes that the disk lacks, to this process and to later ones, and a later
/// force succeeds without them. So recovery may read frames that are not on the disk, and a force
/// of their file does not bring them there. Nor does writing them again at the same place: if ext4
/// fails to write a block that has never been written, the block keeps its mark "unwritten", while
/// the page in the cache counts as written. Whatever goes through that page later, new frames and
/// zeros too, reads as zeros once the cache has gone.
///
/// Therefore {@link Repair} copies a segment of the tail into a new file, forces it and gives it
/// the segment's name, if any frame in it is above everything that is known to have been durable:
/// above D, and behind the end that the last clean close has recorded. The header, the name and the
/// space behind the frames are then new as well. The old file is untouched until the rename, so a
/// process that is killed before has lost nothing. If frames go from the cache while they are
/// copied, the copy fails its checksums and the opening fails; the next one judges what the disk
/// has.
///
/// What else is read that this process has not forced:
///
/// - A footer is written when the frames before it have been forced. If it is lost, the frames make
///   a new index.
/// - `store.id` and `store.end` get their names when their bytes have been forced.
/// - A failed force of the directory may drop names as that of a file drops bytes, until the
///   directory is changed again. Wherever a name can be in doubt, one is changed before the
///   directory is forced: a segment is written anew, or a file is deleted.
/// - The zeros ahead of the writer belong to the file that is replaced.
///
/// # Format: store.end, version 1
///
/// The sequence behind the last event in decimal digits, at most 18, and a line feed: everything
/// before it was durable when the store was closed, and no force of that process had failed.
/// Written by a clean close, deleted by the next opening. Anything else in the file, or a sequence
/// behind the end of the log, counts as no record. Without it an opening has more to do.
///
/// # Format: store.id, version 1
///
/// 32 lowercase hexadecimal digits and a line feed: the 16 random bytes that name this history.
/// Rebuilt from the segments' headers if it is missing.
@NullMarked
package io.batpak.engine.recovery;

import org.jspecify.annotations.NullMarked;
