package io.batpak.benches;

import io.batpak.benches.floor.RawFile;
import io.batpak.benches.floor.ZeroedFile;
import io.batpak.benches.peer.AeronArchivePeer;
import io.batpak.benches.peer.ChronicleQueuePeer;
import io.batpak.benches.peer.RocksDbPeer;
import io.batpak.benches.peer.SqlitePeer;
import io.batpak.benches.store.BatpakSubject;
import io.batpak.benches.store.ColdFill;
import java.util.List;
import java.util.Optional;

/// Who takes part, in the order of the table. The first is the floor that the others are divided
/// by.
public final class Entrants {

  /// What everything is divided by.
  public static final Entrant FLOOR = new Entrant("raw-file", 108, List.of(), RawFile::open);

  /// The store.
  public static final Entrant STORE =
      new Entrant("batpak", 300, List.of(), Optional.of(ColdFill.class), BatpakSubject::open);

  /// Everybody. A new subject is a class and a line here.
  public static final List<Entrant> ALL =
      List.of(
          FLOOR,
          STORE,
          new Entrant("zeroed-file", 108, List.of(), ZeroedFile::open),
          new Entrant(
              "chronicle-queue", 110, ChronicleQueuePeer.JVM_FLAGS, ChronicleQueuePeer::open),
          new Entrant("rocksdb", 120, RocksDbPeer.JVM_FLAGS, RocksDbPeer::open),
          new Entrant("aeron-archive", 160, AeronArchivePeer.JVM_FLAGS, AeronArchivePeer::open),
          new Entrant("sqlite", 120, SqlitePeer.JVM_FLAGS, SqlitePeer::open));

  private Entrants() {}

  /// {@return the entrant of a name}
  ///
  /// @param name as on the command line
  public static Entrant named(String name) {
    return ALL.stream()
        .filter(entrant -> entrant.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no subject is called " + name));
  }
}
