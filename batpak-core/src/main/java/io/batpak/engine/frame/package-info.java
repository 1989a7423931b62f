/// One event's bytes.
///
/// # Format: frame, version 1
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
/// | 9 | 3 | 0xDC 0x00 0x14 | the header: array of 20, always in this wide form, so that a frame is known by its look |
/// | 12 | | elements 0 to 19 | below |
/// | | | payload | one MessagePack value, as the caller gave it |
///
/// Frames begin at multiples of 8 from the start of the file. A frame is at most {@link
/// FrameLayout#BODY_BYTES_MAX} long, and always shorter than its segment.
///
/// | # | element | MessagePack | note |
/// |---|---|---|---|
/// | 0 | sequence | uint | |
/// | 1 | event id | bin 16 | |
/// | 2 | wall | uint | equals the upper 48 bits of the id |
/// | 3 | counter | uint | |
/// | 4 | kind | uint | 16 bits |
/// | 5 | version | uint | |
/// | 6 | flags | uint | |
/// | 7 | entity | str | |
/// | 8 | scope | str | |
/// | 9 | clock | uint | |
/// | 10 | position | array of 2 uints, or nil | lane, depth; nil at the root |
/// | 11 | correlation | bin 16 or nil | nil: the own id |
/// | 12 | causation | bin 16 or nil | |
/// | 13 | tags | array of str | ascending, no duplicates |
/// | 14 | key | bin or nil | |
/// | 15 | extensions | map of str to bin, or nil | keys ascending |
/// | 16 | more | uint | 0 closes the batch |
/// | 17 | unforced | uint | |
/// | 18 | previous hash | bin 32 | |
/// | 19 | content hash | bin 32 | |
///
/// The **event hash** is Blake3 of the header's bytes, from 0xDC to the end of element 19. It
/// commits to the payload through element 19, to the entity's past through element 18, and to
/// everything else directly. It is not stored here: it stands in the next event of the entity and
/// in the segment's footer.
///
/// *Why a wide array header*: recovery looks for frames behind damage; four known bytes make a
/// false find cost nothing. *Why the content hash last*: the payload begins right behind a field of
/// known length.
@NullMarked
package io.batpak.engine.frame;

import org.jspecify.annotations.NullMarked;
