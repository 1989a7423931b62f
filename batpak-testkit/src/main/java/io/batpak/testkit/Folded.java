package io.batpak.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What came of folding the events of a [Scenario].
///
/// @param <S> the state
public final class Folded<S extends @Nullable Object> {

  private final S state;
  private final List<EventLine> given;

  Folded(S state, List<EventLine> given) {
    this.state = state;
    this.given = given;
  }

  /// {@return the state after the last event}
  public S state() {
    return state;
  }

  /// Expects a state.
  ///
  /// @param expected equal to the state after the last event
  /// @return this
  /// @throws AssertionError if it is another
  public Folded<S> thenState(S expected) {
    if (state == null ? expected != null : !state.equals(expected)) {
      throw new AssertionError(
          "folded to another state"
              + "\n  expected  "
              + expected
              + "\n  state     "
              + state
              + EventLine.lines("given   ", given));
    }
    return this;
  }
}
