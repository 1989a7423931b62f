/// What is where in a segment, active or sealed.
///
/// # Format: SIDX, version 2
///
/// The footer of a sealed segment is its index, mapped and read in place. All numbers are
/// little-endian; every section begins at a multiple of 8 from the start of the file.
///
/// ```text
/// frames … | body: head, directory, sections … | trailer
/// ```
///
/// Trailer, {@link SidxLayout#TRAILER_BYTES} bytes, last in the file:
///
/// | offset | size | field | meaning |
/// |---|---|---|---|
/// | 0 | 8 | body offset | from the start of the file; also where the frames end, rounded up to 8 |
/// | 8 | 8 | body length | body offset + body length + trailer = length of the file |
/// | 16 | 4 | body crc | CRC-32 of the body |
/// | 20 | 4 | head crc | CRC-32 of head and directory |
/// | 24 | 4 | format | 2; 1 is read as well |
/// | 28 | 4 | magic | the bytes `SIDX` |
///
/// Head of the body, 96 bytes:
///
/// | offset | size | field | meaning |
/// |---|---|---|---|
/// | 0 | 8 | first | sequence of row 0 |
/// | 8 | 4 | rows | count of events, at least 1; the last sequence is first + rows - 1 |
/// | 12 | 4 | sections | count of directory entries |
/// | 16 | 16 | first id | upper half, lower half |
/// | 32 | 16 | last id | upper half, lower half |
/// | 48 | 4 | first counter | with the wall time in the first id: the first HLC |
/// | 52 | 4 | last counter | |
/// | 56 | 32 | last hash | event hash of the last event |
/// | 88 | 8 | last fence | 1 + the sequence of the last event about a visibility fence (kinds 0:010 to 0:012), in this segment or any before; 0 if there is none |
///
/// Opening a store checks trailer, head and directory, a few hundred bytes. The body's checksum is
/// checked before the index answers for the first time, so that opening costs the same however much
/// a segment holds.
///
/// Directory: one entry of 24 bytes per section, in ascending order of id. Sections with an unknown
/// id are ignored; a missing one of ids 30 and up is empty.
///
/// | offset | size | field | meaning |
/// |---|---|---|---|
/// | 0 | 4 | id | below |
/// | 4 | 4 | width | bytes of one number: 1, 2, 4 or 8; 0 for bytes |
/// | 8 | 8 | offset | from the start of the body |
/// | 16 | 8 | length | in bytes |
///
/// | id | section | content |
/// |---|---|---|
/// | 1 | offset | per row: where its frame begins, from the start of the file |
/// | 2, 3 | id | per row: upper and lower half of the event id; the wall time is its upper 48 bits |
/// | 4 | counter | per row |
/// | 5 | kind | per row |
/// | 6, 7 | entity, scope | per row: number in the dictionary |
/// | 8 | clock | per row |
/// | 9 | hash | per row: 32 bytes, the event hash |
/// | 10–13 | entities | a dictionary |
/// | 20–23 | scopes | a dictionary |
/// | 30–33 | tags | a dictionary |
/// | 40–43 | keys | a dictionary of idempotency keys |
/// | 50 | kinds | the kinds present, ascending |
/// | 52, 53 | kinds' postings | as 12 and 13 |
/// | 60 | filter | Bloom filters over the entities: an even count of 8-byte words, see {@link WordFilter} |
/// | 61 | filter of tags | the same over the tags; with a dictionary of tags |
/// | 62 | filter of keys | the same over the keys; with a dictionary of keys |
///
/// A dictionary is four sections: x0 starts of the names (count + 1 numbers), x1 the names' UTF-8
/// bytes in ascending order, x2 starts of the posting lists (count + 1 numbers), x3 the rows of
/// each, ascending.
///
/// An idempotency key that stands on several rows is listed with the last of them.
///
/// Version 1 has 0 at offset 88 of the head, no sections 61 and 62, and in section 60 an {@link
/// EntityFilter}, a power of two of words. Nothing else differs.
///
/// Numbers are stored as unsigned in the smallest width that holds the largest of the section, so
/// that a usual segment stays below 90 bytes per event. *Why the wall time has no column*: it is
/// the upper part of the id. *Why the last fence is in the head*: opening a store has to know
/// whether one was left open, and what was cancelled is found from there, without a look into any
/// body.
@NullMarked
package io.batpak.engine.index;

import org.jspecify.annotations.NullMarked;
