package io.batpak.failure;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file or directory is not what a store keeps there, or belongs to another store. Nothing was
/// changed.
public final class ForeignFile extends StoreException {

  private static final long serialVersionUID = 1L;

  private final transient Path file;
  private final String reason;

  /// Creates the failure.
  ///
  /// @param file the file or directory
  /// @param reason what was found and what was expected
  /// @param cause what the platform said, or null
  public ForeignFile(Path file, String reason, @Nullable Throwable cause) {
    super(file + ": " + reason, cause);
    this.file = file;
    this.reason = reason;
  }

  /// {@return the file or directory}
  public Path file() {
    return file;
  }

  /// {@return what was found and what was expected}
  public String reason() {
    return reason;
  }
}
