package io.batpak.engine.upkeep;

import io.batpak.engine.platform.Access;
import io.batpak.engine.platform.Disk;
import io.batpak.engine.platform.DiskFile;
import io.batpak.engine.recovery.FrameSearch;
import io.batpak.engine.recovery.StoreId;
import io.batpak.engine.ring.RingImage;
import io.batpak.engine.ring.RingLayout;
import io.batpak.engine.segment.FrameScan;
import io.batpak.engine.segment.SegmentHeader;
import io.batpak.engine.segment.SegmentLayout;
import io.batpak.event.EventId;
import io.batpak.event.Hash;
import io.batpak.event.LifecycleKinds;
import io.batpak.evidence.Verification;
import io.batpak.evidence.Verification.Remedy;
import io.batpak.failure.Corrupt;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.ForeignFile;
import io.batpak.failure.FormatTooNew;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads every byte of a store directory. Shares with recovery the reading of one frame, one header
/// and one footer, and nothing of its judgement: each file is read on its own, and reading goes on
/// behind a problem.
///
/// A break in the files behind the last footer is judged as recovery judges it: if no frame says
/// that the missing event was durable, a crash or a power cut explains it, the log ends there, and
/// what is behind is not looked at. Everywhere else it is a problem.
public final class Verifier {

  /// A writer that seals a segment cuts the file behind the footer, at most once per segment; a
  /// mapping that was made before faults there.
  private static final int TRIES_MAX = 3;

  private final Disk disk;
  private final Arena arena;
  private final Ledger ledger = new Ledger();
  private final LogState log = new LogState(new Chains(ledger));

  private Verifier(Disk disk, Arena arena) {
    this.disk = disk;
    this.arena = arena;
  }

  /// Verifies a directory.
  ///
  /// @param disk the directory, which exists
  /// @param owner who owns it at the moment of the call
  /// @return what was checked and what was found
  /// @throws ForeignFile if there is no store
  /// @throws DiskFailed if a file cannot be read
  public static Verification verify(Disk disk, Supplier<Optional<String>> owner) {
    int tries = 1;
    while (true) {
      Optional<String> before = owner.get();
      try (Arena arena = Arena.ofConfined()) {
        var verifier = new Verifier(disk, arena);
        verifier.run();
        Optional<String> during = before.isPresent() ? before : owner.get();
        return verifier.ledger.verification(verifier.log.chains().entities(), during);
      } catch (InternalError e) {
        if (tries == TRIES_MAX) {
          throw new DiskFailed(disk.root(), "read through a mapping", new IOException(e));
        }
        tries++;
      }
    }
  }

  private void run() {
    List<SegmentFile> files = list();
    Optional<EventId> store = storeId(files);
    continueByRing(files, store);
    files.forEach(this::refuseOtherFormat);
    int lastSealed = files.size() - 1;
    while (lastSealed >= 0
        && !files.get(lastSealed).sealed()
        && files.get(lastSealed).otherFormat() == 0) {
      lastSealed--;
    }
    for (int i = 0; i < files.size(); i++) {
      SegmentFile file = files.get(i);
      if (file.otherFormat() > 0) {
        log.unknown(i + 1 < files.size() ? files.get(i + 1).first() : file.first());
        continue;
      }
      ledger.segment();
      long lastWanted = i + 1 < files.size() ? files.get(i + 1).first() - 1 : Long.MAX_VALUE;
      List<SegmentFile> behind = i > lastSealed ? files.subList(i + 1, files.size()) : List.of();
      var judge = i > lastSealed ? new TailJudge(ledger, log, behind) : null;
      if (file.header() instanceof SegmentHeader.Read.Good good) {
        ledger.checksum();
        header(file, good.header(), store);
      } else if (judge != null && judge.ends(file, 0, file.first(), badHeader(file))) {
        return;
      } else {
        ledger.problem(file.path(), 0, file.first(), badHeader(file));
        log.unknown(file.first());
      }
      if (!new SegmentCheck(file, lastWanted, ledger, log, judge).run()) {
        return;
      }
    }
  }

  /// Reports a file of a newer format. Nothing else in it is judged, nor, as a file with such a
  /// footer was sealed, is a break in front of it taken for a crash.
  private void refuseOtherFormat(SegmentFile file) {
    if (file.otherFormat() > 0) {
      boolean older =
          file.header() instanceof SegmentHeader.Read.OtherFormat other
              && other.format() < SegmentLayout.FORMAT;
      ledger.problem(
          file.path(),
          file.header() instanceof SegmentHeader.Read.OtherFormat ? 0 : file.memory().byteSize(),
          -1,
          older
              ? "format "
                  + file.otherFormat()
                  + " is no longer read; convert it with an older library"
              : "written by a newer batpak, format "
                  + file.otherFormat()
                  + "; use the newer library",
          older ? Remedy.CONVERT : Remedy.UPGRADE);
    }
  }

  private List<SegmentFile> list() {
    var files = new ArrayList<SegmentFile>();
    List<String> names = disk.list();
    for (String name : names) {
      long first = SegmentLayout.first(name);
      if (first >= 0) {
        try (DiskFile file = disk.open(name, Access.READ)) {
          files.add(
              new SegmentFile(disk.path(name), first, file.map(file.length(), Access.READ, arena)));
        }
      } else if (name.endsWith(".fbat")) {
        ledger.problem(
            disk.path(name),
            0,
            -1,
            "not the name of a segment: expected 12 or more digits before .fbat",
            Remedy.REMOVE);
      }
    }
    if (files.isEmpty() && !names.contains(StoreId.NAME)) {
      throw new ForeignFile(
          disk.root(), "holds no store: there is neither store.id nor a segment", null);
    }
    files.sort(Comparator.comparingLong(SegmentFile::first));
    return files;
  }

  /// The id of the directory; without its file, that of the first segment that has one. Puts the
  /// frames that stand in the ring only behind those of the last file.
  private void continueByRing(List<SegmentFile> files, Optional<EventId> store) {
    if (!(ring() instanceof RingImage.Read.Good(RingImage image))) {
      return;
    }
    if (store.isPresent() && !store.get().equals(image.store())) {
      ledger.problem(
          image.path(),
          0,
          -1,
          "belongs to store "
              + StoreId.text(image.store())
              + ", this directory is store "
              + StoreId.text(store.get()),
          Remedy.REMOVE);
      return;
    }
    if (!files.isEmpty()
        && files.getLast().header() instanceof SegmentHeader.Read.Good good
        && files.getLast().otherFormat() == 0
        && !files.getLast().sealed()) {
      SegmentFile last = files.removeLast();
      var wanted = new FrameScan.Wanted(Long.MAX_VALUE, -1, image);
      FrameScan.Result scan = FrameScan.scan(last.memory(), good, wanted);
      files.add(new SegmentFile(last.path(), last.first(), scan.memory()));
    }
  }

  private RingImage.Read ring() {
    Path path = disk.path(RingLayout.NAME);
    if (!disk.list().contains(RingLayout.NAME)) {
      return new RingImage.Read.Unused();
    }
    try {
      RingImage.Read read = RingImage.read(disk);
      if (read instanceof RingImage.Read.Bad bad) {
        ledger.tail(path, 0, -1, bad.reason());
      }
      return read;
    } catch (FormatTooNew e) {
      ledger.problem(
          path,
          0,
          -1,
          "written by a newer batpak, format " + e.found() + "; use the newer library",
          Remedy.UPGRADE);
      return new RingImage.Read.Unused();
    }
  }

  private Optional<EventId> storeId(List<SegmentFile> files) {
    try {
      Optional<EventId> id = StoreId.read(disk);
      if (id.isPresent()) {
        return id;
      }
      ledger.problem(
          disk.path(StoreId.NAME),
          0,
          -1,
          "does not exist; opening the store writes it again",
          Remedy.OPEN);
    } catch (Corrupt e) {
      ledger.problem(e.file(), e.offset(), -1, e.reason(), Remedy.REMOVE);
    }
    for (SegmentFile file : files) {
      if (file.header() instanceof SegmentHeader.Read.Good good) {
        return Optional.of(good.header().store());
      }
    }
    return Optional.empty();
  }

  private void header(SegmentFile file, SegmentHeader header, Optional<EventId> store) {
    if (store.isPresent() && !store.get().equals(header.store())) {
      ledger.problem(
          file.path(),
          0,
          file.first(),
          "belongs to store "
              + StoreId.text(header.store())
              + ", this directory is store "
              + StoreId.text(store.get()));
    }
    if (header.first() != file.first()) {
      ledger.problem(
          file.path(),
          0,
          file.first(),
          "its header says that it begins with sequence " + header.first());
      log.unknown(header.first());
      return;
    }
    if (file.first() != log.next()) {
      ledger.problem(
          file.path(),
          0,
          log.next(),
          "begins with sequence "
              + file.first()
              + ", expected "
              + log.next()
              + (file.first() > log.next() ? ": a segment is missing" : ""));
      log.unknown(file.first());
      return;
    }
    Hash last = log.lastHash();
    if (last != null && !header.previous().equals(last)) {
      ledger.problem(
          file.path(),
          0,
          file.first(),
          "follows an event with hash "
              + header.previous()
              + ", the log before it ends with "
              + last);
    }
  }

  private static String badHeader(SegmentFile file) {
    return switch (file.header()) {
      case SegmentHeader.Read.Bad bad -> bad.reason();
      case SegmentHeader.Read.OtherFormat other -> throw new AssertionError(other);
      case SegmentHeader.Read.Good good -> throw new AssertionError(good);
    };
  }

  /// Tells a crash from damage in one of the files behind the last footer.
  record TailJudge(Ledger ledger, LogState log, List<SegmentFile> behind) {

    /// Judges a break.
    ///
    /// @param offset where it is
    /// @param sequence the event expected there
    /// @return whether the log ends there; then that is noted, otherwise it is damage
    boolean ends(SegmentFile file, long offset, long sequence, String reason) {
      return ends(file, offset, sequence, reason, offset, sequence);
    }

    /// The same, where the good events end in front of the break: with a batch that is not closed.
    boolean ends(
        SegmentFile file,
        long offset,
        long sequence,
        String reason,
        long goodOffset,
        long goodSequence) {
      if (sequence <= promised(file, offset)) {
        return false;
      }
      ledger.tail(file.path(), goodOffset, goodSequence, reason);
      return true;
    }

    private long promised(SegmentFile file, long offset) {
      long durable = Math.max(log.durable(), promisedBehind(file, offset));
      for (SegmentFile later : behind) {
        durable = Math.max(durable, promisedBehind(later, 0));
      }
      return durable;
    }

    private static long promisedBehind(SegmentFile file, long offset) {
      try {
        return FrameSearch.durable(file.path(), file.memory(), offset, file.memory().byteSize());
      } catch (Corrupt e) {
        return Long.MAX_VALUE;
      }
    }
  }

  /// What goes on from file to file.
  static final class LogState {

    private final Chains chains;
    private long next;
    private @Nullable Hash lastHash = Hash.ZERO;
    private @Nullable EventId lastId;
    private int lastCounter;
    private long durable = -1;
    private long lastFence = -1;
    private boolean fenceKnown = true;

    LogState(Chains chains) {
      this.chains = chains;
    }

    Chains chains() {
      return chains;
    }

    /// {@return the sequence that comes next}
    long next() {
      return next;
    }

    /// {@return the hash of the event before, or null if that is not known}
    @Nullable Hash lastHash() {
      return lastHash;
    }

    /// {@return the id of the last event that was read, or null}
    @Nullable EventId lastId() {
      return lastId;
    }

    int lastCounter() {
      return lastCounter;
    }

    /// {@return the highest sequence that a frame says was durable, or -1}
    long durable() {
      return durable;
    }

    /// {@return the sequence of the last event about a visibility fence that was read, or -1}
    long lastFence() {
      return lastFence;
    }

    /// {@return whether that was the last one there is}
    boolean fenceKnown() {
      return fenceKnown;
    }

    void read(io.batpak.event.EventHeader event, Hash hash) {
      next = event.sequence() + 1;
      lastHash = hash;
      lastId = event.id();
      lastCounter = event.hlc().counter();
      durable = Math.max(durable, event.sequence() - event.unforced() - 1);
      if (LifecycleKinds.aboutFence(event.kind().bits())) {
        lastFence = event.sequence();
        fenceKnown = true;
      }
    }

    /// The log goes on with a sequence, and what was in front of it is not known.
    void unknown(long sequence) {
      next = sequence;
      lastHash = null;
      lastId = null;
      fenceKnown = false;
      chains.loosen();
    }
  }
}
