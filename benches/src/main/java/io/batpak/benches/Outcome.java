package io.batpak.benches;

import java.util.List;

/// What became of one subject in one shape.
sealed interface Outcome {

  /// It ran.
  ///
  /// @param rounds one measure per round, at least one
  record Measured(List<Measure> rounds) implements Outcome {

    /// Copies the rounds.
    public Measured {
      rounds = List.copyOf(rounds);
    }

    Measure median() {
      return Measure.median(rounds);
    }
  }

  /// It did not, and the table says so.
  ///
  /// @param reason one line
  record NotRun(String reason) implements Outcome {}
}
