/// The writer role: order, hash, write, publish; and how far things are.
///
/// Exactly one thread at a time holds the role, which is the monitor of {@link Writer}. Only its
/// holder assigns sequences, writes frames and adds to the index. What a caller can do beforehand
/// it has done: encoding and hashing the payload stand in the {@link Intent}. What can wait is done
/// after the role is given back: waking threads, forcing, making receipts.
@NullMarked
package io.batpak.engine.commit;

import org.jspecify.annotations.NullMarked;
