package io.batpak;

/// Says which states a state may follow: part of a state machine that is declared with types.
///
/// A state is a record, the payload of the event that brings an entity into it. It implements its
/// machine's sealed interface, and `After` the state it may follow; for several, a sealed interface
/// over them; for the beginning, {@link Start}; for any, `Object`.
///
/// ```java
/// sealed interface Order permits Open, Shipped {}
/// sealed interface Open extends Order permits Placed, Paid {}
/// record Placed(long cents) implements Open, After<Start> {}
/// record Paid(String by) implements Open, After<Placed> {}
/// record Shipped() implements Order, After<Paid> {}
/// ```
///
/// @param <F> the state or states
public interface After<F> {}
