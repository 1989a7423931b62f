package io.batpak.engine.recovery;

import io.batpak.engine.platform.Access;
import io.batpak.engine.platform.Disk;
import io.batpak.engine.platform.DiskFile;
import java.nio.ByteBuffer;

/// Small files that are replaced as a whole: written beside, forced, renamed, and the name forced.
/// A crash leaves the old content or the new.
public final class SmallFile {

  /// Behind the name of a file that is being written; such files are deleted at open.
  public static final String TEMPORARY_SUFFIX = ".tmp";

  private SmallFile() {}

  /// Replaces a file.
  ///
  /// @param disk the directory
  /// @param name the file
  /// @param content all of it
  public static void write(Disk disk, String name, byte[] content) {
    String temporary = name + TEMPORARY_SUFFIX;
    disk.delete(temporary);
    try (DiskFile file = disk.create(temporary)) {
      file.write(0, ByteBuffer.wrap(content));
      file.force();
    }
    disk.rename(temporary, name);
    disk.force();
  }

  /// {@return the content of a file}
  ///
  /// @param disk the directory
  /// @param name the file
  /// @param bytesMax no more than this is read
  public static byte[] read(Disk disk, String name, int bytesMax) {
    try (DiskFile file = disk.open(name, Access.READ)) {
      ByteBuffer content = ByteBuffer.allocate((int) Math.min(bytesMax, file.length()));
      file.read(0, content);
      byte[] bytes = new byte[content.position()];
      content.flip().get(bytes);
      return bytes;
    }
  }
}
