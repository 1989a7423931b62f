package io.batpak.failure;

import java.nio.file.Path;

/// The store, or the reader, has been closed; nothing was written.
public final class Closed extends StoreException {

  private static final long serialVersionUID = 1L;

  private final transient Path directory;

  /// Creates the failure.
  ///
  /// @param directory the store directory
  public Closed(Path directory) {
    super(directory + ": closed; open the store again", null);
    this.directory = directory;
  }

  /// {@return the store directory}
  public Path directory() {
    return directory;
  }
}
