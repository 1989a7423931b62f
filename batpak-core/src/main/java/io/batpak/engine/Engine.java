package io.batpak.engine;

import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.engine.commit.CommitRequest;
import io.batpak.engine.commit.Committer;
import io.batpak.engine.commit.FenceTicket;
import io.batpak.engine.commit.Outcome;
import io.batpak.engine.commit.Submission;
import io.batpak.engine.commit.Syncer;
import io.batpak.engine.commit.Watermarks;
import io.batpak.engine.commit.Writer;
import io.batpak.engine.frame.FrameDraft;
import io.batpak.engine.frame.LifecycleDrafts;
import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.index.EventRow;
import io.batpak.engine.index.HiddenRanges;
import io.batpak.engine.platform.Access;
import io.batpak.engine.platform.Clock;
import io.batpak.engine.platform.DirectoryLock;
import io.batpak.engine.platform.Disk;
import io.batpak.engine.platform.DiskFile;
import io.batpak.engine.platform.Platform;
import io.batpak.engine.platform.Threads;
import io.batpak.engine.platform.Threads.Worker;
import io.batpak.engine.recovery.DurableEnd;
import io.batpak.engine.recovery.FenceHistory;
import io.batpak.engine.recovery.Recovery;
import io.batpak.engine.recovery.Repair;
import io.batpak.engine.recovery.StoreId;
import io.batpak.engine.search.Snapshot;
import io.batpak.engine.segment.ActiveFrames;
import io.batpak.engine.segment.ActiveSegment;
import io.batpak.engine.segment.Segment;
import io.batpak.engine.segment.SegmentLog;
import io.batpak.engine.segment.SegmentSpace;
import io.batpak.event.EventId;
import io.batpak.event.EventLimits;
import io.batpak.event.Hash;
import io.batpak.event.Hlc;
import io.batpak.event.LifecycleKinds;
import io.batpak.evidence.OpenReport;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.DiskFull;
import io.batpak.failure.ForeignFile;
import io.batpak.failure.LimitExceeded;
import io.batpak.failure.StoreException;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private final Clock clock;
  private final Threads threads;
  private final Committer committer;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final Worker syncWorker;
  private final Worker commitWorker;
  private final Worker drainWorker;
  private final Worker spaceWorker;
  private final Worker sealWorker;

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
    this.marks = new Watermarks(next, found.fences().hidden());
    this.clock = platform.clock();
    this.threads = platform.threads();
    this.committer =
        new Committer(
            disk.root(),
            log,
            marks,
            new Committer.Outside(clock, threads, platform.entropy()),
            bound(config.sync()),
            config.queueCapacity(),
            config.cachedHeads(),
            resume(found, next));
    this.syncWorker = threads.start("batpak-sync", committer::syncRound);
    this.commitWorker = threads.start("batpak-commit", committer::round);
    this.drainWorker = threads.start("batpak-drain", () -> upkeep(log::drain));
    this.spaceWorker = threads.start("batpak-space", () -> upkeep(log::prepareAhead));
    this.sealWorker = threads.start("batpak-seal", () -> upkeep(log::sealOldest));
    committer.doorbells(syncWorker::wake, this::wakeUpkeep, commitWorker::wake);
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
    var frames = new ActiveFrames(space, found.framesEnd());
    Segment segment =
        Segment.active(found.path(), found.header(), found.framesStart(), frames, index);
    return new ActiveSegment(segment, space, frames, index);
  }

  private static Writer.Resume resume(Recovery.Found found, long next) {
    List<FrameDraft> records = records(found);
    long lastCancelled = found.fences().lastCancelled();
    if (next == 0) {
      return new Writer.Resume(0, Hash.ZERO, 0, 0, 0, lastCancelled, records);
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
        last.index().counter(row),
        lastCancelled,
        records);
  }

  /// What the log must be told of before its next event. The end of a fence comes first: everything
  /// up to it is hidden.
  private static List<FrameDraft> records(Recovery.Found found) {
    var records = new ArrayList<FrameDraft>();
    FenceHistory fences = found.fences();
    if (fences.unended() >= 0) {
      var end = new LifecycleDrafts.Fence(fences.unended(), fences.lastCancelled());
      records.add(LifecycleDrafts.fence(LifecycleKinds.FENCE_CANCELLED, end));
    }
    OpenReport report = found.report();
    if (report.recovered()) {
      records.add(
          LifecycleDrafts.recovered(
              report.cutBytes(), report.droppedSegments(), report.cutReason()));
    }
    return records;
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
    drainWorker.wake();
    spaceWorker.wake();
    if (log.sealDue()) {
      sealWorker.wake();
    }
  }

  /// One round of background work on the log.
  private long upkeep(BooleanSupplier work) {
    if (committer.stopped() != null) {
      return Long.MAX_VALUE;
    }
    try {
      return work.getAsBoolean() ? 0 : Long.MAX_VALUE;
    } catch (DiskFull e) {
      // Not fatal: the writer meets the same answer when it needs the room, and is told.
      return FULL_DISK_RETRY_NANOS;
    } catch (StoreException e) {
      committer.stop(e);
      return Long.MAX_VALUE;
    } catch (RuntimeException | Error e) {
      committer.stop(new DiskFailed(disk.root(), "background work on the log", e));
      throw e;
    }
  }

  /// Appends one event without key and condition.
  ///
  /// @param draft the event; free again when this returns normally
  /// @param durable whether the answer must mean durable
  /// @return where it stands; durable, if that was wanted
  public EventRow append(FrameDraft draft, boolean durable) {
    return committer.append(draft, durable);
  }

  /// Commits in place.
  ///
  /// @param request what to commit
  /// @return what became of it; durable, if that was wanted
  public Outcome commit(CommitRequest request) {
    return committer.commit(request);
  }

  /// Queues a commit; waits for room if there is none.
  ///
  /// @param request what to commit
  /// @return its answer to come
  public Submission submit(CommitRequest request) {
    return committer.submit(request);
  }

  /// Queues a commit, unless too many are queued already.
  ///
  /// @param request what to commit
  /// @return its answer to come, or empty
  public Optional<Submission> trySubmit(CommitRequest request) {
    return committer.trySubmit(request);
  }

  /// {@return the answer to a submission that is done}
  ///
  /// @param submission done, and not called off
  public Outcome answer(Submission submission) {
    return committer.answer(submission);
  }

  /// Says how busy the queue is.
  ///
  /// @param <T> how it is said
  public interface Busy<T> {

    /// {@return how busy the queue is}
    ///
    /// @param retryAfter when there should be room
    /// @param queued how many submissions are on their way
    /// @param capacity how many may be
    T say(Duration retryAfter, int queued, int capacity);
  }

  /// {@return how busy the queue is}
  ///
  /// @param busy says it
  /// @param <T> how it is said
  public <T> T busy(Busy<T> busy) {
    return busy.say(
        Duration.ofNanos(committer.retryNanos()), committer.queued(), committer.capacity());
  }

  /// Runs something of the caller's on a thread that is none of the store's.
  ///
  /// @param task may block
  public void runElsewhere(Runnable task) {
    threads.run(task);
  }

  /// Begins a visibility fence.
  ///
  /// @param nanos how long it may last
  /// @return the fence
  public FenceTicket beginFence(long nanos) {
    return committer.beginFence(nanos);
  }

  /// Lets what a fence held be seen.
  ///
  /// @param fence the fence
  /// @return where the log says so; empty if the fence has ended otherwise
  public OptionalLong commitFence(FenceTicket fence) {
    return committer.commitFence(fence).stream().mapToLong(EventRow::sequence).findFirst();
  }

  /// Returns when an event is durable.
  ///
  /// @param sequence the event; written
  public void makeDurable(long sequence) {
    committer.makeDurable(sequence);
  }

  /// Hides what a fence held, for good. Nothing happens if it has ended.
  ///
  /// @param fence the fence
  public void cancelFence(FenceTicket fence) {
    committer.cancelFence(fence);
  }

  /// Waits until an event can be seen.
  ///
  /// @param sequence the event; written
  /// @param nanos how long at most
  /// @return how it ended
  public Syncer.Waited awaitVisible(long sequence, long nanos) {
    return committer.awaitVisible(sequence, nanos);
  }

  /// Waits until an event is durable, written already or not.
  ///
  /// @param sequence the event
  /// @param nanos how long at most
  /// @return how it ended
  public Syncer.Waited awaitDurable(long sequence, long nanos) {
    return committer.awaitDurable(sequence, nanos);
  }

  /// Takes in a remote time: what is committed from now on is later.
  ///
  /// @param remote the time
  /// @return the time that has been reached
  /// @throws LimitExceeded if it is too far ahead of the wall clock
  public Hlc observe(Hlc remote) {
    long ahead = remote.wallMillis() - clock.wallMillis(clock.nanos());
    if (ahead > EventLimits.HLC_AHEAD_MILLIS_MAX) {
      throw new LimitExceeded(
          "milliseconds of a remote time ahead of the wall clock",
          EventLimits.HLC_AHEAD_MILLIS_MAX,
          ahead);
    }
    return committer.observe(remote);
  }

  /// {@return how far things are, read at one moment}
  public Watermarks.Reading marks() {
    return marks.read();
  }

  /// {@return everything that has its place in the log, visible or not}
  public Snapshot written() {
    long end = marks.writtenAcquire();
    return new Snapshot(end, log.segments(), HiddenRanges.NONE);
  }

  /// {@return what a read that starts now sees}
  public Snapshot snapshot() {
    long end = marks.visibleAcquire();
    return new Snapshot(end, log.segments(), marks.hidden());
  }

  /// {@return the sequence behind the last durable event}
  public long durableEnd() {
    return marks.durableAcquire();
  }

  /// Makes everything written so far durable.
  public void force() {
    committer.sync();
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
  ///
  /// @throws StoreException if something is not durable: what writing has ended with, as {@link
  ///   #force} throws it, if nothing else
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    // Whatever fails, the threads end and the directory is given back.
    Throwable failure = attempt(committer::close, null);
    failure = attempt(syncWorker::stop, failure);
    failure = attempt(commitWorker::stop, failure);
    failure = attempt(drainWorker::stop, failure);
    failure = attempt(spaceWorker::stop, failure);
    failure = attempt(sealWorker::stop, failure);
    failure = attempt(committer::end, failure);
    boolean sound = committer.stopped() == null;
    if (!sound && failure == null) {
      failure = attempt(committer::sync, null);
    }
    failure = attempt(() -> log.close(sound), failure);
    if (failure == null && marks.durableAcquire() > 0) {
      failure = attempt(() -> DurableEnd.write(disk, marks.durableAcquire()), null);
    }
    failure = attempt(this::endMappings, failure);
    failure = attempt(lock::close, failure);
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(failure);
    }
  }

  private void endMappings() {
    try {
      arena.close();
    } catch (IllegalStateException e) {
      throw new DiskFailed(disk.root(), "end the mappings", e);
    }
  }

  private static @Nullable Throwable attempt(Runnable step, @Nullable Throwable before) {
    try {
      step.run();
      return before;
    } catch (RuntimeException | Error e) {
      if (before == null) {
        return e;
      }
      before.addSuppressed(e);
      return before;
    }
  }
}
