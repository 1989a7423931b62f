package io.batpak.testkit.simulated;

/// The process has died: thrown by every operation of a [SimulatedDisk] from its crash on. An error
/// and no failure of the disk, so that nothing under test can answer it.
public final class SimulatedCrash extends Error {

  private static final long serialVersionUID = 1L;

  /// Creates the crash.
  ///
  /// @param where the operation during which, or after which, the process died
  public SimulatedCrash(String where) {
    super("crash at " + where, null, false, false);
  }
}
