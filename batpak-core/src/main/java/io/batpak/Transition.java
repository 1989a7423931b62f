package io.batpak;

import io.batpak.event.Coordinate;

/// A change of state that an entity can make: out of one state, into another. Made by {@link
/// StateMachine}.
///
/// As a condition it holds if the entity of the event is in the state that is left. That is decided
/// within the commit: of two that want to leave the same state, one does.
///
/// @param <F> the state that is left
/// @param <T> the state that is entered
public final class Transition<F, T extends Record> implements Condition {

  private final StateMachine<?> machine;
  private final Class<F> source;
  private final Class<T> target;

  Transition(StateMachine<?> machine, Class<F> source, Class<T> target) {
    this.machine = machine;
    this.source = source;
    this.target = target;
  }

  /// {@return an event that makes the change, if the entity is where it must be}
  ///
  /// @param coordinate where it will live
  /// @param state the state that is entered
  public NewEvent event(Coordinate coordinate, T state) {
    return NewEvent.of(coordinate, state).when(this);
  }

  /// {@return the machine it belongs to}
  public StateMachine<?> machine() {
    return machine;
  }

  /// {@return the state that is left; {@link Start} for none}
  public Class<F> source() {
    return source;
  }

  /// {@return the state that is entered}
  public Class<T> target() {
    return target;
  }

  /// {@return the form `Order: Placed → Paid`}
  @Override
  public String toString() {
    return machine + ": " + source.getSimpleName() + " → " + target.getSimpleName();
  }
}
