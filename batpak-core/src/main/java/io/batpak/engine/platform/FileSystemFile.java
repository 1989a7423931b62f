package io.batpak.engine.platform;

import io.batpak.failure.DiskFailed;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// A file of the file system, safe from interrupts.
///
/// A `FileChannel` closes itself when its thread is interrupted, and a caller's interrupt must
/// never cost the store its file. An `AsynchronousFileChannel` does not; given an executor that
/// runs each task at once on the calling thread, it is a plain uninterruptible channel. Only
/// mapping needs a `FileChannel`: it is opened for that moment, and mapping is repeated when an
/// interrupt closed it.
final class FileSystemFile implements DiskFile {

  private volatile Path path;
  private final boolean writable;
  private final AsynchronousFileChannel channel;

  private FileSystemFile(Path path, boolean writable, AsynchronousFileChannel channel) {
    this.path = path;
    this.writable = writable;
    this.channel = channel;
  }

  static FileSystemFile open(Path path, Set<? extends OpenOption> options) {
    try {
      var channel = AsynchronousFileChannel.open(path, options, new CallersThread());
      return new FileSystemFile(path, options.contains(StandardOpenOption.WRITE), channel);
    } catch (IOException e) {
      throw FileSystemDisk.failure(path, "open", 0, e);
    }
  }

  static void forceOnce(Path directory) throws IOException {
    try (var channel =
        AsynchronousFileChannel.open(
            directory, Set.of(StandardOpenOption.READ), new CallersThread())) {
      channel.force(true);
    }
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
    try {
      return channel.size();
    } catch (IOException e) {
      throw FileSystemDisk.failure(path, "ask for the length", 0, e);
    }
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    long at = offset;
    try {
      while (target.hasRemaining()) {
        int count = settled(channel.read(target, at));
        if (count < 0) {
          return;
        }
        at += count;
      }
    } catch (IOException e) {
      throw FileSystemDisk.failure(path, "read at " + at, 0, e);
    }
  }

  @Override
  public void write(long offset, ByteBuffer source) {
    long at = offset;
    try {
      while (source.hasRemaining()) {
        at += settled(channel.write(source, at));
      }
    } catch (IOException e) {
      throw FileSystemDisk.failure(path, "write at " + at, source.remaining(), e);
    }
  }

  @Override
  public MemorySegment map(long byteCount, Access access, Arena arena) {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try (FileChannel mapper = openForMapping()) {
          return mapper.map(
              access == Access.READ ? MapMode.READ_ONLY : MapMode.READ_WRITE, 0, byteCount, arena);
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } catch (IOException e) {
      throw FileSystemDisk.failure(path, "map " + byteCount + " bytes", 0, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private FileChannel openForMapping() throws IOException {
    return writable
        ? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
        : FileChannel.open(path, StandardOpenOption.READ);
  }

  @Override
  public void force() {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw new DiskFailed(path, "force", e);
    }
  }

  @Override
  public void truncate(long length) {
    try {
      long now = channel.size();
      if (length < now) {
        var _ = channel.truncate(length);
      } else if (length > now) {
        write(length - 1, ByteBuffer.allocate(1));
      }
    } catch (IOException e) {
      throw FileSystemDisk.failure(path, "cut to " + length + " bytes", 0, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw FileSystemDisk.failure(path, "close", 0, e);
    }
  }

  /// The task has run when the call returns, so nothing is waited for here.
  private static int settled(Future<Integer> done) throws IOException {
    return switch (done.state()) {
      case SUCCESS -> done.resultNow();
      case FAILED -> throw asIoException(done.exceptionNow());
      case CANCELLED, RUNNING -> throw new IOException("the channel did not run its task at once");
    };
  }

  private static IOException asIoException(Throwable cause) {
    Throwable root =
        cause instanceof ExecutionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : cause;
    return root instanceof IOException io ? io : new IOException(root);
  }

  /// Runs each task at once on the calling thread.
  private static final class CallersThread extends AbstractExecutorService {

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return false;
    }
  }
}
