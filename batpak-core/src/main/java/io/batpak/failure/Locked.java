package io.batpak.failure;

import java.nio.file.Path;

/// The directory has an owner: this or another process holds the store's lock.
public final class Locked extends StoreException {

  private static final long serialVersionUID = 1L;

  private final transient Path directory;
  private final String holder;

  /// Creates the failure.
  ///
  /// @param directory the store directory
  /// @param holder what the lock file says of the owner, for example its process id; empty when
  ///   unreadable
  public Locked(Path directory, String holder) {
    super(
        directory
            + ": locked by "
            + (holder.isEmpty() ? "another owner" : holder)
            + "; close that store first, or open another directory",
        null);
    this.directory = directory;
    this.holder = holder;
  }

  /// {@return the store directory}
  public Path directory() {
    return directory;
  }

  /// {@return what the lock file says of the owner, for example its process id; empty when
  /// unreadable}
  public String holder() {
    return holder;
  }
}
