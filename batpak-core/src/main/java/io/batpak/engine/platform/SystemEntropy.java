package io.batpak.engine.platform;

import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.SplittableRandom;

/// Random bits from a generator that the operating system's entropy seeds. Ids need to be unique,
/// not secret. Used by one thread at a time.
public final class SystemEntropy implements Entropy {

  private static final Path POOL = Path.of("/dev/urandom");

  private final SplittableRandom random = new SplittableRandom(seed());

  /// Creates the source.
  public SystemEntropy() {}

  /// From the system's pool itself where that is a file: loading the security providers takes
  /// longer than opening a store.
  private static long seed() {
    if (Files.isReadable(POOL)) {
      try (InputStream pool = Files.newInputStream(POOL)) {
        return ByteBuffer.wrap(pool.readNBytes(Long.BYTES)).getLong();
      } catch (IOException | BufferUnderflowException e) {
        // The platform's own generator does as well.
      }
    }
    return new SecureRandom().nextLong();
  }

  @Override
  public long nextLong() {
    return random.nextLong();
  }
}
