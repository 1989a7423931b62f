package io.batpak.engine.segment;

import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.platform.Access;
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
/// #force} for the holder of the right to force, {@link #upkeep} for one background thread, {@link
/// #segments} for everyone.
public final class SegmentLog {

  private final Disk disk;
  private final Arena arena;
  private final EventId store;
  private final int bytesMax;

  private volatile Segment[] segments;
  private volatile @Nullable ActiveSegment active;
  private volatile boolean namesUnforced;

  /// Full segments on their way to a footer, oldest first; guarded by itself.
  private final ArrayDeque<ActiveSegment> full = new ArrayDeque<>();

  /// Guarded by the monitor of this object.
  private @Nullable Successor successor;

  private record Successor(String name, DiskFile file, MemorySegment memory, int spaceBytes) {}

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
  /// Under the monitor from taking the successor to naming the new active segment: a successor that
  /// upkeep prepares in between would have the name of the one that was taken, and replace its file.
  ///
  /// @param first sequence of the first event of the new segment
  /// @param previous event hash of the last event before
  /// @param nowMillis wall time, for the header
  /// @return the new active segment
  /// @throws DiskFull if there is no room for it
  public synchronized ActiveSegment rotate(long first, Hash previous, long nowMillis) {
    Successor next = takeSuccessor();
    var header = new SegmentHeader(store, first, nowMillis, previous);
    byte[] start = header.encode();
    MemorySegment.copy(start, 0, next.memory, ValueLayout.JAVA_BYTE, 0, start.length);
    String name = SegmentLayout.name(first);
    try {
      disk.rename(next.name, name);
    } catch (StoreException e) {
      discard(next.name, next.file, e);
      throw e;
    }
    next.file.renamed(disk.path(name));
    namesUnforced = true;
    var index = new ActiveIndex(first);
    Segment segment =
        Segment.indexed(disk.path(name), header, start.length, start.length, next.memory, index);
    var now =
        new ActiveSegment(
            segment, next.file, index, start.length, next.spaceBytes, bytesMax, arena);
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
    if (namesUnforced) {
      namesUnforced = false;
      try {
        disk.force();
      } catch (StoreException e) {
        namesUnforced = true;
        throw e;
      }
    }
    for (ActiveSegment segment : older) {
      segment.forceFull();
    }
    if (now != null) {
      now.force();
    }
  }

  /// Does what is due ahead of the writer and behind it. For one background thread.
  ///
  /// @return whether it did something, so that another round may find more
  public boolean upkeep() {
    ActiveSegment now = active;
    boolean worked = false;
    if (now != null) {
      worked = now.growAhead();
      now.touchAhead();
      if (now.successorDue() && prepareSuccessor(now)) {
        worked = true;
      }
    }
    return sealOldest() || worked;
  }

  private boolean sealOldest() {
    ActiveSegment oldest;
    synchronized (full) {
      oldest = full.peek();
    }
    if (oldest == null) {
      return false;
    }
    oldest.seal();
    synchronized (full) {
      full.remove();
    }
    return true;
  }

  /// Does nothing when another segment has taken over meanwhile.
  private synchronized boolean prepareSuccessor(@Nullable ActiveSegment now) {
    if (successor != null || active != now) {
      return false;
    }
    String base =
        now == null ? SegmentLayout.name(0) : String.valueOf(now.segment().path().getFileName());
    successor = prepare(base + SegmentLayout.NEXT_SUFFIX);
    return true;
  }

  private synchronized Successor takeSuccessor() {
    var _ = prepareSuccessor(active);
    Successor taken = successor;
    if (taken == null) {
      throw new AssertionError("no successor although one was prepared");
    }
    successor = null;
    return taken;
  }

  /// The first segment of a store starts small and grows, so that a small store stays small; later
  /// ones are written in whole.
  private Successor prepare(String name) {
    int spaceBytes = active == null ? Math.min(bytesMax, SegmentLayout.STEP_BYTES_MIN) : bytesMax;
    disk.delete(name);
    DiskFile file = disk.create(name);
    try {
      ActiveSegment.writeZeros(file, 0, spaceBytes);
      file.force();
      disk.force();
      return new Successor(name, file, file.map(spaceBytes, Access.WRITE, arena), spaceBytes);
    } catch (StoreException e) {
      discard(name, file, e);
      throw e;
    }
  }

  private void discard(String name, DiskFile file, StoreException cause) {
    try {
      file.close();
      disk.delete(name);
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
      unused.file.close();
      disk.delete(unused.name);
    }
  }
}
