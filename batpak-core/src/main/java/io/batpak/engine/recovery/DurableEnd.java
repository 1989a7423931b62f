package io.batpak.engine.recovery;

import io.batpak.engine.platform.Disk;
import io.batpak.failure.DiskFull;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// The record of a clean close: everything before a sequence was durable, and every force of the
/// process that wrote it had succeeded. Deleted by the next opening, so that it speaks of no later
/// process.
public final class DurableEnd {

  /// The file's name.
  public static final String NAME = "store.end";

  private static final Pattern FORM = Pattern.compile("[0-9]{1,18}\n");
  private static final int BYTES_MAX = 32;

  private DurableEnd() {}

  /// Reads and deletes the record.
  ///
  /// @param disk the directory
  /// @param end the sequence behind the last event that is there
  /// @return the sequence behind the last event that was durable; 0 if that is not known, or if the
  ///   log has lost its end since then
  static long take(Disk disk, long end) {
    if (!disk.list().contains(NAME)) {
      return 0;
    }
    String text = new String(SmallFile.read(disk, NAME, BYTES_MAX), StandardCharsets.US_ASCII);
    disk.delete(NAME);
    long recorded = FORM.matcher(text).matches() ? Long.parseLong(text.strip()) : 0;
    return recorded <= end ? recorded : 0;
  }

  /// Records a clean close. Without room for it the next opening has more to do.
  ///
  /// @param disk the directory; all frames and names in it have been forced
  /// @param end the sequence behind the last event
  public static void write(Disk disk, long end) {
    try {
      SmallFile.write(disk, NAME, (end + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (DiskFull e) {
      disk.delete(NAME + SmallFile.TEMPORARY_SUFFIX);
    }
  }
}
