package io.batpak.engine;

import io.batpak.engine.platform.Clock;
import io.batpak.engine.platform.Disk;
import io.batpak.engine.recovery.Recovery;
import io.batpak.engine.search.Snapshot;
import io.batpak.engine.segment.Segment;
import io.batpak.engine.upkeep.Verifier;
import io.batpak.event.EventId;
import io.batpak.evidence.OpenReport;
import io.batpak.evidence.Verification;
import io.batpak.failure.Corrupt;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.ForeignFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Optional;

/// A store directory as it was when it was looked at, by one who does not own it. Nothing is locked
/// and nothing is changed; a live writer is not disturbed.
public final class ReadOnlyEngine implements AutoCloseable {

  /// Enough for a look between two commits and two seals of the busiest writer.
  private static final int LOOKS_MAX = 16;

  private final Disk disk;
  private final Arena arena;
  private final Recovery.Found found;

  private ReadOnlyEngine(Disk disk, Arena arena, Recovery.Found found) {
    this.disk = disk;
    this.arena = arena;
    this.found = found;
  }

  /// Looks at a directory.
  ///
  /// @param disk the directory
  /// @param clock for the report
  /// @return what is there
  /// @throws ForeignFile if there is no store
  public static ReadOnlyEngine open(Disk disk, Clock clock) {
    if (!disk.exists()) {
      throw new ForeignFile(disk.root(), "does not exist", null);
    }
    for (int i = 1; i < LOOKS_MAX && disk.holder(Engine.LOCK).isPresent(); i++) {
      Optional<ReadOnlyEngine> undisturbed = lookBesideWriter(disk, clock);
      if (undisturbed.isPresent()) {
        return undisturbed.get();
      }
    }
    return look(disk, clock);
  }

  /// {@return what is there, or nothing if it looks damaged or cut: the writer may have been in the
  /// middle of a commit, or have cut off the file's unused end under the mapping}
  private static Optional<ReadOnlyEngine> lookBesideWriter(Disk disk, Clock clock) {
    try {
      ReadOnlyEngine engine = look(disk, clock);
      if (!engine.found.cut()) {
        return Optional.of(engine);
      }
      engine.close();
      return Optional.empty();
    } catch (Corrupt | DiskFailed e) {
      return Optional.empty();
    }
  }

  private static ReadOnlyEngine look(Disk disk, Clock clock) {
    Arena arena = Arena.ofShared();
    try {
      Recovery.Found found = Recovery.read(disk, arena, clock);
      if (found.store().isEmpty()) {
        throw new ForeignFile(
            disk.root(), "holds no store: there is neither store.id nor a segment", null);
      }
      return new ReadOnlyEngine(disk, arena, found);
    } catch (InternalError e) {
      arena.close();
      throw new DiskFailed(disk.root(), "read through a mapping", new IOException(e));
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  /// {@return what reading every byte of a directory finds}
  ///
  /// @param disk the directory
  /// @throws ForeignFile if there is no store
  public static Verification verify(Disk disk) {
    if (!disk.exists()) {
      throw new ForeignFile(disk.root(), "does not exist", null);
    }
    return Verifier.verify(disk, () -> disk.holder(Engine.LOCK));
  }

  /// {@return what there is to read}
  public Snapshot snapshot() {
    return new Snapshot(
        found.report().events(), found.segments().toArray(Segment[]::new), found.fences().hidden());
  }

  /// {@return what opening found}
  public OpenReport report() {
    return found.report();
  }

  /// {@return the store's id}
  public EventId store() {
    return found.store().orElseThrow();
  }

  /// {@return who owns the store at this moment, if anyone does}
  public Optional<String> owner() {
    return disk.holder(Engine.LOCK);
  }

  @Override
  public void close() {
    arena.close();
  }
}
