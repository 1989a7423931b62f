package io.batpak.engine.recovery;

import io.batpak.engine.index.SealedIndex;
import io.batpak.engine.index.SidxLayout;
import io.batpak.engine.platform.Access;
import io.batpak.engine.platform.Clock;
import io.batpak.engine.platform.Disk;
import io.batpak.engine.platform.DiskFile;
import io.batpak.engine.ring.RingImage;
import io.batpak.engine.ring.RingLayout;
import io.batpak.engine.segment.FrameScan;
import io.batpak.engine.segment.Segment;
import io.batpak.engine.segment.SegmentHeader;
import io.batpak.engine.segment.SegmentLayout;
import io.batpak.event.EventId;
import io.batpak.event.Hash;
import io.batpak.evidence.OpenReport;
import io.batpak.failure.Corrupt;
import io.batpak.failure.ForeignFile;
import io.batpak.failure.FormatTooNew;
import io.batpak.failure.FormatTooOld;
import io.batpak.failure.StoreException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a store directory and says what is in it and what must be cut. Reading changes nothing;
/// what to change is in the result, for {@link Repair}.
public final class Recovery {

  /// What was found.
  ///
  /// @param store the store's id, if the directory has one yet
  /// @param segments all segments in order, without what must be dropped
  /// @param unsealed how many of them, at the end, have no footer
  /// @param durable the highest sequence that frames say was durable, or -1
  /// @param cut whether something behind the last of the frames must go
  /// @param undrained whether frames of the last segment stand in the ring only
  /// @param dropped names of segments that must go, oldest first
  /// @param leftovers names of files that are not in use
  /// @param fences what visibility fences have left hidden
  /// @param report for people
  public record Found(
      Optional<EventId> store,
      List<Segment> segments,
      int unsealed,
      long durable,
      boolean cut,
      boolean undrained,
      List<String> dropped,
      List<String> leftovers,
      FenceHistory fences,
      OpenReport report) {}

  private record FoundFile(String name, long first, MemorySegment memory, Path path) {}

  private final Disk disk;
  private final Arena arena;
  private final Clock clock;
  private final List<Segment> segments = new ArrayList<>();
  private @Nullable EventId store;
  private int sealedCount;
  private long scannedEvents;

  /// The highest sequence that a frame of the tail says was durable, or -1.
  private long durable = -1;

  private List<String> dropped = List.of();
  private long cutBytes;
  private String cutReason = "";
  private @Nullable RingImage ring;
  private RingImage.Read.@Nullable Bad badRing;
  private boolean undrained;

  private Recovery(Disk disk, Arena arena, Clock clock) {
    this.disk = disk;
    this.arena = arena;
    this.clock = clock;
  }

  /// Reads a directory.
  ///
  /// @param disk the directory, which exists
  /// @param arena ends the mappings
  /// @param clock for the report
  /// @return what is there
  /// @throws Corrupt for damage
  /// @throws ForeignFile for files of another store
  /// @throws FormatTooNew for files of a newer library
  public static Found read(Disk disk, Arena arena, Clock clock) {
    return new Recovery(disk, arena, clock).run();
  }

  private Found run() {
    long start = clock.nanos();
    var leftovers = new ArrayList<String>();
    List<FoundFile> files = list(leftovers);
    store = StoreId.read(disk).orElse(null);
    refuseForeignRing();
    int tail = sealedPrefix(files);
    long listed = clock.nanos();
    readTail(files, tail);
    long scanned = clock.nanos();
    long events = segments.isEmpty() ? 0 : segments.getLast().first() + segments.getLast().rows();
    reportBadRing();
    var report =
        new OpenReport(
            segments.size(),
            sealedCount,
            events,
            scannedEvents,
            cutBytes,
            cutReason,
            dropped.size(),
            Duration.ofNanos(listed - start),
            Duration.ofNanos(scanned - listed));
    int unsealed = segments.size() - Math.min(tail, segments.size());
    return new Found(
        Optional.ofNullable(store),
        List.copyOf(segments),
        unsealed,
        durable,
        !cutReason.isEmpty(),
        undrained,
        dropped,
        leftovers,
        FenceHistory.read(segments, events),
        report);
  }

  private List<FoundFile> list(List<String> leftovers) {
    var files = new ArrayList<FoundFile>();
    for (String name : disk.list()) {
      long first = SegmentLayout.first(name);
      if (first >= 0) {
        files.add(map(name, first));
      } else if (SegmentLayout.next(name) || name.endsWith(SmallFile.TEMPORARY_SUFFIX)) {
        leftovers.add(name);
      } else if (name.equals(RingLayout.NAME)) {
        readRing();
      } else if (name.endsWith(".fbat")) {
        throw new ForeignFile(
            disk.path(name),
            "not the name of a segment: expected 12 or more digits before .fbat",
            null);
      }
    }
    files.sort((a, b) -> Long.compare(a.first, b.first));
    return files;
  }

  private void readRing() {
    switch (RingImage.read(disk)) {
      case RingImage.Read.Good good -> ring = good.image();
      case RingImage.Read.Unused _ -> {}
      case RingImage.Read.Bad bad -> badRing = bad;
    }
  }

  /// A ring that does not hold is cut as a whole.
  private void reportBadRing() {
    RingImage.Read.Bad bad = badRing;
    if (bad != null) {
      cutBytes += bad.byteCount();
      cutReason =
          RingLayout.NAME
              + ", offset 0: "
              + bad.reason()
              + (cutReason.isEmpty() ? "" : "; " + cutReason);
    }
  }

  private void refuseForeignRing() {
    RingImage image = ring;
    if (image != null && store != null && !store.equals(image.store())) {
      throw foreign(image.path(), image.store(), store);
    }
  }

  private static ForeignFile foreign(Path file, EventId found, EventId expected) {
    return new ForeignFile(
        file,
        "belongs to store "
            + StoreId.text(found)
            + ", this directory is store "
            + StoreId.text(expected)
            + "; take it out",
        null);
  }

  private FoundFile map(String name, long first) {
    try (DiskFile file = disk.open(name, Access.READ)) {
      return new FoundFile(
          name, first, file.map(file.length(), Access.READ, arena), disk.path(name));
    }
  }

  /// Takes all segments up to the last one with a footer, and returns how many.
  private int sealedPrefix(List<FoundFile> files) {
    int last = files.size() - 1;
    while (last >= 0
        && !(SealedIndex.open(files.get(last).memory) instanceof SealedIndex.Footer.Present)) {
      refuseOtherFormat(files.get(last));
      last--;
    }
    for (int i = 0; i <= last; i++) {
      FoundFile file = files.get(i);
      if (!(SegmentHeader.read(file.memory) instanceof SegmentHeader.Read.Good good)) {
        throw new Corrupt(file.path, 0, file.first, badHeader(file));
      }
      checkHeader(file, good.header());
      checkLink(file, good.header());
      segments.add(
          switch (SealedIndex.open(file.memory)) {
            case SealedIndex.Footer.Present footer -> sealed(file, good, footer);
            case SealedIndex.Footer.Newer newer ->
                throw new FormatTooNew(file.path, newer.format(), SidxLayout.FORMAT);
            case SealedIndex.Footer.Absent absent ->
                scanned(file, good, files.get(i + 1).first - 1);
          });
    }
    return last + 1;
  }

  private Segment sealed(
      FoundFile file, SegmentHeader.Read.Good good, SealedIndex.Footer.Present footer) {
    SealedIndex index = footer.index();
    if (index.first() != file.first) {
      throw new Corrupt(
          file.path, 0, file.first, "its footer begins with sequence " + index.first());
    }
    sealedCount++;
    int framesEnd = Math.toIntExact(footer.framesEnd());
    return Segment.sealed(
        file.path, good.header(), good.framesStart(), framesEnd, file.memory, index);
  }

  /// A footer that does not hold, in front of one that does: the frames must be all there.
  private Segment scanned(FoundFile file, SegmentHeader.Read.Good good, long lastWanted) {
    FrameScan.Result scan =
        FrameScan.scan(file.memory, good, new FrameScan.Wanted(lastWanted, lastFence(), null));
    scannedEvents += scan.index().rows();
    if (scan.end() != FrameScan.End.ENOUGH) {
      throw new Corrupt(file.path, scan.badOffset(), scan.badSequence(), scan.reason());
    }
    return Segment.indexed(
        file.path, good.header(), good.framesStart(), scan.framesEnd(), file.memory, scan.index());
  }

  /// {@return the last event about a visibility fence in the segments so far, or -1}
  private long lastFence() {
    return segments.isEmpty() ? -1 : segments.getLast().lastFence();
  }

  private void readTail(List<FoundFile> files, int tail) {
    for (int i = tail; i < files.size(); i++) {
      FoundFile file = files.get(i);
      boolean last = i == files.size() - 1;
      if (!(SegmentHeader.read(file.memory) instanceof SegmentHeader.Read.Good good)) {
        refuseOtherFormat(file);
        String reason = badHeader(file);
        refusePromised(files, i, 0, file.first, searched(files, i, -1), reason);
        dropFrom(files, i, reason);
        return;
      }
      checkHeader(file, good.header());
      checkLink(file, good.header());
      long lastWanted = last ? Long.MAX_VALUE : files.get(i + 1).first - 1;
      // Before the scan: what a live writer adds later is not "something behind".
      long writtenEnd = FrameSearch.nonZeroEnd(file.memory, 0);
      FrameScan.Result scan =
          FrameScan.scan(
              file.memory, good, new FrameScan.Wanted(lastWanted, lastFence(), last ? ring : null));
      scannedEvents += scan.index().rows();
      durable = Math.max(durable, scan.durable());
      segments.add(
          Segment.indexed(
              file.path,
              good.header(),
              good.framesStart(),
              scan.framesEnd(),
              scan.memory(),
              scan.index()));
      undrained = scan.fileEnd() < scan.framesEnd();
      boolean clean = scan.end() == FrameScan.End.ENOUGH || last && writtenEnd <= scan.framesEnd();
      if (!clean) {
        String reason =
            scan.end() == FrameScan.End.NOTHING
                ? "zeros with something behind them"
                : scan.reason();
        refusePromised(files, i, scan, writtenEnd, reason);
        cutAt(files, i, scan, writtenEnd, reason);
        return;
      }
    }
  }

  /// Refuses to cut what was promised as durable.
  private static void refusePromised(
      List<FoundFile> files, int i, FrameScan.Result scan, long writtenEnd, String reason) {
    FoundFile file = files.get(i);
    long here = FrameSearch.durable(file.path, file.memory, scan.badOffset(), writtenEnd);
    long durable = searched(files, i + 1, Math.max(scan.durable(), here));
    refusePromised(files, i, scan.badOffset(), scan.badSequence(), durable, reason);
  }

  private static long searched(List<FoundFile> files, int i, long knownDurable) {
    long durable = knownDurable;
    for (FoundFile file : files.subList(i, files.size())) {
      long found = FrameSearch.durable(file.path, file.memory, 0, file.memory.byteSize());
      durable = Math.max(durable, found);
    }
    return durable;
  }

  private static void refusePromised(
      List<FoundFile> files, int i, long badOffset, long badSequence, long durable, String reason) {
    if (badSequence <= durable) {
      throw new Corrupt(
          files.get(i).path,
          badOffset,
          badSequence,
          reason + "; later frames say that all up to sequence " + durable + " was durable");
    }
  }

  private void cutAt(
      List<FoundFile> files, int i, FrameScan.Result scan, long writtenEnd, String reason) {
    dropped = namesFrom(files, i + 1);
    cutBytes = Math.max(0, writtenEnd - scan.framesEnd()) + bytesFrom(files, i + 1);
    cutReason = describe(files.get(i), scan.badOffset(), scan.badSequence(), reason);
  }

  /// The unsealed segment before, if there is one, takes appends again.
  private void dropFrom(List<FoundFile> files, int i, String reason) {
    dropped = namesFrom(files, i);
    cutBytes = bytesFrom(files, i);
    cutReason = describe(files.get(i), 0, files.get(i).first, reason);
  }

  private static String describe(FoundFile file, long offset, long sequence, String reason) {
    return file.name + ", offset " + offset + ", sequence " + sequence + ": " + reason;
  }

  private static List<String> namesFrom(List<FoundFile> files, int i) {
    return files.subList(i, files.size()).stream().map(FoundFile::name).toList();
  }

  private static long bytesFrom(List<FoundFile> files, int i) {
    return files.subList(i, files.size()).stream()
        .mapToLong(file -> FrameSearch.nonZeroEnd(file.memory, 0))
        .sum();
  }

  private void checkHeader(FoundFile file, SegmentHeader header) {
    EventId known = store;
    if (known == null) {
      store = header.store();
    } else if (!known.equals(header.store())) {
      throw foreign(file.path, header.store(), known);
    }
    if (header.first() != file.first) {
      throw new Corrupt(
          file.path,
          0,
          file.first,
          "its header says that it begins with sequence " + header.first());
    }
  }

  private void checkLink(FoundFile file, SegmentHeader header) {
    long expected = segments.isEmpty() ? 0 : segments.getLast().first() + segments.getLast().rows();
    if (file.first != expected) {
      throw new Corrupt(
          file.path,
          0,
          expected,
          "begins with sequence "
              + file.first
              + ", expected "
              + expected
              + ": a segment is missing");
    }
    Hash previous = segments.isEmpty() ? Hash.ZERO : segments.getLast().lastHash();
    if (!header.previous().equals(previous)) {
      throw new Corrupt(
          file.path,
          0,
          file.first,
          "follows an event with hash "
              + header.previous()
              + ", the log before it ends with "
              + previous);
    }
  }

  private static String badHeader(FoundFile file) {
    return switch (SegmentHeader.read(file.memory)) {
      case SegmentHeader.Read.Bad bad -> bad.reason();
      case SegmentHeader.Read.OtherFormat other -> throw otherFormat(file, other);
      case SegmentHeader.Read.Good good -> throw new AssertionError(good);
    };
  }

  private static StoreException otherFormat(FoundFile file, SegmentHeader.Read.OtherFormat header) {
    return header.format() > SegmentLayout.FORMAT
        ? new FormatTooNew(file.path, header.format(), SegmentLayout.FORMAT)
        : new FormatTooOld(file.path, header.format(), SegmentLayout.FORMAT);
  }

  private static void refuseOtherFormat(FoundFile file) {
    if (SegmentHeader.read(file.memory) instanceof SegmentHeader.Read.OtherFormat other) {
      throw otherFormat(file, other);
    }
    if (SealedIndex.open(file.memory) instanceof SealedIndex.Footer.Newer newer) {
      throw new FormatTooNew(file.path, newer.format(), SidxLayout.FORMAT);
    }
  }
}
