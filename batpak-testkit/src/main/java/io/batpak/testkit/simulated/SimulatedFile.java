package io.batpak.testkit.simulated;

import io.batpak.engine.platform.Access;
import io.batpak.engine.platform.DiskFile;
import io.batpak.testkit.simulated.SimulatedDisk.Operation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// One open file of a [SimulatedDisk].
///
/// A force that fails drops what it was to write from the *file*, whoever has it open, now or
/// later: see [SimulatedInode].
final class SimulatedFile implements DiskFile {

  private final SimulatedDisk disk;
  private final SimulatedInode inode;
  private final Access access;
  private Path path;
  private boolean closed;

  SimulatedFile(SimulatedDisk disk, Path path, SimulatedInode inode, Access access) {
    this.disk = disk;
    this.path = path;
    this.inode = inode;
    this.access = access;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public void renamed(Path path) {
    this.path = path;
  }

  @Override
  public long length() {
    synchronized (disk) {
      refuseClosed();
      disk.step(Operation.LENGTH, path);
      return inode.length();
    }
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    synchronized (disk) {
      refuseClosed();
      disk.step(Operation.READ, path);
      inode.read(offset, target);
    }
  }

  @Override
  public void write(long offset, ByteBuffer source) {
    synchronized (disk) {
      refuseReadOnly();
      int wanted = source.remaining();
      disk.step(
          Operation.WRITE,
          path,
          () -> inode.write(offset, source.duplicate(), disk.part(offset, wanted, inode.length())));
      int fitting = disk.allocate(offset, wanted, inode.length());
      inode.write(offset, source, fitting);
      if (fitting < wanted) {
        throw disk.full(path, wanted - fitting);
      }
    }
  }

  @Override
  public MemorySegment map(long byteCount, Access access, Arena arena) {
    synchronized (disk) {
      refuseClosed();
      disk.step(Operation.MAP, path);
      if (byteCount > inode.length()) {
        throw new AssertionError(
            path + ": maps " + byteCount + " bytes of a file of " + inode.length());
      }
      MemorySegment mapping = inode.map(byteCount);
      return access == Access.READ ? mapping.asReadOnly() : mapping;
    }
  }

  @Override
  public void force() {
    refuseReadOnly();
    disk.step(Operation.FORCE, path, () -> disk.failForce(inode));
    disk.forcing();
    synchronized (disk) {
      if (!disk.lies(Operation.FORCE)) {
        inode.force();
      }
    }
  }

  @Override
  public void truncate(long length) {
    synchronized (disk) {
      refuseReadOnly();
      disk.step(Operation.TRUNCATE, path);
      int target = Math.toIntExact(length);
      int grown = disk.allocate(inode.length(), target - inode.length(), inode.length());
      if (grown < target - inode.length()) {
        throw disk.full(path, target - inode.length());
      }
      inode.truncate(target);
    }
  }

  @Override
  public void close() {
    synchronized (disk) {
      if (!closed) {
        closed = true;
        disk.closed(this);
        disk.step(Operation.CLOSE, path);
      }
    }
  }

  private void refuseClosed() {
    if (closed) {
      throw new AssertionError(path + " is used after it was closed");
    }
  }

  private void refuseReadOnly() {
    refuseClosed();
    if (access == Access.READ) {
      throw new AssertionError(path + " was opened for reading only");
    }
  }
}
