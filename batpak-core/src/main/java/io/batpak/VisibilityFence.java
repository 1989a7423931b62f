package io.batpak;

import io.batpak.engine.commit.FenceTicket;
import io.batpak.failure.FenceEnded;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;

/// A stretch of the log that is written, durably, as it is appended, and seen as a whole or never.
///
/// While it is active nobody else can append ({@link io.batpak.failure.FenceActive}), and nobody
/// sees what it holds. {@link #commit} shows all of it at once. {@link #close} without that, the
/// end of its time or the end of the process hide it for good: no read, fold or restart will ever
/// show it. It still has its sequences, and carries the chains of its entities. Reads do not show
/// it to its owner either, before it is committed.
///
/// ```java
/// @EventPayload(category = 0x1, type = 1)
/// record Line(String text) {}
/// ```
///
/// ```java
/// try (VisibilityFence fence = store.fence(Duration.ofSeconds(10))) {
///   for (String text : List.of("one", "two")) {
///     fence.append(Coordinate.of("page:1", "book"), new Line(text));
///   }
///   System.out.println(fence.commit() + ", " + store.entity("page:1").count() + " lines");
/// }
/// ```
///
/// ```text
/// VISIBLE, 2 lines
/// ```
public final class VisibilityFence implements Appender, AutoCloseable {

  /// How a fence was ended by {@link #commit}.
  public enum End {
    /// Everything in it can be seen, and survives loss of power.
    VISIBLE,
    /// Its time had run out before: everything in it is hidden for good.
    EXPIRED
  }

  private enum State {
    ACTIVE,
    COMMITTED,
    CANCELLED
  }

  private final Store store;
  private final FenceTicket ticket;
  private final AtomicReference<State> state = new AtomicReference<>(State.ACTIVE);

  VisibilityFence(Store store, FenceTicket ticket) {
    this.store = store;
    this.ticket = ticket;
  }

  /// Appends one event to the fence; it is durable when this returns.
  ///
  /// @throws FenceEnded if the fence was committed or cancelled, or its time is up
  @Override
  public Appended appendIf(NewEvent event) {
    refuseIfEnded();
    return store.appendIf(event, ticket);
  }

  /// Appends events to the fence together; they are durable when this returns.
  ///
  /// @throws FenceEnded if the fence was committed or cancelled, or its time is up
  @Override
  public BatchAppended appendBatchIf(List<NewEvent> events, BatchOptions options) {
    refuseIfEnded();
    return store.appendBatchIf(events, options, ticket);
  }

  /// Shows everything that was appended to the fence, at once.
  ///
  /// @return whether it did
  /// @throws FenceEnded if it was committed or cancelled before
  /// @throws io.batpak.failure.DiskFailed if a write failed: the fence is found cancelled by the
  ///   next opening; or a force: everything in it can be seen in this process, and whether it still
  ///   can after a loss of power is not known
  /// @throws io.batpak.failure.StoreException of another sort: the fence is as before
  public End commit() {
    refuseIfEnded();
    OptionalLong told = store.commitFence(ticket);
    state.set(told.isPresent() ? State.COMMITTED : State.CANCELLED);
    if (told.isEmpty()) {
      return End.EXPIRED;
    }
    store.makeDurable(told.getAsLong());
    return End.VISIBLE;
  }

  /// Hides everything that was appended to the fence, for good.
  ///
  /// @throws FenceEnded if it was committed or cancelled before
  public void cancel() {
    refuseIfEnded();
    close();
  }

  /// Cancels the fence, unless it has been committed or cancelled.
  ///
  /// @throws io.batpak.failure.StoreException if the store could not do it; the fence is then as
  ///   before, and can be cancelled again
  @Override
  public void close() {
    if (state.get() == State.ACTIVE) {
      store.cancelFence(ticket);
      state.compareAndSet(State.ACTIVE, State.CANCELLED);
    }
  }

  private void refuseIfEnded() {
    if (state.get() != State.ACTIVE) {
      throw new FenceEnded(ticket.begun());
    }
  }
}
