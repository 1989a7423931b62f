package io.batpak.benches;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// One line of the list of who takes part.
///
/// @param name on the command line and in the results
/// @param bytesPerEvent about how much one event takes on disk, for the cap on a trial's bytes
/// @param flags what the JVM needs for it, beside what all get
/// @param coldFill the class whose `main` fills a directory with cold entities, given the directory
///   and their count, a power of two; empty if the subject has no entities
/// @param opening opens the subject
public record Entrant(
    String name,
    int bytesPerEvent,
    List<String> flags,
    Optional<Class<?>> coldFill,
    Opening opening) {

  /// Opens a subject.
  public interface Opening {

    /// {@return the subject, ready for appends}
    ///
    /// @param directory empty or filled before; removed after the trial
    /// @param shape how many threads are going to append, and what an append must have reached when
    ///   it returns
    /// @throws Exception if it cannot run here
    Subject open(Path directory, Shape shape) throws Exception;
  }

  /// Copies the flags.
  public Entrant {
    flags = List.copyOf(flags);
  }

  /// One whose directory is always empty before a trial.
  ///
  /// @param name on the command line and in the results
  /// @param bytesPerEvent about how much one event takes on disk
  /// @param flags what the JVM needs for it
  /// @param opening opens the subject
  public Entrant(String name, int bytesPerEvent, List<String> flags, Opening opening) {
    this(name, bytesPerEvent, flags, Optional.empty(), opening);
  }
}
