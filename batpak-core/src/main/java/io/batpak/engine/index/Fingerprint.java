package io.batpak.engine.index;

/// What stands for a name in filters and tables: FNV-1a with the finalizer of MurmurHash3. Part of
/// the file format.
final class Fingerprint {

  private Fingerprint() {}

  static long of(byte[] name) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : name) {
      hash = (hash ^ b & 0xFF) * 0x100000001B3L;
    }
    hash ^= hash >>> 33;
    hash *= 0xFF51AFD7ED558CCDL;
    hash ^= hash >>> 33;
    hash *= 0xC4CEB9FE1A85EC53L;
    return hash ^ hash >>> 33;
  }
}
