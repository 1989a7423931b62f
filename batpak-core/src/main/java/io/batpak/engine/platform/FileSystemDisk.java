package io.batpak.engine.platform;

import io.batpak.failure.DiskFailed;
import io.batpak.failure.DiskFull;
import io.batpak.failure.ForeignFile;
import io.batpak.failure.Locked;
import io.batpak.failure.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// A directory of the file system.
///
/// Locks: an operating system's file lock belongs to the process, and closing *any* channel of the
/// lock file gives it back. So this class keeps the set of directories that this process has
/// locked, and never opens the lock file of one of them; one thread at a time looks at locks. It is
/// the one mutable static of the project, as the locks are.
public final class FileSystemDisk implements Disk {

  private static final Set<Path> LOCKED_HERE = ConcurrentHashMap.newKeySet();

  private static final int HOLDER_BYTES_MAX = 256;
  private static final int LOCK_TRIES = 5;
  private static final long LOCK_PAUSE_NANOS = 20_000_000;

  private final Path root;

  /// Creates the disk over a directory, which need not exist yet.
  ///
  /// @param root the directory
  public FileSystemDisk(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public Path root() {
    return root;
  }

  @Override
  public boolean exists() {
    if (Files.exists(root) && !Files.isDirectory(root)) {
      throw new ForeignFile(root, "is a file; a store needs a directory", null);
    }
    return Files.isDirectory(root);
  }

  @Override
  public void createRoot() {
    try {
      Files.createDirectories(root);
      Path parent = root.getParent();
      if (parent != null) {
        forceDirectory(parent);
      }
    } catch (IOException e) {
      throw failure(root, "create the directory", 0, e);
    }
  }

  @Override
  public List<String> list() {
    var names = new ArrayList<String>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
      for (Path entry : entries) {
        names.add(String.valueOf(entry.getFileName()));
      }
    } catch (IOException e) {
      throw failure(root, "list", 0, e);
    }
    names.sort(null);
    return names;
  }

  @Override
  public DiskFile create(String name) {
    return FileSystemFile.open(
        path(name),
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Override
  public DiskFile open(String name, Access access) {
    return FileSystemFile.open(
        path(name),
        access == Access.READ
            ? Set.of(StandardOpenOption.READ)
            : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Override
  public void rename(String source, String target) {
    try {
      Files.move(
          path(source),
          path(target),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failure(path(source), "rename to " + target, 0, e);
    }
  }

  @Override
  public void delete(String name) {
    try {
      Files.deleteIfExists(path(name));
    } catch (IOException e) {
      throw failure(path(name), "delete", 0, e);
    }
  }

  @Override
  public void force() {
    try {
      forceDirectory(root);
    } catch (IOException e) {
      throw failure(root, "force the directory", 0, e);
    }
  }

  @Override
  public DirectoryLock lock(String name, String holder) {
    Path key = realRoot();
    synchronized (LOCKED_HERE) {
      return lock(path(name), key, holder);
    }
  }

  private DirectoryLock lock(Path file, Path key, String holder) {
    if (!LOCKED_HERE.add(key)) {
      throw new Locked(root, "this process");
    }
    boolean locked = false;
    boolean interrupted = Thread.interrupted();
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        acquire(channel);
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
        locked = true;
        return () -> release(channel, key, file);
      } finally {
        if (!locked) {
          channel.close();
        }
      }
    } catch (IOException e) {
      throw failure(file, "lock", HOLDER_BYTES_MAX, e);
    } finally {
      if (!locked) {
        LOCKED_HERE.remove(key);
      }
      restore(interrupted);
    }
  }

  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// One who only looks holds the lock for an instant, so a refusal is tried again before it is
  /// believed.
  private void acquire(FileChannel channel) throws IOException {
    for (int i = 0; i < LOCK_TRIES; i++) {
      if (channel.tryLock() != null) {
        return;
      }
      LockSupport.parkNanos(LOCK_PAUSE_NANOS);
    }
    throw new Locked(root, readHolder(channel));
  }

  private static void release(FileChannel channel, Path key, Path file) {
    try {
      channel.close();
    } catch (IOException e) {
      throw failure(file, "unlock", 0, e);
    } finally {
      LOCKED_HERE.remove(key);
    }
  }

  @Override
  public Optional<String> holder(String name) {
    Path key = realRoot();
    synchronized (LOCKED_HERE) {
      if (LOCKED_HERE.contains(key)) {
        return Optional.of("this process");
      }
      return Files.exists(path(name)) ? holder(path(name)) : Optional.empty();
    }
  }

  private static Optional<String> holder(Path file) {
    boolean interrupted = Thread.interrupted();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true);
      if (lock == null) {
        return Optional.of(readHolder(channel));
      }
      lock.release();
      return Optional.empty();
    } catch (IOException e) {
      throw failure(file, "look at the lock", 0, e);
    } finally {
      restore(interrupted);
    }
  }

  private static String readHolder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(HOLDER_BYTES_MAX);
    channel.read(text, 0);
    return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
  }

  private Path realRoot() {
    try {
      return root.toRealPath();
    } catch (IOException e) {
      throw failure(root, "resolve", 0, e);
    }
  }

  /// A directory opens for reading only, and its force is what makes names durable; systems that
  /// refuse to open one make them durable by themselves.
  private static void forceDirectory(Path directory) throws IOException {
    if (Files.getFileStore(directory).type().toLowerCase(Locale.ROOT).contains("ntfs")) {
      return;
    }
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(directory)) {
      throw new IOException("not a directory");
    }
    FileSystemFile.forceOnce(directory);
  }

  /// Tells a full disk from a failed one. The platform has no type for it, only the system's words.
  static StoreException failure(Path file, String operation, long byteCount, IOException cause) {
    String words = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    boolean full =
        words.contains("no space left")
            || words.contains("quota exceeded")
            || words.contains("not enough space")
            || words.contains("file too large");
    return full
        ? new DiskFull(file, byteCount, cause)
        : new DiskFailed(file, operation, told(cause));
  }

  /// The platform tells some reasons by the type of the exception alone.
  private static IOException told(IOException cause) {
    return switch (cause) {
      case AccessDeniedException _ ->
          new IOException("access denied; check the permissions", cause);
      case NoSuchFileException _ -> new IOException("no such file or directory", cause);
      case FileAlreadyExistsException _ -> new IOException("there is such a file already", cause);
      case FileSystemException named when named.getReason() != null ->
          new IOException(named.getReason(), cause);
      default -> cause;
    };
  }
}
