package io.batpak;

import java.util.Objects;

/// The states that an entity can be in: a sealed interface whose records are payloads. The state of
/// an entity is the last of its events that is one of them; events of other kinds do not count.
///
/// ```java
/// sealed interface Door permits Opened, Shut {}
///
/// @EventPayload(category = 0x1, type = 1)
/// record Opened() implements Door, After<Object> {}
///
/// @EventPayload(category = 0x1, type = 2)
/// record Shut(String by) implements Door, After<Opened> {}
/// ```
///
/// ```java
/// StateMachine<Door> doors = StateMachine.of(Door.class);
/// Transition<Start, Opened> build = doors.start(Opened.class);
/// Transition<Opened, Shut> shut = doors.transition(Opened.class, Shut.class);
///
/// var front = Coordinate.of("door:front", "house");
/// var first = store.appendIf(build.event(front, new Opened()));
/// var second = store.appendIf(shut.event(front, new Shut("ada")));
/// System.out.println(store.state(doors, "door:front").orElseThrow());
/// ```
///
/// ```text
/// Shut[by=ada]
/// ```
///
/// Which state may follow which is said by the states ({@link After}): a transition that they do
/// not allow does not compile.
///
/// @param <S> the sealed interface
public final class StateMachine<S> {

  private final Class<S> states;

  private StateMachine(Class<S> states) {
    this.states = states;
  }

  /// {@return the machine of these states}
  ///
  /// @param states a sealed interface
  /// @param <S> the sealed interface
  public static <S> StateMachine<S> of(Class<S> states) {
    if (!states.isSealed()) {
      throw new IllegalArgumentException(
          states.getName() + " is not sealed, so it does not say which states there are");
    }
    return new StateMachine<>(states);
  }

  /// {@return the states}
  public Class<S> states() {
    return states;
  }

  /// {@return the way from one state to another}
  ///
  /// @param source the state that is left; or a sealed interface over several
  /// @param target the state that is entered
  /// @param <F> the state that is left
  /// @param <T> the state that is entered
  public <F extends S, T extends Record & After<? super F>> Transition<F, T> transition(
      Class<F> source, Class<T> target) {
    return checked(source, target);
  }

  /// {@return the way into a state that an entity may begin with}
  ///
  /// @param target the state that is entered
  /// @param <T> the state that is entered
  public <T extends Record & After<? super Start>> Transition<Start, T> start(Class<T> target) {
    return checked(Start.class, target);
  }

  private <F, T extends Record> Transition<F, T> checked(Class<F> source, Class<T> target) {
    if (!states.isAssignableFrom(Objects.requireNonNull(target))) {
      throw new IllegalArgumentException(target.getName() + " is no state of " + states.getName());
    }
    return new Transition<>(this, Objects.requireNonNull(source), target);
  }

  /// {@return the name of the sealed interface}
  @Override
  public String toString() {
    return states.getSimpleName();
  }
}
