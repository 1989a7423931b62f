package io.batpak.engine.recovery;

import io.batpak.engine.platform.Access;
import io.batpak.engine.platform.Disk;
import io.batpak.engine.platform.DiskFile;
import io.batpak.engine.ring.RingLayout;
import io.batpak.engine.segment.Segment;
import io.batpak.engine.segment.SegmentSpace;
import io.batpak.event.EventId;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;

/// Changes a directory as recovery found necessary, before the store takes an append. Each step may
/// be the last one of a process: the next recovery then finds the same or less to do.
///
/// What was found may be no more than what a killed process left in the page cache, names included.
/// From now on it counts as durable, so it is made so: frames, then names.
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
    found.undrained().ifPresent(undrained -> drain(disk, undrained));
    if (!disk.list().contains(StoreId.NAME)) {
      StoreId.write(disk, store);
    }
    int unsealedFrom = found.segments().size() - found.unsealed();
    for (Segment unsealed : found.segments().subList(unsealedFrom, found.segments().size())) {
      try (DiskFile file = disk.open(String.valueOf(unsealed.path().getFileName()), Access.WRITE)) {
        file.force();
      }
    }
    disk.delete(RingLayout.NAME);
    disk.force();
  }

  private static void drain(Disk disk, Recovery.Undrained undrained) {
    try (DiskFile file = disk.open(undrained.name(), Access.WRITE)) {
      MemorySegment frames =
          undrained.memory().asSlice(undrained.start(), undrained.end() - undrained.start());
      file.write(undrained.start(), ByteBuffer.wrap(frames.toArray(ValueLayout.JAVA_BYTE)));
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
        SegmentSpace.writeZeros(file, cut.framesEnd(), file.length());
        file.force();
      }
    }
  }
}
