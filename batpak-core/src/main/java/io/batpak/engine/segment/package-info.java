/// A file of frames, its header and its footer; and the log, which is the files in order.
///
/// # Format: segment, version 3
///
/// ```text
/// [ "FBAT" ][ length : u32 BE ][ crc : u32 BE ][ header : length bytes ] zeros to a multiple of 8
/// frames back to back, see io.batpak.engine.frame
/// active: zeros to the end of the file       sealed: SIDX footer, see io.batpak.engine.index
/// ```
///
/// The file's name is the sequence of its first event, at least 12 decimal digits, and `.fbat`. The
/// name with `.next` behind it is a preallocated successor that is not in use: it is deleted when a
/// store opens.
///
/// `crc` is the CRC-32 of the header, a MessagePack map:
///
/// | key | type | meaning |
/// |---|---|---|
/// | format | uint | 3; another one is refused |
/// | store | bin 16 | the store's id |
/// | first | uint | sequence of the first event |
/// | created | uint | wall time of creation, milliseconds since the epoch; for people |
/// | previous | bin 32 | event hash of the last event of the segment before; zeros in the first |
///
/// Unknown keys are ignored. A file is at most {@link SegmentLayout#BYTES_MAX} long without its
/// footer.
///
/// # What survives
///
/// Frames reach the active file from the ring ({@link io.batpak.engine.ring}), by position; the
/// file is mapped for reading only. Space for them is written as zeros before they are answered, so
/// that a full disk shows in time, and forced ahead where callers want to be durable. The name of a
/// successor is forced before it is prepared further, so at most the newest name is not durable.
/// Sealing works out the event hashes that are missing, forces the frames, then writes the footer,
/// then forces again, then cuts the file behind the footer: a footer that holds says that its
/// frames were durable.
@NullMarked
package io.batpak.engine.segment;

import org.jspecify.annotations.NullMarked;
