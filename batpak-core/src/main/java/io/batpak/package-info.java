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
/// - **own order**: what one thread appends and submits is committed in the order of its calls.
/// - **whole batches**: a batch is visible as a whole or not at all, also after a crash.
/// - **answered means kept**: what an append answered at a level survives what {@link
///   io.batpak.config.AckLevel} says.
/// - **decided in the commit**: a {@link io.batpak.Condition} holds against everything committed
///   before; of two that race, at most one is written.
/// - **keyed once**: the same append with the same key is written once and answered with the first
///   receipt.
/// - **fences all or nothing**: what a {@link io.batpak.VisibilityFence} holds is visible at once,
///   or never.
/// - **tamper shows**: each event carries a hash that commits to its entity's whole past.
///
/// `REFERENCE.md` has all of them, with what each does not promise.
///
/// What an append can say, and what it is answered:
///
/// | wish | answer |
/// |---|---|
/// | {@link io.batpak.Appender#append append} a payload with {@link io.batpak.AppendOptions} | {@link io.batpak.Receipt} |
/// | {@link io.batpak.Appender#appendIf appendIf} a {@link io.batpak.NewEvent} with {@link io.batpak.Condition} or key | {@link io.batpak.Appended} |
/// | {@link io.batpak.Appender#appendBatchIf appendBatchIf} several, with {@link io.batpak.BatchOptions} | {@link io.batpak.BatchAppended} |
/// | {@link io.batpak.Store#submit submit}, {@link io.batpak.Store#trySubmit trySubmit} | {@link io.batpak.Ticket}, {@link io.batpak.Submitted} |
/// | {@link io.batpak.Store#await await} a level | {@link io.batpak.Awaited} |
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
