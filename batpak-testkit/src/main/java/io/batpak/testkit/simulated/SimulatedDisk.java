package io.batpak.testkit.simulated;

import io.batpak.engine.platform.Access;
import io.batpak.engine.platform.Clock;
import io.batpak.engine.platform.DirectoryLock;
import io.batpak.engine.platform.Disk;
import io.batpak.engine.platform.DiskFile;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.DiskFull;
import io.batpak.failure.Locked;
import io.batpak.failure.StoreException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A store directory in memory that keeps exactly the promises of [Disk] and no more, and that can
/// crash at any operation.
///
/// Files have a page cache and a medium behind it; names have the directory as the process sees it
/// and the one that is durable. Only a force brings one to the other. When power is lost, what was
/// not forced has reached the medium or not: bytes sector by sector or page by page, in any order
/// and in any version since the last force, one of them perhaps in part; names as a prefix of what
/// was done to them. When only the process is killed, everything written survives.
///
/// A force that fails drops what it was to write, or part of it, and takes it for clean: this
/// process and later ones see it, and forces succeed without it. Only bytes that are written again,
/// the same ones too, can arrive; where nothing had ever been, perhaps not even those do, but in
/// another file. The directory does the same with names; it is one block, so the next change of any
/// name brings all of them back. [#dropCaches] shows what the medium has.
///
/// Faults are scheduled by the test: a crash ([#crashIn]), a failing operation ([#failIn]), a disk
/// without room ([#room]), a force that lies ([#lie]). All chance comes from one seed. Any number
/// of threads may use it as a [Disk]; the rest is for one, and only one gets the same run twice.
public final class SimulatedDisk implements Disk, AutoCloseable {

  /// How a process ends.
  public enum Crash {
    /// The page cache survives.
    KILL,
    /// What was not forced survives in part.
    POWER_LOSS
  }

  /// What a disk is asked to do, as faults name it.
  public enum Operation {
    /// [Disk#exists].
    EXISTS,
    /// [Disk#createRoot].
    CREATE_ROOT,
    /// [Disk#list].
    LIST,
    /// [Disk#create].
    CREATE,
    /// [Disk#open].
    OPEN,
    /// [Disk#rename].
    RENAME,
    /// [Disk#delete].
    DELETE,
    /// [Disk#force].
    FORCE_NAMES,
    /// [Disk#lock].
    LOCK,
    /// [Disk#holder].
    HOLDER,
    /// [DiskFile#length].
    LENGTH,
    /// [DiskFile#read].
    READ,
    /// [DiskFile#write].
    WRITE,
    /// [DiskFile#map].
    MAP,
    /// [DiskFile#force].
    FORCE,
    /// [DiskFile#truncate].
    TRUNCATE,
    /// [DiskFile#close].
    CLOSE
  }

  /// A change of the directory. Without a target it is a deletion, without a source a creation.
  private record NameChange(
      @Nullable String source, @Nullable String target, @Nullable SimulatedInode made) {

    void apply(Map<String, SimulatedInode> names) {
      SimulatedInode inode = source == null ? made : names.remove(source);
      if (target != null && inode != null) {
        names.put(target, inode);
      }
    }
  }

  private static final Set<Operation> FORCES = EnumSet.of(Operation.FORCE, Operation.FORCE_NAMES);

  /// One operation in so many finds that the system has written something back.
  private static final int WRITE_BACK_PERIOD = 16;

  private final RandomGenerator random;
  private final int fileBytesMax;
  private final Arena arena;
  private final Path root = Path.of("simulated");
  private final Map<String, SimulatedInode> cached = new TreeMap<>();
  private final Map<String, SimulatedInode> durable = new TreeMap<>();
  private final List<NameChange> unforced = new ArrayList<>();

  /// What a failed force of the directory was to write.
  private final List<NameChange> dropped = new ArrayList<>();

  private final Set<SimulatedFile> open = new HashSet<>();
  private final Set<Operation> lies = EnumSet.noneOf(Operation.class);
  private boolean made;
  private @Nullable String holder;
  private boolean crashed;
  private String crashPlace = "";
  private long operations;
  private long crashAt = Long.MAX_VALUE;
  private Set<Operation> crashing = Set.of();
  private long crashAfter;
  private Set<Operation> failing = Set.of();
  private long failAfter;
  private long room = Long.MAX_VALUE;
  private Runnable duringForce = () -> {};
  private long failures;
  private long refusals;

  /// Creates an empty disk whose directory does not exist yet.
  ///
  /// @param seed decides everything that is left to chance
  /// @param fileBytesMax the longest that a file may become; each takes as much memory
  public SimulatedDisk(long seed, int fileBytesMax) {
    this(new SplittableRandom(seed), fileBytesMax, Arena.ofShared());
  }

  /// {@return an empty disk that no one has to close: its memory goes when nobody refers to it}
  ///
  /// @param seed decides everything that is left to chance
  /// @param fileBytesMax the longest that a file may become; each takes as much memory
  public static SimulatedDisk unclosed(long seed, int fileBytesMax) {
    return new SimulatedDisk(new SplittableRandom(seed), fileBytesMax, Arena.ofAuto());
  }

  private SimulatedDisk(RandomGenerator random, int fileBytesMax, Arena arena) {
    this.random = random;
    this.fileBytesMax = fileBytesMax;
    this.arena = arena;
  }

  /// Gives the memory back, also that of the disks this one came from by crashes. Nothing may be
  /// used afterwards, mappings included.
  @Override
  public void close() {
    arena.close();
  }

  /// Lets the process die at an operation: it takes effect in part or not at all, and it and all
  /// later ones throw [SimulatedCrash].
  ///
  /// @param count which operation from now on, 1 for the next
  public void crashIn(long count) {
    crashAt = operations + count;
  }

  /// Lets the process die at an operation of some sort: it takes effect in part.
  ///
  /// @param which the operations that count
  /// @param count which of them from now on, 1 for the next
  public void crashIn(Set<Operation> which, long count) {
    crashing = which;
    crashAfter = count;
  }

  /// Lets an operation fail with [DiskFailed], once.
  ///
  /// @param which the operations that count
  /// @param count which of them from now on, 1 for the next
  public void failIn(Set<Operation> which, long count) {
    failing = which;
    failAfter = count;
  }

  /// Takes back a crash or a failure that has not happened yet.
  public void behave() {
    crashAt = Long.MAX_VALUE;
    crashing = Set.of();
    failing = Set.of();
  }

  /// {@return a clock whose every reading counts as an operation, so that the process can die at
  /// it}
  ///
  /// Every commit reads the clock, also one that reaches the file through memory alone.
  ///
  /// @param clock what it reads
  public Clock counting(Clock clock) {
    return new Clock() {
      @Override
      public long nanos() {
        lookAtClock();
        return clock.nanos();
      }

      @Override
      public long wallMillis(long nanos) {
        return clock.wallMillis(nanos);
      }
    };
  }

  /// Sets how much more the files may grow, together, before [DiskFull]. A deletion gives room
  /// back.
  ///
  /// @param bytes 0 and up; `Long.MAX_VALUE` for no limit
  public void room(long bytes) {
    room = bytes;
  }

  /// {@return how much more the files may grow}
  public long room() {
    return room;
  }

  /// From now on an operation reports success and does nothing.
  ///
  /// @param force [Operation#FORCE] or [Operation#FORCE_NAMES]
  public void lie(Operation force) {
    lies.add(force);
  }

  /// From now on no operation lies.
  public void tellTheTruth() {
    lies.clear();
  }

  /// Sets what happens while a file is being forced; on a slow disk, time passes.
  ///
  /// @param meanwhile run in every force that does not fail
  public void duringForce(Runnable meanwhile) {
    duringForce = meanwhile;
  }

  /// {@return how many operations there were}
  public long operations() {
    return operations;
  }

  /// {@return whether the process has died}
  public boolean crashed() {
    return crashed;
  }

  /// {@return the operation at which the process died as scheduled; empty if it did not}
  public String crashPlace() {
    return crashPlace;
  }

  /// {@return how many operations failed as scheduled}
  public long failures() {
    return failures;
  }

  /// {@return how many operations found no room}
  public long refusals() {
    return refusals;
  }

  /// {@return the names of the files, ascending, as the process sees them; no operation}
  public List<String> names() {
    return List.copyOf(cached.keySet());
  }

  /// {@return the files that are open}
  public List<String> openFiles() {
    return open.stream().map(file -> String.valueOf(file.path().getFileName())).toList();
  }

  /// {@return whether somebody holds the lock}
  public boolean locked() {
    return holder != null;
  }

  /// {@return the disk that the next process finds; this one is dead from now on}
  ///
  /// @param crash how the process ended
  public SimulatedDisk afterCrash(Crash crash) {
    crashed = true;
    var next = new SimulatedDisk(random, fileBytesMax, arena);
    next.made = made;
    next.lies.addAll(lies);
    if (crash == Crash.KILL) {
      next.cached.putAll(cached);
      next.durable.putAll(durable);
      next.unforced.addAll(unforced);
      next.dropped.addAll(dropped);
      return next;
    }
    int surviving = random.nextInt(unforced.size() + 1);
    unforced.subList(0, surviving).forEach(change -> change.apply(durable));
    next.cached.putAll(durable);
    next.durable.putAll(durable);
    durable.values().forEach(inode -> inode.losePower(random));
    return next;
  }

  /// {@return whether the process sees bytes or names that the medium has not, and that no force
  /// will bring there}
  public boolean lost() {
    return !dropped.isEmpty() || cached.values().stream().anyMatch(SimulatedInode::lost);
  }

  /// Forgets what is clean, as a system does that wants the memory, or at an unmount: what a failed
  /// force has dropped is no longer seen.
  public synchronized void dropCaches() {
    if (!dropped.isEmpty()) {
      dropped.clear();
      cached.clear();
      cached.putAll(durable);
    }
    cached.values().forEach(SimulatedInode::dropCache);
  }

  /// Writes some of what is dirty back, as a system does when it likes to; every operation may do
  /// it too.
  public synchronized void writeBack() {
    cached.values().forEach(inode -> inode.writeBack(random));
  }

  private void writeBackSometimes() {
    if (!cached.isEmpty() && random.nextInt(WRITE_BACK_PERIOD) == 0) {
      int chosen = random.nextInt(cached.size());
      cached.values().stream().skip(chosen).findFirst().ifPresent(one -> one.writeBack(random));
    }
  }

  void failForce(SimulatedInode inode) {
    inode.failForce(random);
  }

  /// {@return all bytes of a file, as the process sees them}
  ///
  /// @param name the file
  public byte[] bytes(String name) {
    SimulatedInode inode = inode(name, "look at");
    byte[] bytes = new byte[inode.length()];
    inode.read(0, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /// Replaces all bytes of a file, on the medium too; makes the file if there is none.
  ///
  /// @param name the file
  /// @param bytes its new content
  public void replace(String name, byte[] bytes) {
    made = true;
    SimulatedInode inode =
        cached.computeIfAbsent(name, _ -> new SimulatedInode(arena, fileBytesMax));
    durable.put(name, inode);
    inode.truncate(bytes.length);
    inode.write(0, ByteBuffer.wrap(bytes), bytes.length);
    inode.force();
  }

  @Override
  public Path root() {
    return root;
  }

  @Override
  public synchronized boolean exists() {
    step(Operation.EXISTS, root);
    return made;
  }

  @Override
  public synchronized void createRoot() {
    step(Operation.CREATE_ROOT, root);
    made = true;
  }

  @Override
  public synchronized List<String> list() {
    step(Operation.LIST, root);
    return new ArrayList<>(cached.keySet());
  }

  @Override
  public synchronized DiskFile create(String name) {
    if (cached.containsKey(name)) {
      throw failed(path(name), "create, since it exists,");
    }
    var inode = new SimulatedInode(arena, fileBytesMax);
    change(Operation.CREATE, name, new NameChange(null, name, inode));
    return opened(name, inode, Access.WRITE);
  }

  @Override
  public synchronized DiskFile open(String name, Access access) {
    step(Operation.OPEN, path(name));
    return opened(name, inode(name, "open"), access);
  }

  private SimulatedFile opened(String name, SimulatedInode inode, Access access) {
    var file = new SimulatedFile(this, path(name), inode, access);
    open.add(file);
    return file;
  }

  private SimulatedInode inode(String name, String operation) {
    SimulatedInode inode = cached.get(name);
    if (inode == null) {
      throw failed(path(name), operation + ", since it does not exist,");
    }
    return inode;
  }

  @Override
  public synchronized void rename(String source, String target) {
    var _ = inode(source, "rename");
    SimulatedInode replaced = cached.get(target);
    change(Operation.RENAME, source, new NameChange(source, target, null));
    if (replaced != null && room < Long.MAX_VALUE) {
      room += replaced.length();
    }
  }

  @Override
  public synchronized void delete(String name) {
    SimulatedInode inode = cached.get(name);
    if (inode == null) {
      step(Operation.DELETE, path(name));
      return;
    }
    change(Operation.DELETE, name, new NameChange(name, null, null));
    if (room < Long.MAX_VALUE) {
      room += inode.length();
    }
  }

  private void change(Operation operation, String name, NameChange change) {
    step(operation, path(name), () -> apply(change));
    apply(change);
  }

  private void apply(NameChange change) {
    change.apply(cached);
    unforced.addAll(dropped);
    dropped.clear();
    unforced.add(change);
  }

  @Override
  public synchronized void force() {
    step(Operation.FORCE_NAMES, root, this::dropNames);
    if (!lies.contains(Operation.FORCE_NAMES)) {
      unforced.forEach(change -> change.apply(durable));
      unforced.clear();
    }
  }

  private void dropNames() {
    dropped.addAll(unforced);
    unforced.clear();
  }

  @Override
  public synchronized DirectoryLock lock(String name, String holder) {
    step(Operation.LOCK, path(name));
    if (this.holder != null) {
      throw new Locked(root, this.holder);
    }
    SimulatedInode inode = cached.get(name);
    if (inode == null) {
      inode = new SimulatedInode(arena, fileBytesMax);
      apply(new NameChange(null, name, inode));
    }
    byte[] text = holder.getBytes(StandardCharsets.UTF_8);
    inode.truncate(0);
    inode.write(0, ByteBuffer.wrap(text), text.length);
    this.holder = holder;
    return this::unlock;
  }

  private synchronized void unlock() {
    holder = null;
  }

  @Override
  public synchronized Optional<String> holder(String name) {
    step(Operation.HOLDER, path(name));
    return Optional.ofNullable(holder);
  }

  void step(Operation operation, Path path) {
    step(operation, path, () -> {});
  }

  /// Counts an operation, and lets it crash or fail if that is due.
  ///
  /// @param part what it may have done by then
  synchronized void step(Operation operation, Path path, Runnable part) {
    if (crashed) {
      throw new SimulatedCrash("an operation after the crash, " + operation + " of " + path);
    }
    operations++;
    writeBackSometimes();
    boolean aimed = crashing.contains(operation) && --crashAfter <= 0;
    if (aimed || operations >= crashAt) {
      if (!FORCES.contains(operation) && (aimed || random.nextBoolean())) {
        part.run();
      }
      throw crash(operation + " of " + path);
    }
    if (failing.contains(operation) && --failAfter <= 0) {
      failing = Set.of();
      failures++;
      if (operation == Operation.WRITE || FORCES.contains(operation)) {
        part.run();
      }
      throw failed(path, operation + ", as scheduled,");
    }
  }

  private synchronized void lookAtClock() {
    if (crashed) {
      throw new SimulatedCrash("a look at the clock after the crash");
    }
    operations++;
    writeBackSometimes();
    if (operations >= crashAt) {
      throw crash("a look at the clock");
    }
  }

  private SimulatedCrash crash(String place) {
    crashed = true;
    crashPlace = place;
    return new SimulatedCrash(place);
  }

  void forcing() {
    duringForce.run();
  }

  boolean lies(Operation force) {
    return lies.contains(force);
  }

  synchronized void closed(SimulatedFile file) {
    open.remove(file);
  }

  /// Takes room for a write and returns how many of its bytes fit.
  int allocate(long offset, int byteCount, int length) {
    long growth = offset + byteCount - length;
    if (growth <= 0 || room == Long.MAX_VALUE) {
      return byteCount;
    }
    long granted = Math.min(growth, room);
    room -= granted;
    return (int) Math.max(0, byteCount - (growth - granted));
  }

  /// How many bytes of a write arrived before it was broken off.
  int part(long offset, int byteCount, int length) {
    return random.nextInt(Math.max(0, allocate(offset, byteCount, length)) + 1);
  }

  StoreException full(Path path, int neededBytes) {
    refusals++;
    return new DiskFull(path, neededBytes, new IOException("no space left, as scheduled"));
  }

  private static DiskFailed failed(Path path, String operation) {
    return new DiskFailed(path, operation, new IOException("simulated"));
  }
}
