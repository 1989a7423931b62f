package io.batpak.failure;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// There was no room to write ahead. Everything acknowledged is intact and readable; writes work
/// again once there is room.
public final class DiskFull extends StoreException {

  private static final long serialVersionUID = 1L;

  private final transient Path file;
  private final long neededBytes;

  /// Creates the failure.
  ///
  /// @param file the file that could not grow
  /// @param neededBytes how many bytes it needed
  /// @param cause what the platform said, or null
  public DiskFull(Path file, long neededBytes, @Nullable Throwable cause) {
    super(
        file + ": no room for " + neededBytes + " more bytes; free some space, then append again",
        cause);
    this.file = file;
    this.neededBytes = neededBytes;
  }

  /// {@return the file that could not grow}
  public Path file() {
    return file;
  }

  /// {@return how many bytes it needed}
  public long neededBytes() {
    return neededBytes;
  }
}
