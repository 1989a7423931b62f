/// The front door: {@link io.batpak.Store} and what it gives out.
///
/// A store is one directory with one owner. Events are appended at a {@link
/// io.batpak.event.Coordinate} (entity and scope) and read back by {@link io.batpak.query.Region}:
///
/// ```java
/// @EventPayload(category = 0x1, type = 1)
/// record Deposited(long cents) {}
/// ```
///
/// ```java
/// try (Store store = Store.open(Path.of("data"))) {
///   Receipt receipt = store.append(Coordinate.of("account:7", "bank"), new Deposited(500));
///   System.out.println("written as " + receipt.sequence());
///   for (Deposited deposited : store.entity("account:7").payloads(Deposited.class)) {
///     System.out.println(deposited.cents() + " cents");
///   }
/// }
/// ```
///
/// ```text
/// written as 0
/// 500 cents
/// ```
///
/// Guarantees, by name:
///
/// - **one order**: sequences are dense from 0 and equal commit order; what stands at a sequence
///   never changes.
/// - **all or nothing**: a batch is visible as a whole or not at all, also after a crash.
/// - **answered means kept**: what an append answered at a level survives what {@link
///   io.batpak.config.AckLevel} says.
/// - **tamper shows**: each event carries a hash that commits to its entity's whole past.
///
/// Null is accepted nowhere: a `NullPointerException` tells of it at once. Ordinary answers are
/// sealed interfaces of records; what the store cannot do is an {@link
/// io.batpak.failure.StoreException}.
///
/// Threads: {@link io.batpak.Store} and {@link io.batpak.LogReader} are for any number of threads,
/// platform or virtual. Iterators are for one thread each.
@NullMarked
package io.batpak;

import org.jspecify.annotations.NullMarked;
