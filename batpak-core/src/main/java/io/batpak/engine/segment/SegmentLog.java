package io.batpak.engine.segment;

import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.platform.Disk;
import io.batpak.engine.platform.DiskFile;
import io.batpak.engine.ring.Ring;
import io.batpak.engine.ring.RingLayout;
import io.batpak.event.EventId;
import io.batpak.event.Hash;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.DiskFull;
import io.batpak.failure.StoreException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The log: all segments in order, the last of them active, and the work that keeps it ahead of its
/// writer.
///
/// Threads: {@link #active} and {@link #rotate} are for the holder of the writer role, {@link
/// #force} for the holder of the right to force, {@link #prepareAhead} and {@link #sealOldest} for
/// one background thread each, {@link #segments} for everyone.
public final class SegmentLog {

  /// Successors up to this length are written in one step.
  private static final int WHOLE_BYTES_MAX = 4 << 20;

  /// More full segments than this, and a writer that wants a new one seals the oldest itself.
  private static final int FULL_COUNT_MAX = 2;

  /// Draining is worth a round of the background thread: 300 short events.
  public static final int DRAIN_BYTES = 1 << 16;

  private final Disk disk;
  private final Arena arena;
  private final EventId store;
  private final int bytesMax;

  private volatile Segment[] segments;
  private volatile @Nullable ActiveSegment active;
  private final DeferredHashes.Desk desk = new DeferredHashes.Desk();
  private volatile boolean namesUnforced;
  private volatile boolean durableWanted;

  /// Made by the first append; for the holder of the writer role.
  private @Nullable Ring ring;

  /// Full segments on their way to a footer, oldest first; guarded by itself.
  private final ArrayDeque<ActiveSegment> full = new ArrayDeque<>(2 * FULL_COUNT_MAX + 2);

  private final Object sealing = new Object();
  private final Object naming = new Object();

  /// Guarded by `naming`.
  private @Nullable StoreException namesFailure;

  /// Guarded by the monitor of this object.
  private @Nullable Successor successor;

  private record Successor(String name, SegmentSpace space) {}

  /// Creates the log over what recovery found.
  ///
  /// @param disk the store directory
  /// @param arena ends all mappings
  /// @param store the store's id
  /// @param bytesMax the length of new segments
  /// @param segments all segments in order, the active one last
  /// @param active the last, if it takes more frames
  /// @param full segments before it that have no footer yet
  public SegmentLog(
      Disk disk,
      Arena arena,
      EventId store,
      int bytesMax,
      List<Segment> segments,
      @Nullable ActiveSegment active,
      List<ActiveSegment> full) {
    this.disk = disk;
    this.arena = arena;
    this.store = store;
    this.bytesMax = bytesMax;
    this.segments = segments.toArray(Segment[]::new);
    this.active = active;
    this.full.addAll(full);
    full.forEach(segment -> segment.deferHashes(desk));
    if (active != null) {
      active.deferHashes(desk);
    }
  }

  /// {@return all segments in order; not to be changed}
  public Segment[] segments() {
    return segments;
  }

  /// {@return the segment that takes frames; null before the first event}
  public @Nullable ActiveSegment active() {
    return active;
  }

  /// {@return the largest length of all frames of one commit}
  public int commitBytesMax() {
    return bytesMax / 2;
  }

  /// Lets a new segment take over. The one before is sealed by upkeep and answers from memory until
  /// then. If it throws, nothing has changed.
  ///
  /// @param first sequence of the first event of the new segment
  /// @param lastHash event hash of the last event before, where no segment is active
  /// @param nowMillis wall time, for the header
  /// @return the new active segment
  /// @throws DiskFull if there is no room for it
  public ActiveSegment rotate(long first, Hash lastHash, long nowMillis) {
    sealIfTooMany();
    ActiveSegment before = active;
    if (before != null) {
      // The ring holds frames of one segment at a time.
      before.frames().drain();
      before.settleHashes();
    }
    return takeOver(first, before == null ? lastHash : before.segment().lastHash(), nowMillis);
  }

  /// Makes sure that frames can be written into the active segment, in which they fit.
  ///
  /// @param byteCount their length together
  /// @throws DiskFull if there is no room; nothing has changed
  public void makeRoom(int byteCount) {
    ActiveSegment now = active;
    if (now == null) {
      throw new AssertionError("no segment is active");
    }
    now.frames().attach(ring());
    now.makeRoom(byteCount);
  }

  private Ring ring() {
    Ring made = ring;
    if (made == null) {
      made = Ring.create(disk, store, RingLayout.capacity(bytesMax), arena);
      ring = made;
    }
    return made;
  }

  /// Lets space ahead of the writer be forced: a caller wants to be durable, and a force into space
  /// that is already on disk takes half the time.
  public void durableWanted() {
    durableWanted = true;
  }

  /// Writes into its segment what stands in the ring only. For one background thread.
  ///
  /// @return whether so much came meanwhile that another round is due
  public boolean drain() {
    ActiveSegment now = active;
    if (now == null) {
      return false;
    }
    now.settleHashes();
    now.frames().drain();
    return now.frames().undrainedBytes() >= DRAIN_BYTES;
  }

  /// Under the monitor from taking the successor to being active: the successor's name is made from
  /// the active segment's, and no two may have it.
  private synchronized ActiveSegment takeOver(long first, Hash previous, long nowMillis) {
    String name = SegmentLayout.name(first);
    var header = new SegmentHeader(store, first, nowMillis, previous);
    byte[] start = header.encode();
    Segment[] before = segments;
    long lastFence = before.length == 0 ? -1 : before[before.length - 1].lastFence();
    var index = new ActiveIndex(first, lastFence);
    Segment[] after = Arrays.copyOf(before, before.length + 1);
    Ring ring = ring();
    Successor next = takeSuccessor();
    SegmentSpace space = next.space;
    var frames = new ActiveFrames(space, start.length);
    frames.attach(ring);
    var segment = Segment.active(disk.path(name), header, start.length, frames, index);
    var now = new ActiveSegment(segment, space, frames, index);
    now.deferHashes(desk);
    after[after.length - 1] = segment;
    try {
      space.file().write(0, ByteBuffer.wrap(start));
      space.rename(disk, next.name, name);
    } catch (StoreException e) {
      discard(next, e);
      throw e;
    }
    // The file has its name, and half a change would fork the log: nothing is allocated from here
    // on.
    namesUnforced = true;
    ActiveSegment old = active;
    segments = after;
    // Together: a force that saw the new one without the old would leave frames unforced.
    synchronized (full) {
      if (old != null) {
        full.add(old);
      }
      active = now;
    }
    return now;
  }

  /// Makes every frame written before the call durable: segments oldest first, new names before
  /// frames.
  public void force() {
    ActiveSegment now;
    ActiveSegment[] older;
    synchronized (full) {
      now = active;
      older = full.toArray(ActiveSegment[]::new);
    }
    forceNames();
    for (ActiveSegment segment : older) {
      segment.forceFull();
    }
    if (now != null) {
      now.force();
    }
  }

  /// Whoever comes while another forces the names waits for him: his answer is needed too. A failed
  /// force stays failed, since the system tells of it only once.
  private void forceNames() {
    synchronized (naming) {
      StoreException failed = namesFailure;
      if (failed != null) {
        throw new DiskFailed(disk.root(), "an earlier force of the directory", failed);
      }
      if (namesUnforced) {
        namesUnforced = false;
        try {
          disk.force();
        } catch (StoreException e) {
          namesFailure = e;
          throw e;
        }
      }
    }
  }

  /// Does the most urgent thing that is due ahead of the writer. For one background thread.
  ///
  /// @return whether it did something, so that another round may find more
  public boolean prepareAhead() {
    ActiveSegment now = active;
    if (now == null) {
      return false;
    }
    return now.growAhead() || prepareSuccessor(now) || durableWanted && forceSpaceAhead(now);
  }

  /// Writes the footer of the oldest full segment. For one background thread, and for a writer that
  /// is too far ahead of it.
  ///
  /// @return whether there was one
  public boolean sealOldest() {
    synchronized (sealing) {
      ActiveSegment oldest;
      synchronized (full) {
        oldest = full.peek();
      }
      if (oldest == null) {
        return false;
      }
      forceNames();
      oldest.seal(arena);
      synchronized (full) {
        full.remove();
      }
      return true;
    }
  }

  /// {@return whether a full segment waits for its footer}
  public boolean sealDue() {
    synchronized (full) {
      return !full.isEmpty();
    }
  }

  /// Full segments answer from memory; this bounds how much.
  private void sealIfTooMany() {
    while (true) {
      synchronized (full) {
        if (full.size() < FULL_COUNT_MAX) {
          return;
        }
      }
      var _ = sealOldest();
    }
  }

  private boolean prepareSuccessor(ActiveSegment now) {
    SegmentSpace space;
    synchronized (this) {
      if (now != active || !now.successorDue()) {
        return false;
      }
      if (successor == null) {
        successor = prepare();
        return true;
      }
      space = successor.space;
    }
    if (space.complete()) {
      return false;
    }
    space.growTo(space.bytes() + 1);
    return true;
  }

  private boolean forceSpaceAhead(ActiveSegment now) {
    SegmentSpace next;
    synchronized (this) {
      next = successor == null ? null : successor.space;
    }
    return next != null && next.forceNew() || now.forceSpace();
  }

  private Successor takeSuccessor() {
    Successor taken = successor == null ? prepare() : successor;
    successor = null;
    return taken;
  }

  /// The first segment of a store starts small and grows, so that a small store stays small; later
  /// ones start at a size that a fast writer does not outrun.
  private Successor prepare() {
    ActiveSegment now = active;
    String base =
        now == null ? SegmentLayout.name(0) : String.valueOf(now.segment().path().getFileName());
    int step =
        now == null
            ? SegmentLayout.STEP_BYTES_MIN
            : Math.max(bytesMax / 4, Math.min(bytesMax, WHOLE_BYTES_MAX));
    String name = base + SegmentLayout.NEXT_SUFFIX;
    disk.delete(name);
    DiskFile file = disk.create(name);
    var made = new Successor(name, SegmentSpace.empty(file, bytesMax, arena));
    try {
      made.space.growTo(Math.min(bytesMax, step));
      namesUnforced = true;
      forceNames();
      return made;
    } catch (StoreException e) {
      discard(made, e);
      throw e;
    }
  }

  private void discard(Successor made, StoreException cause) {
    try {
      made.space.file().close();
      disk.delete(made.name);
    } catch (StoreException e) {
      cause.addSuppressed(e);
    }
  }

  /// Seals what is full, as far as the disk lets it, and closes the files; everything to be durable
  /// has been forced. A successor that is not in use goes.
  ///
  /// @param sealing whether to seal; not after a failure
  public void close(boolean sealing) {
    var failures = new ArrayList<StoreException>();
    if (sealing) {
      attempt(this::sealAll, failures);
    }
    synchronized (this) {
      ActiveSegment now = active;
      if (now != null) {
        attempt(now::close, failures);
      }
      synchronized (full) {
        full.forEach(segment -> attempt(segment::close, failures));
        full.clear();
      }
      closeRing(sealing, failures);
      Successor unused = successor;
      if (unused != null) {
        successor = null;
        attempt(() -> unused.space.file().close(), failures);
        attempt(() -> disk.delete(unused.name), failures);
      }
    }
    if (!failures.isEmpty()) {
      StoreException first = failures.removeFirst();
      failures.forEach(first::addSuppressed);
      throw first;
    }
  }

  /// After a failure the ring stays: frames that were answered may stand in it only.
  private void closeRing(boolean drained, List<StoreException> failures) {
    Ring made = ring;
    if (made != null) {
      ring = null;
      attempt(made::close, failures);
      if (drained) {
        attempt(() -> disk.delete(RingLayout.NAME), failures);
      }
    }
  }

  private void sealAll() {
    try {
      while (sealOldest()) {
        // one footer a round
      }
    } catch (DiskFull e) {
      // No room for a footer: the next opening makes the index from the frames.
    }
  }

  private static void attempt(Runnable step, List<StoreException> failures) {
    try {
      step.run();
    } catch (StoreException e) {
      failures.add(e);
    }
  }
}
