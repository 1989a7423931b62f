package io.batpak.engine.platform;

/// The exclusive lock on a store directory. It also ends with the process.
public interface DirectoryLock extends AutoCloseable {

  /// Gives the lock back.
  @Override
  void close();
}
