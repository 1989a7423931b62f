package io.batpak.engine.recovery;

import io.batpak.engine.platform.Access;
import io.batpak.engine.platform.Disk;
import io.batpak.engine.platform.DiskFile;
import io.batpak.engine.segment.ActiveSegment;
import io.batpak.event.EventId;
import java.util.List;

/// Changes a directory as recovery found necessary, before the store takes an append. Each step may
/// be the last one of a process: the next recovery then finds the same or less to do.
public final class Repair {

  private Repair() {}

  /// Makes the directory what {@link Recovery} says it is.
  ///
  /// @param disk the directory, locked
  /// @param found what recovery found
  /// @param store the store's id
  public static void apply(Disk disk, Recovery.Found found, EventId store) {
    for (String name : found.leftovers()) {
      disk.delete(name);
    }
    found.cut().ifPresent(cut -> cut(disk, cut));
    if (!disk.list().contains(StoreId.NAME)) {
      StoreId.write(disk, store);
    }
  }

  private static void cut(Disk disk, Recovery.Cut cut) {
    List<String> newestFirst = cut.dropped().reversed();
    for (String name : newestFirst) {
      disk.delete(name);
      disk.force();
    }
    if (cut.name().isPresent()) {
      try (DiskFile file = disk.open(cut.name().get(), Access.WRITE)) {
        ActiveSegment.writeZeros(file, cut.framesEnd(), file.length());
        file.force();
      }
    }
  }
}
