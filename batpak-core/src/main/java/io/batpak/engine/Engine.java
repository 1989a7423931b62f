package io.batpak.engine;

import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.engine.commit.Intent;
import io.batpak.engine.commit.Outcome;
import io.batpak.engine.commit.Syncer;
import io.batpak.engine.commit.Watermarks;
import io.batpak.engine.commit.Writer;
import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.index.HiddenRanges;
import io.batpak.engine.platform.Access;
import io.batpak.engine.platform.Clock;
import io.batpak.engine.platform.DirectoryLock;
import io.batpak.engine.platform.Disk;
import io.batpak.engine.platform.DiskFile;
import io.batpak.engine.platform.Platform;
import io.batpak.engine.platform.Threads;
import io.batpak.engine.platform.Threads.Worker;
import io.batpak.engine.recovery.Recovery;
import io.batpak.engine.recovery.Repair;
import io.batpak.engine.recovery.StoreId;
import io.batpak.engine.search.Snapshot;
import io.batpak.engine.segment.ActiveSegment;
import io.batpak.engine.segment.Segment;
import io.batpak.engine.segment.SegmentLog;
import io.batpak.engine.segment.SegmentSpace;
import io.batpak.event.EventId;
import io.batpak.event.Hash;
import io.batpak.evidence.OpenReport;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.DiskFull;
import io.batpak.failure.ForeignFile;
import io.batpak.failure.StoreException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// An open store: everything constructed, wired and, at the end, stopped.
public final class Engine implements AutoCloseable {

  static final String LOCK = "store.lock";

  private static final long FULL_DISK_RETRY_NANOS = 1_000_000_000L;

  private final Disk disk;
  private final DirectoryLock lock;
  private final Arena arena;
  private final EventId store;
  private final OpenReport report;
  private final SegmentLog log;
  private final Watermarks marks;
  private final Writer writer;
  private final Syncer syncer;
  private final Worker syncWorker;
  private final Worker spaceWorker;
  private final Worker sealWorker;
  private final long commitAloneBytes;

  private Engine(
      Platform platform,
      StoreConfig config,
      DirectoryLock lock,
      Arena arena,
      Recovery.Found found,
      EventId store) {
    this.disk = platform.disk();
    this.lock = lock;
    this.arena = arena;
    this.store = store;
    this.report = found.report();
    this.log = log(config, found);
    long next = found.report().events();
    this.marks = new Watermarks(next);
    Writer.Bound bound = bound(config.sync());
    this.commitAloneBytes = bound.bytesMax();
    Clock clock = platform.clock();
    this.writer =
        new Writer(disk.root(), log, marks, clock, platform.entropy(), bound, resume(found, next));
    this.syncer = new Syncer(disk.root(), log, writer, marks, platform.threads(), clock);
    this.syncWorker = platform.threads().start("batpak-sync", syncer::round);
    Threads threads = platform.threads();
    this.spaceWorker = threads.start("batpak-space", () -> upkeep(log::prepareAhead));
    this.sealWorker = threads.start("batpak-seal", () -> upkeep(log::sealOldest));
    writer.doorbells(syncWorker::wake, this::wakeUpkeep);
    syncer.doorbell(syncWorker::wake);
  }

  /// Opens a store for writing, alone.
  ///
  /// @param platform where and on what
  /// @param config settings
  /// @return the open store
  /// @throws StoreException of many sorts; the directory is then as it was
  public static Engine open(Platform platform, StoreConfig config) {
    Disk disk = platform.disk();
    boolean made = !disk.exists();
    if (made) {
      disk.createRoot();
    } else {
      refuseStrangers(disk);
    }
    String holder = "process " + ProcessHandle.current().pid();
    DirectoryLock lock = disk.lock(LOCK, holder);
    Arena arena = Arena.ofShared();
    try {
      Recovery.Found found = Recovery.read(disk, arena, platform.clock());
      EventId store =
          found
              .store()
              .orElseGet(
                  () -> new EventId(platform.entropy().nextLong(), platform.entropy().nextLong()));
      Repair.apply(disk, found, store);
      return new Engine(platform, config, lock, arena, found, store);
    } catch (Throwable e) {
      arena.close();
      lock.close();
      throw e;
    }
  }

  /// A directory that holds something, and nothing of a store, is somebody else's.
  private static void refuseStrangers(Disk disk) {
    List<String> names = disk.list();
    boolean store = names.isEmpty() || names.contains(LOCK) || names.contains(StoreId.NAME);
    if (!store && names.stream().noneMatch(name -> name.endsWith(".fbat"))) {
      throw new ForeignFile(
          disk.root(),
          "holds " + names.getFirst() + " and no store; give the store a directory of its own",
          null);
    }
  }

  private SegmentLog log(StoreConfig config, Recovery.Found found) {
    int unsealedFrom = found.segments().size() - found.unsealed();
    var segments = new ArrayList<>(found.segments().subList(0, unsealedFrom));
    var full = new ArrayList<ActiveSegment>();
    try {
      for (Segment unsealed : found.segments().subList(unsealedFrom, found.segments().size())) {
        ActiveSegment reopened = reopen(unsealed, config.segmentBytes());
        full.add(reopened);
        segments.add(reopened.segment());
      }
    } catch (StoreException e) {
      full.forEach(ActiveSegment::close);
      throw e;
    }
    ActiveSegment active = full.isEmpty() ? null : full.removeLast();
    return new SegmentLog(disk, arena, store, config.segmentBytes(), segments, active, full);
  }

  private ActiveSegment reopen(Segment found, int segmentBytes) {
    DiskFile file = disk.open(String.valueOf(found.path().getFileName()), Access.WRITE);
    try {
      return reopen(found, SegmentSpace.existing(file, found.framesEnd(), segmentBytes, arena));
    } catch (StoreException e) {
      file.close();
      throw e;
    }
  }

  private static ActiveSegment reopen(Segment found, SegmentSpace space) {
    var index = (ActiveIndex) found.index();
    int end = found.framesEnd();
    Segment segment =
        Segment.active(found.path(), found.header(), found.framesStart(), end, space, index);
    return new ActiveSegment(segment, space, index, end);
  }

  private static Writer.Resume resume(Recovery.Found found, long next) {
    if (next == 0) {
      return new Writer.Resume(0, Hash.ZERO, 0, 0, 0);
    }
    Segment last =
        found.segments().getLast().rows() > 0
            ? found.segments().getLast()
            : found.segments().get(found.segments().size() - 2);
    int row = last.rows() - 1;
    return new Writer.Resume(
        next,
        last.lastHash(),
        last.index().idHigh(row),
        last.index().idLow(row),
        last.index().counter(row));
  }

  private static Writer.Bound bound(SyncPolicy policy) {
    return switch (policy) {
      case SyncPolicy.Bounded bounded ->
          new Writer.Bound(bounded.maxAge().toNanos(), bounded.maxBytes());
      case SyncPolicy.EveryCommit every -> new Writer.Bound(Long.MAX_VALUE, Long.MAX_VALUE);
      case SyncPolicy.OsDecides os -> new Writer.Bound(Long.MAX_VALUE, Long.MAX_VALUE);
    };
  }

  private void wakeUpkeep() {
    spaceWorker.wake();
    if (log.sealDue()) {
      sealWorker.wake();
    }
  }

  /// One round of background work on the log.
  private long upkeep(BooleanSupplier work) {
    if (writer.stopped() != null) {
      return Long.MAX_VALUE;
    }
    try {
      return work.getAsBoolean() ? 0 : Long.MAX_VALUE;
    } catch (DiskFull e) {
      // Not fatal: the writer meets the same answer when it needs the room, and is told.
      return FULL_DISK_RETRY_NANOS;
    } catch (StoreException e) {
      writer.stop(e);
      return Long.MAX_VALUE;
    } catch (RuntimeException | Error e) {
      writer.stop(new DiskFailed(disk.root(), "background work on the log", e));
      throw e;
    }
  }

  /// Commits intents together, and waits for a force if the bound on unforced frames stands against
  /// them.
  ///
  /// @param intents at least one
  /// @param durable whether the answer must mean durable
  /// @return one {@link Outcome.Committed} per intent, or one {@link Outcome.Conflicting}
  public Outcome[] commit(Intent[] intents, boolean durable) {
    Outcome[] outcomes = writer.commit(intents, durable);
    while (outcomes.length == 0) {
      syncer.awaitAll();
      outcomes = writer.commit(intents, durable);
    }
    if (outcomes[outcomes.length - 1] instanceof Outcome.Committed last
        && (durable || exceedsBound(intents))) {
      syncer.awaitDurable(last.sequence());
    }
    return outcomes;
  }

  private boolean exceedsBound(Intent[] intents) {
    long bytes = 0;
    for (Intent intent : intents) {
      bytes += intent.draft().frameBytesMax();
    }
    return bytes > commitAloneBytes;
  }

  /// {@return what a read that starts now sees}
  public Snapshot snapshot() {
    long end = marks.visibleAcquire();
    return new Snapshot(end, log.segments(), HiddenRanges.NONE);
  }

  /// {@return the sequence behind the last durable event}
  public long durableEnd() {
    return marks.durableAcquire();
  }

  /// Makes everything written so far durable.
  public void force() {
    syncer.sync();
  }

  /// {@return what opening did}
  public OpenReport report() {
    return report;
  }

  /// {@return the store's id}
  public EventId store() {
    return store;
  }

  /// Ends writing, makes everything durable, stops and joins the threads, ends the mappings, gives
  /// the lock back. A second call does nothing.
  @Override
  public void close() {
    if (!writer.close()) {
      return;
    }
    StoreException failure = null;
    try {
      if (writer.stopped() == null) {
        syncer.forceNow();
      }
    } catch (StoreException e) {
      failure = e;
    }
    syncWorker.stop();
    spaceWorker.stop();
    sealWorker.stop();
    syncer.end();
    boolean sound = writer.stopped() == null;
    failure = attempt(() -> log.close(sound), failure);
    failure = attempt(this::endMappings, failure);
    failure = attempt(lock::close, failure);
    if (failure != null) {
      throw failure;
    }
  }

  private void endMappings() {
    try {
      arena.close();
    } catch (IllegalStateException e) {
      throw new DiskFailed(disk.root(), "end the mappings", e);
    }
  }

  private static @Nullable StoreException attempt(Runnable step, @Nullable StoreException before) {
    try {
      step.run();
      return before;
    } catch (StoreException e) {
      if (before == null) {
        return e;
      }
      before.addSuppressed(e);
      return before;
    }
  }
}
