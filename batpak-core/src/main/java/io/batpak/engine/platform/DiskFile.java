package io.batpak.engine.platform;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// One open file. Positional writes and mapped writes of one file are coherent. Fit for several
/// threads.
public interface DiskFile extends AutoCloseable {

  /// {@return the file, for messages}
  Path path();

  /// Tells the open file that {@link Disk#rename} has given it another name.
  ///
  /// @param path the name it has now
  void renamed(Path path);

  /// {@return the length in bytes}
  long length();

  /// Reads up to the buffer's limit or the end of the file.
  ///
  /// @param offset where in the file
  /// @param target gets the bytes; its position says how many
  void read(long offset, ByteBuffer target);

  /// Writes all that remains in the buffer. A file that is shorter than the offset grows, with
  /// zeros between.
  ///
  /// @param offset where in the file
  /// @param source the bytes; consumed
  void write(long offset, ByteBuffer source);

  /// Maps the first bytes of the file. It may go by the file's name, so the name must not change
  /// meanwhile.
  ///
  /// @param byteCount how many; at most the file's length
  /// @param access what for
  /// @param arena ends the mapping
  /// @return the mapping
  MemorySegment map(long byteCount, Access access, Arena arena);

  /// Makes everything written so far durable: what was written by position, through mappings, and
  /// the length.
  void force();

  /// Cuts the file, or extends it with zeros.
  ///
  /// @param length the new length in bytes
  void truncate(long length);

  /// Closes the file; mappings stay.
  @Override
  void close();
}
