/// What is where in a segment, active or sealed.
///
/// # Format: SIDX, version 3
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
/// | 24 | 4 | format | 3 |
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
/// | 6, 7 | entity, scope | per row: rank in the dictionary |
/// | 8 | clock | per row |
/// | 9 | hash | per row: 32 bytes, the event hash |
/// | 10–13 | entities | a dictionary |
/// | 20–23 | scopes | a dictionary |
/// | 30–33 | tags | a dictionary; absent without tags |
/// | 40–43 | keys | a dictionary of idempotency keys; absent without keys |
/// | 50 | kinds | the kinds present, ascending |
/// | 51 | kinds | count + 1 numbers: where each kind's rows begin in section 52 |
/// | 52 | kinds | the rows of each kind, ascending |
/// | 60 | filter | a filter over the entities |
/// | 61 | filter of tags | the same over the tags, with a dictionary of tags |
/// | 62 | filter of keys | the same over the keys, with a dictionary of keys |
///
/// Numbers are stored as unsigned in the smallest width that holds the largest of the section, so
/// that a usual segment stays below 90 bytes per event. Slots of a table have a width of 4, words
/// of a filter one of 8.
///
/// ## Dictionary
///
/// | id | section | content |
/// |---|---|---|
/// | x0 | starts | count + 1 pairs: where the name begins in x1, where its rows begin in x2; the last pair is the ends |
/// | x1 | names | the names' UTF-8 bytes, in ascending order as unsigned bytes, without duplicates; idempotency keys as they are |
/// | x2 | rows | the rows of each name, ascending |
/// | x3 | table | the names by their hashes |
///
/// The *rank* of a name is its ordinal, from 0, in that order. An idempotency key that stands on
/// several rows is listed with the last of them. The order serves prefixes; one name is found by
/// its hash.
///
/// ## Fingerprint
///
/// 64 bits of a name's bytes; all arithmetic is modulo 2 to the power of 64, and `>>>` fills with
/// zeros:
///
/// ```text
/// h = CBF29CE484222325
/// for each byte b, as unsigned:  h = (h xor b) * 100000001B3
/// h = (h xor h >>> 33) * FF51AFD7ED558CCD
/// h = (h xor h >>> 33) * C4CEB9FE1A85EC53
/// fingerprint = h xor h >>> 33
/// ```
///
/// ## Table
///
/// Slots of 4 bytes, for a dictionary of `count` names:
///
/// ```text
/// homes = count + count / 3 + 1
/// bits  = the bits of count without leading zeros, e.g. 10 for 1 000
/// mixed = fingerprint * 9E3779B97F4A7C15
/// home  = (mixed >>> 32) * homes >>> 32
/// check = the lower 32 bits of mixed, without their lowest `bits` bits
/// slot  = check | rank + 1, or 0 for a free one
/// ```
///
/// The writer takes the names by ascending home, those of one home by rank, and gives each the
/// first slot that is neither before its home nor before the slot behind the last one given. A name
/// whose slot would be 32 or more behind its home gets none. The section ends with the last slot
/// given; those behind it are free.
///
/// A reader looks at up to 32 slots from the home on. A free one means that the name is not there.
/// A slot with the name's check bits gives a rank, whose bytes are compared. If all 32 are taken by
/// others, the name may be one without a slot, and the reader searches the names by bisection.
///
/// ## Filter
///
/// A Bloom filter of `words` = count * 12 / 64 words, rounded up:
///
/// ```text
/// word = (fingerprint >>> 32) * words >>> 32
/// bits = the four of numbers 0 to 63 in bits 0–5, 6–11, 12–17 and 18–23 of the fingerprint
/// ```
///
/// A name that is there has all its bits set in its word.
///
/// # Why it is so
///
/// *Why the wall time has no column*: it is the upper part of the id. *Why the last fence is in the
/// head*: opening a store has to know whether one was left open, and what was cancelled is found
/// from there, without a look into any body. *Why a filter beside a table*: most segments have none
/// of the names that a search is about, and a filter is a quarter of a table, so that more of them
/// fit into a cache. *Why the writer orders by home*: the longest distance from a home is then
/// short, and equal events make equal bytes. *Why there is a limit to it*: whoever may choose names
/// can choose them to collide, and must not make others pay for more than 32 slots and a bisection.
/// *Why starts are pairs*: name and rows are then found by one load from memory.
@NullMarked
package io.batpak.engine.index;

import org.jspecify.annotations.NullMarked;
