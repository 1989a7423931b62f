package io.batpak.engine.recovery;

import io.batpak.engine.platform.Disk;
import io.batpak.event.EventId;
import io.batpak.failure.Corrupt;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// The file that names a store's history.
public final class StoreId {

  /// The file's name.
  public static final String NAME = "store.id";

  private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}\n?");
  private static final int BYTES_MAX = 64;

  private StoreId() {}

  /// {@return what the file says; empty if there is none}
  ///
  /// @param disk the directory
  /// @throws Corrupt if it is not an id
  public static Optional<EventId> read(Disk disk) {
    if (!disk.list().contains(NAME)) {
      return Optional.empty();
    }
    String text = new String(SmallFile.read(disk, NAME, BYTES_MAX), StandardCharsets.US_ASCII);
    if (!FORM.matcher(text).matches()) {
      throw new Corrupt(
          disk.path(NAME),
          0,
          -1,
          "not 32 hexadecimal digits; if the segments are good, delete the file and it is rebuilt");
    }
    return Optional.of(
        new EventId(
            Long.parseUnsignedLong(text, 0, 16, 16), Long.parseUnsignedLong(text, 16, 32, 16)));
  }

  static void write(Disk disk, EventId id) {
    SmallFile.write(disk, NAME, (text(id) + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  /// {@return the 32 digits}
  ///
  /// @param id the store's id
  public static String text(EventId id) {
    return String.format("%016x%016x", id.high(), id.low());
  }
}
