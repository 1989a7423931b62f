/// One event's bytes.
///
/// # Format: frame, version 3
///
/// ```text
/// [ len : u32 BE ][ crc : u32 BE ][ body : len bytes ][ zeros to a multiple of 8 ]
///                                   body = MessagePack array of 2: header, payload
/// ```
///
/// | offset | size | field | meaning |
/// |---|---|---|---|
/// | 0 | 4 | len | length of the body; 0 marks the end of written frames |
/// | 4 | 4 | crc | CRC-32 (IEEE) of the body |
/// | 8 | 1 | 0x92 | array of 2 |
/// | 9 | 1 | 0x9D | the header: array of 13, always in this narrow form |
/// | 10 | | elements 0 to 12 | below |
/// | | | payload | one MessagePack value, as the caller gave it, or erased |
///
/// Frames begin at multiples of 8 from the start of the file. A frame is at most {@link
/// FrameLayout#BODY_BYTES_MAX} long, and always shorter than its segment.
///
/// | # | element | MessagePack | note |
/// |---|---|---|---|
/// | 0 | sequence | uint | |
/// | 1 | event id | bin 16 | its upper 48 bits are the wall time |
/// | 2 | counter | uint | |
/// | 3 | kind | uint | 16 bits |
/// | 4 | version | uint | 16 bits |
/// | 5 | entity | str | |
/// | 6 | scope | str | |
/// | 7 | clock | uint | |
/// | 8 | tags | array of str | ascending, no duplicates |
/// | 9 | options | nil or array of 6 | nil exactly when flags is 0 and all others are absent |
/// | 10 | more | uint | 0 closes the batch |
/// | 11 | unforced | uint | |
/// | 12 | previous hash | bin 32 | |
///
/// | # | option | MessagePack | note |
/// |---|---|---|---|
/// | 0 | flags | uint | without the bit of an erased payload |
/// | 1 | position | array of 2 uints, or nil | lane, depth; nil at the root |
/// | 2 | correlation | bin 16 or nil | nil: the own id |
/// | 3 | causation | bin 16 or nil | |
/// | 4 | key | bin or nil | |
/// | 5 | extensions | map of str to bin, or nil | keys ascending |
///
/// All numbers, names and headers of arrays stand in the smallest form of MessagePack. The commit
/// knows elements 0 to 2, 7 and 10 to 12; the caller encodes the others before ({@link
/// FrameDraft}).
///
/// # Hashes
///
/// The **content hash** is Blake3 of the payload's bytes as stored. The **event hash** is Blake3 of
/// the header's bytes, from 0x9D to the end of element 12, followed by the 32 bytes of the content
/// hash. It commits to the payload through the content hash, to the entity's past through element
/// 12, and to everything else directly.
///
/// Neither is stored in the frame. The content hash follows from the payload beside it; the event
/// hash stands in the next event of the entity and in the segment's footer. So an event hash may be
/// computed after its frame is written, for many frames side by side ({@link EventHasher}).
///
/// # Erased payloads
///
/// A payload that is exactly the MessagePack ext `C7 20 45` with 32 bytes (type 0x45, 'E') is
/// **erased**: the 32 bytes are the content hash that it had, and they are its content hash now.
/// The event hash stays as it was, and with it the chain. A caller's payload of this form is
/// refused, as its hash would be whatever the caller says ({@link ErasedPayload}).
///
/// The header was hashed before the payload was erased, so it cannot change. Hence {@link
/// io.batpak.event.EventFlags#ERASED} is never stored: readers set it in the flags of an event
/// whose payload has this form, and refuse a header that has it.
///
/// # Why
///
/// *Two bytes as the mark*: recovery looks for frames behind damage. It reads a checksum only where
/// the mark and a plausible length stand, at multiples of 8; in random bytes that is one place in
/// millions. *One element for all options*: most events have none, and then a header with short
/// names fits two blocks of Blake3. *The previous hash last*: the payload begins right behind a
/// field of known length.
@NullMarked
package io.batpak.engine.frame;

import org.jspecify.annotations.NullMarked;
