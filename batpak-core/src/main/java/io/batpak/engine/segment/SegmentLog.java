package io.batpak.engine.segment;

import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.platform.Disk;
import io.batpak.engine.platform.DiskFile;
import io.batpak.event.EventId;
import io.batpak.event.Hash;
import io.batpak.failure.DiskFull;
import io.batpak.failure.StoreException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
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

  /// More full segments than this, and a writer that wants a new one seals the oldest itself.
  private static final int FULL_COUNT_MAX = 4;

  private final Disk disk;
  private final Arena arena;
  private final EventId store;
  private final int bytesMax;

  private volatile Segment[] segments;
  private volatile @Nullable ActiveSegment active;
  private volatile boolean namesUnforced;

  /// Full segments on their way to a footer, oldest first; guarded by itself.
  private final ArrayDeque<ActiveSegment> full = new ArrayDeque<>();

  private final Object sealing = new Object();

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
  /// @param previous event hash of the last event before
  /// @param nowMillis wall time, for the header
  /// @return the new active segment
  /// @throws DiskFull if there is no room for it
  public ActiveSegment rotate(long first, Hash previous, long nowMillis) {
    sealIfTooMany();
    return takeOver(first, previous, nowMillis);
  }

  /// Under the monitor from taking the successor to being active: the successor's name is made from
  /// the active segment's, and no two may have it.
  private synchronized ActiveSegment takeOver(long first, Hash previous, long nowMillis) {
    Successor next = takeSuccessor();
    var header = new SegmentHeader(store, first, nowMillis, previous);
    byte[] start = header.encode();
    MemorySegment memory = next.space.memory();
    MemorySegment.copy(start, 0, memory, ValueLayout.JAVA_BYTE, 0, start.length);
    String name = SegmentLayout.name(first);
    try {
      next.space.rename(disk, next.name, name);
    } catch (StoreException e) {
      discard(next, e);
      throw e;
    }
    namesUnforced = true;
    var index = new ActiveIndex(first);
    Segment segment =
        Segment.active(disk.path(name), header, start.length, start.length, next.space, index);
    var now = new ActiveSegment(segment, next.space, index, start.length);
    Segment[] before = segments;
    Segment[] after = Arrays.copyOf(before, before.length + 1);
    after[before.length] = segment;
    ActiveSegment old = active;
    if (old != null) {
      synchronized (full) {
        full.add(old);
      }
    }
    segments = after;
    active = now;
    return now;
  }

  /// Makes every frame written before the call durable: segments oldest first, new names before
  /// frames.
  public void force() {
    ActiveSegment now = active;
    ActiveSegment[] older;
    synchronized (full) {
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

  private void forceNames() {
    if (namesUnforced) {
      namesUnforced = false;
      try {
        disk.force();
      } catch (StoreException e) {
        namesUnforced = true;
        throw e;
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
    now.touchAhead();
    return now.growAhead() || prepareSuccessor(now) || forceSpaceAhead(now);
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
    int step = now == null ? SegmentLayout.STEP_BYTES_MIN : bytesMax / 4;
    String name = base + SegmentLayout.NEXT_SUFFIX;
    disk.delete(name);
    DiskFile file = disk.create(name);
    var made = new Successor(name, SegmentSpace.empty(file, bytesMax, arena));
    try {
      made.space.growTo(Math.min(bytesMax, step));
      disk.force();
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

  /// Closes the files; everything to be durable has been forced. A successor that is not in use
  /// goes.
  public synchronized void close() {
    ActiveSegment now = active;
    if (now != null) {
      now.close();
    }
    synchronized (full) {
      full.forEach(ActiveSegment::close);
      full.clear();
    }
    Successor unused = successor;
    if (unused != null) {
      successor = null;
      unused.space.file().close();
      disk.delete(unused.name);
    }
  }
}
