package io.batpak.engine.upkeep;

import io.batpak.engine.index.SealedIndex;
import io.batpak.engine.segment.SegmentHeader;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// One segment file, mapped, with what its two ends say.
///
/// @param path the file
/// @param first the sequence in its name
/// @param memory all of it
/// @param header what its beginning says
/// @param footer what its end says
record SegmentFile(
    Path path,
    long first,
    MemorySegment memory,
    SegmentHeader.Read header,
    SealedIndex.Footer footer) {

  SegmentFile(Path path, long first, MemorySegment memory) {
    this(path, first, memory, SegmentHeader.read(memory), SealedIndex.open(memory));
  }

  boolean sealed() {
    return footer instanceof SealedIndex.Footer.Present;
  }

  /// {@return the format of the header or the footer if a newer library wrote it, otherwise 0}
  int otherFormat() {
    if (header instanceof SegmentHeader.Read.OtherFormat other) {
      return other.format();
    }
    return footer instanceof SealedIndex.Footer.Newer newer ? newer.format() : 0;
  }
}
