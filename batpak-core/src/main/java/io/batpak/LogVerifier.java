package io.batpak;

import io.batpak.engine.ReadOnlyEngine;
import io.batpak.engine.platform.FileSystemDisk;
import io.batpak.evidence.Verification;
import java.nio.file.Path;

/// Reads every byte of a store's directory and says what is not as it was written.
///
/// Unlike {@link LogReader#open}, which trusts footers and stops at the first damage, this reads
/// each segment file on its own and goes on behind a problem. Nothing is locked and nothing is
/// changed; a live writer is not disturbed, and what it appends meanwhile may or may not be read.
public final class LogVerifier {

  private LogVerifier() {}

  /// Verifies a store: the headers of the files and how they follow each other; each frame's
  /// checksum, sequence, time, identity and batch; each entity's chain of clocks and hashes through
  /// all files; each footer against the frames.
  ///
  /// @param directory the store's directory
  /// @return what was checked and what was found
  /// @throws io.batpak.failure.ForeignFile if there is no store
  /// @throws io.batpak.failure.DiskFailed if a file cannot be read
  public static Verification verify(Path directory) {
    return ReadOnlyEngine.verify(new FileSystemDisk(directory));
  }
}
