package io.batpak.testing;

import io.batpak.engine.platform.Access;
import io.batpak.engine.platform.DirectoryLock;
import io.batpak.engine.platform.Disk;
import io.batpak.engine.platform.DiskFile;
import io.batpak.engine.platform.FileSystemDisk;
import io.batpak.engine.platform.Platform;
import io.batpak.engine.platform.SystemClock;
import io.batpak.engine.platform.SystemEntropy;
import io.batpak.engine.platform.SystemThreads;
import io.batpak.failure.DiskFailed;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A directory of the file system whose forces are counted, and held back or failed when the test
/// says so: a disk that stalls or breaks, for tests with real threads.
public final class GatedDisk implements Disk {

  private static final long HELD_SECONDS_MAX = 60;

  private final FileSystemDisk disk;
  private final AtomicInteger forces = new AtomicInteger();
  private final AtomicInteger held = new AtomicInteger();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile boolean failing;

  /// Creates a disk that works.
  ///
  /// @param directory the directory
  public GatedDisk(Path directory) {
    this.disk = new FileSystemDisk(directory);
  }

  /// {@return this disk, with the machine's own clock, threads and entropy}
  public Platform platform() {
    return new Platform(this, new SystemClock(), new SystemThreads(), new SystemEntropy());
  }

  /// From now on every force of a file waits, though no longer than {@value #HELD_SECONDS_MAX}
  /// seconds: a test that has failed must come to its end.
  public void hold() {
    gate = new CountDownLatch(1);
  }

  /// Lets the forces that wait go on, and all later ones.
  public void release() {
    gate.countDown();
  }

  /// From now on every write by position and every force of a file fails.
  public void fail() {
    failing = true;
  }

  /// {@return how many forces of files have begun}
  public int forces() {
    return forces.get();
  }

  /// {@return how many forces wait now}
  public int held() {
    return held.get();
  }

  private void passGate() {
    forces.incrementAndGet();
    CountDownLatch closed = gate;
    boolean interrupted = false;
    held.incrementAndGet();
    while (closed.getCount() > 0) {
      try {
        if (!closed.await(HELD_SECONDS_MAX, TimeUnit.SECONDS)) {
          closed.countDown();
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    held.decrementAndGet();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void refuseIfFailing(Path path, String operation) {
    if (failing) {
      throw new DiskFailed(path, operation, new IOException("as the test wants it"));
    }
  }

  @Override
  public Path root() {
    return disk.root();
  }

  @Override
  public boolean exists() {
    return disk.exists();
  }

  @Override
  public void createRoot() {
    disk.createRoot();
  }

  @Override
  public List<String> list() {
    return disk.list();
  }

  @Override
  public DiskFile create(String name) {
    return new GatedFile(disk.create(name));
  }

  @Override
  public DiskFile open(String name, Access access) {
    return new GatedFile(disk.open(name, access));
  }

  @Override
  public void rename(String source, String target) {
    disk.rename(source, target);
  }

  @Override
  public void delete(String name) {
    disk.delete(name);
  }

  @Override
  public void force() {
    disk.force();
  }

  @Override
  public DirectoryLock lock(String name, String holder) {
    return disk.lock(name, holder);
  }

  @Override
  public Optional<String> holder(String name) {
    return disk.holder(name);
  }

  private final class GatedFile implements DiskFile {

    private final DiskFile file;

    GatedFile(DiskFile file) {
      this.file = file;
    }

    @Override
    public Path path() {
      return file.path();
    }

    @Override
    public void renamed(Path path) {
      file.renamed(path);
    }

    @Override
    public long length() {
      return file.length();
    }

    @Override
    public void read(long offset, ByteBuffer target) {
      file.read(offset, target);
    }

    @Override
    public void write(long offset, ByteBuffer source) {
      refuseIfFailing(path(), "write");
      file.write(offset, source);
    }

    @Override
    public MemorySegment map(long byteCount, Access access, Arena arena) {
      return file.map(byteCount, access, arena);
    }

    @Override
    public void force() {
      passGate();
      refuseIfFailing(path(), "force");
      file.force();
    }

    @Override
    public void truncate(long length) {
      file.truncate(length);
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
