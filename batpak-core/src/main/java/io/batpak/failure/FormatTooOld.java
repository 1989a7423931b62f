package io.batpak.failure;

import java.nio.file.Path;

/// A file has a format that this batpak no longer reads.
public final class FormatTooOld extends StoreException {

  private static final long serialVersionUID = 1L;

  private final transient Path file;
  private final int found;
  private final int supported;

  /// Creates the failure.
  ///
  /// @param file the file
  /// @param found the format version in the file
  /// @param supported the oldest version that this library reads
  public FormatTooOld(Path file, int found, int supported) {
    super(
        file
            + ": format "
            + found
            + " is no longer read, the oldest is "
            + supported
            + "; convert it with an older library",
        null);
    this.file = file;
    this.found = found;
    this.supported = supported;
  }

  /// {@return the file}
  public Path file() {
    return file;
  }

  /// {@return the format version in the file}
  public int found() {
    return found;
  }

  /// {@return the oldest version that this library reads}
  public int supported() {
    return supported;
  }
}
