package io.batpak.benches.peer;

import io.batpak.benches.Durability;
import io.batpak.benches.Shape;
import io.batpak.benches.Subject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

/// RocksDB through its JNI binding, write-ahead log on, defaults otherwise.
///
/// The key is a counter of eight bytes, big-endian, so that the order of keys is the order of
/// appends. Durable means `WriteOptions.setSync(true)`; RocksDB groups concurrent writers behind
/// one sync itself.
public final class RocksDbPeer implements Subject {

  /// What the JVM needs for it.
  public static final List<String> JVM_FLAGS = List.of("--enable-native-access=ALL-UNNAMED");

  private final AtomicLong sequence = new AtomicLong();
  private final Options options;
  private final WriteOptions writes;
  private final RocksDB store;

  private RocksDbPeer(Options options, WriteOptions writes, RocksDB store) {
    this.options = options;
    this.writes = writes;
    this.store = store;
  }

  /// {@return it, open and empty}
  ///
  /// @param directory where to
  /// @param shape whether each put is synced
  /// @throws RocksDBException if it does not open
  public static RocksDbPeer open(Path directory, Shape shape) throws RocksDBException {
    RocksDB.loadLibrary();
    Options options = new Options().setCreateIfMissing(true);
    WriteOptions writes = new WriteOptions().setSync(shape.durability() == Durability.DURABLE);
    return new RocksDbPeer(options, writes, RocksDB.open(options, directory.toString()));
  }

  @Override
  public void append(int caller, byte[] payload) throws RocksDBException {
    store.put(writes, BigEndian.bytes(sequence.getAndIncrement()), payload);
  }

  @Override
  public long readAll() {
    long count = 0;
    try (RocksIterator events = store.newIterator()) {
      for (events.seekToFirst(); events.isValid(); events.next()) {
        count += events.value().length == PAYLOAD_BYTES ? 1 : 0;
      }
    }
    return count;
  }

  @Override
  public void close() {
    store.close();
    writes.close();
    options.close();
  }
}
