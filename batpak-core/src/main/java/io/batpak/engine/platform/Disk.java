package io.batpak.engine.platform;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// One store directory: the owner of every create, rename, delete and force of the project.
///
/// Rules that implementations keep and callers rely on:
///
/// - Names are plain file names; the directory is fixed.
/// - No call is disturbed by the caller's interrupt flag, and none clears it.
/// - A failure is a {@link io.batpak.failure.DiskFailed} or {@link io.batpak.failure.DiskFull} that
///   names the file; it leaves the directory as before or, for writes, with undefined bytes in the
///   range written.
/// - Created, renamed and deleted names survive a power cut only after {@link #force()}; bytes in a
///   file only after {@link DiskFile#force()}.
public interface Disk {

  /// {@return the directory, for messages}
  Path root();

  /// {@return the file of that name, for messages}
  ///
  /// @param name a file name
  default Path path(String name) {
    return root().resolve(name);
  }

  /// {@return whether the directory exists}
  boolean exists();

  /// Creates the directory, with its parents, and makes its name durable.
  void createRoot();

  /// {@return the names of all files in the directory, in ascending order}
  List<String> list();

  /// Creates an empty file.
  ///
  /// @param name must not exist
  /// @return the file, open for writing
  DiskFile create(String name);

  /// Opens an existing file.
  ///
  /// @param name the file
  /// @param access what for
  /// @return the file
  DiskFile open(String name, Access access);

  /// Gives a file another name, atomically; a file that has it already is replaced.
  ///
  /// @param source the name it has
  /// @param target the name it gets
  void rename(String source, String target);

  /// Deletes a file. A file that does not exist is none of its concern.
  ///
  /// @param name the file
  void delete(String name);

  /// Makes all names in the directory durable.
  void force();

  /// Takes the exclusive lock on the directory, creating the lock file if needed.
  ///
  /// @param name the lock file
  /// @param holder what to write into it for others to read
  /// @return the lock
  /// @throws io.batpak.failure.Locked if another owner, in this process or another, has it
  DirectoryLock lock(String name, String holder);

  /// {@return what the lock's holder wrote, if the lock is held by anyone}
  ///
  /// @param name the lock file
  Optional<String> holder(String name);
}
