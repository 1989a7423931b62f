package io.batpak.benches;

import java.nio.file.Path;
import java.util.List;

/// One line of the list of who takes part.
///
/// @param name on the command line and in the results
/// @param bytesPerEvent about how much one event takes on disk, for the cap on a trial's bytes
/// @param flags what the JVM needs for it, beside what all get
/// @param opening opens the subject
public record Entrant(String name, int bytesPerEvent, List<String> flags, Opening opening) {

  /// Opens an empty subject.
  public interface Opening {

    /// {@return the subject, ready for appends}
    ///
    /// @param directory an empty directory, removed after the trial
    /// @param shape how many threads are going to append, and what an append must have reached when
    ///   it returns
    /// @throws Exception if it cannot run here
    Subject open(Path directory, Shape shape) throws Exception;
  }

  /// Copies the flags.
  public Entrant {
    flags = List.copyOf(flags);
  }
}
