package io.batpak.engine.platform;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/// Random bits from a generator that the operating system's entropy seeds. Ids need to be unique,
/// not secret. Used by one thread at a time.
public final class SystemEntropy implements Entropy {

  private final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());

  /// Creates the source.
  public SystemEntropy() {}

  @Override
  public long nextLong() {
    return random.nextLong();
  }
}
