package io.batpak.failure;

import java.nio.file.Path;

/// A file was written by a newer batpak.
public final class FormatTooNew extends StoreException {

  private static final long serialVersionUID = 1L;

  private final transient Path file;
  private final int found;
  private final int supported;

  /// Creates the failure.
  ///
  /// @param file the file
  /// @param found the format version in the file
  /// @param supported the newest version that this library reads
  public FormatTooNew(Path file, int found, int supported) {
    super(
        file
            + ": written by a newer batpak, format "
            + found
            + ", this one reads up to "
            + supported
            + "; use the newer library",
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

  /// {@return the newest version that this library reads}
  public int supported() {
    return supported;
  }
}
