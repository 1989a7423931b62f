/// The ring: where new frames stand until a background thread has written them into their segment.
///
/// A store that answers as soon as an event survives the process copies its frames into a small
/// mapped file and answers. The file is never forced, so the copy costs no system call, and forcing
/// the segment never has to write-protect a page that an appender is about to touch. The frames are
/// then *drained*: written by position into the segment file, which is mapped for reading only.
///
/// # Format: ring, version 1
///
/// ```text
/// store.ring:  [ header, 4096 bytes ][ slots : capacity bytes ]
/// ```
///
/// | offset | size | field | meaning |
/// |---|---|---|---|
/// | 0 | 4 | magic | the bytes `RING` |
/// | 4 | 4 | format | 1, little-endian, as all numbers here |
/// | 8 | 16 | store | the store's id |
/// | 24 | 4 | capacity | bytes of slots, a power of two |
/// | 28 | 4 | crc | CRC-32 of bytes 0 to 27 |
/// | 32 | | | zeros to 4096 |
///
/// A byte that belongs at offset *o* of the active segment stands at *o* modulo the capacity of the
/// slots. Frames stand there as they will stand in the segment, see `io.batpak.engine.frame`; one
/// that meets the end of the slots goes on at their start. Every slot that holds no undrained frame
/// is zero: a frame is drained, and only then its slots are cleared. A segment is drained before
/// its successor takes over, so the slots hold frames of one segment at a time.
///
/// The file is made by the first append of a process and deleted by a clean close. The header is
/// written last, when the slots have been zeroed.
///
/// # After a crash
///
/// A killed process leaves the ring as it was. Let *E* be the end of the last closed batch in the
/// segment file and *n* the sequence that follows it. The frames that stand in the ring from the
/// slot of *E* on, with sequences *n*, *n* + 1, …, ascending event ids and checksums that hold,
/// continue the segment, up to the last closed batch among them. Opening writes them into the
/// segment by position, forces it, and deletes the ring before the store takes an append.
///
/// After a power cut each page of the ring may be missing or old. The same rule judges it: a frame
/// of an earlier lap has a lower sequence, and a torn one fails its checksum. What still continues
/// the segment is kept, although nothing promised it; the rest is ignored.
///
/// | found | what happens |
/// |---|---|
/// | no file, an empty one, or a header of zeros | no frames: the process ended before its first append |
/// | a header that does not hold | no frames, and opening reports it: a power cut tore the header, or the file is damaged |
/// | a header of another store | {@link io.batpak.failure.ForeignFile} |
/// | a newer format | {@link io.batpak.failure.FormatTooNew} |
/// | slots shorter than the capacity | the missing part counts as zeros |
@NullMarked
package io.batpak.engine.ring;

import org.jspecify.annotations.NullMarked;
