package io.batpak.benches.jmh;

import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.index.NameKey;
import io.batpak.engine.index.Postings;
import io.batpak.engine.index.SealedIndex;
import io.batpak.engine.index.SegmentIndex;
import io.batpak.engine.index.SidxWriter;
import io.batpak.event.Hash;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One segment's index: adding a row, and looking up the last row of an entity and its columns, in
/// memory and in a footer; beside the skip list that would do the same.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class IndexBench {

  private static final int ROW_COUNT = 200_000;
  private static final int ENTITY_COUNT = 1_000;
  private static final int KIND = 0x1001;
  private static final int FRAME_BYTES = 264;

  private final String[] entities = new String[ENTITY_COUNT];
  private final NameKey[] keys = new NameKey[ENTITY_COUNT];
  private final int[] picks = new int[1 << 12];
  private final ConcurrentSkipListMap<Long, Hash> skipList = new ConcurrentSkipListMap<>();
  private ActiveIndex active = filled();
  private SegmentIndex sealed = active;
  private int turn;

  /// Creates the state of one benchmark thread.
  public IndexBench() {}

  private ActiveIndex filled() {
    for (int i = 0; i < ENTITY_COUNT; i++) {
      entities[i] = "entity:" + i;
      keys[i] = new NameKey(entities[i]);
    }
    var index = new ActiveIndex(0);
    for (int row = 0; row < ROW_COUNT; row++) {
      add(index, row);
    }
    return index;
  }

  private void add(ActiveIndex index, int row) {
    new BenchRow(row * FRAME_BYTES, row, row / ENTITY_COUNT, KIND, null)
        .addTo(index, entities[row % ENTITY_COUNT], "bench", List.of());
  }

  /// Seals the same rows, and puts them into the peer.
  @Setup
  public void seal() {
    ByteBuffer footer = SidxWriter.write(active, 0);
    MemorySegment memory = Arena.ofAuto().allocate(footer.remaining(), Long.BYTES);
    memory.copyFrom(MemorySegment.ofBuffer(footer));
    if (!(SealedIndex.open(memory) instanceof SealedIndex.Footer.Present present)) {
      throw new IllegalStateException("the footer does not open");
    }
    sealed = present.index();
    for (long row = 0; row < ROW_COUNT; row++) {
      skipList.put(row, Hash.ZERO);
    }
    Random random = new Random(3);
    for (int i = 0; i < picks.length; i++) {
      picks[i] = random.nextInt(ROW_COUNT);
    }
  }

  private int pick() {
    turn = turn + 1 & picks.length - 1;
    return picks[turn];
  }

  /// {@return an index of {@value #ROW_COUNT} rows; per row}
  @Benchmark
  @OperationsPerInvocation(ROW_COUNT)
  public ActiveIndex activePut() {
    var index = new ActiveIndex(0);
    for (int row = 0; row < ROW_COUNT; row++) {
      add(index, row);
    }
    return index;
  }

  /// {@return a map of {@value #ROW_COUNT} rows, by sequence only; per row}
  @Benchmark
  @OperationsPerInvocation(ROW_COUNT)
  public ConcurrentSkipListMap<Long, Hash> skipListPut() {
    var map = new ConcurrentSkipListMap<Long, Hash>();
    for (long row = 0; row < ROW_COUNT; row++) {
      map.put(row, Hash.ZERO);
    }
    return map;
  }

  /// {@return columns of a random row, in memory}
  @Benchmark
  public long activeGet() {
    return columns(active, pick());
  }

  /// {@return columns of a random row, in a footer}
  @Benchmark
  public long sealedGet() {
    return columns(sealed, pick());
  }

  /// {@return the value of a random row}
  @Benchmark
  public Hash skipListGet() {
    Hash hash = skipList.get((long) pick());
    if (hash == null) {
      throw new IllegalStateException("a row is missing");
    }
    return hash;
  }

  /// {@return the last row of a random entity, in memory}
  @Benchmark
  public int activeEntity() {
    return last(active);
  }

  /// {@return the last row of a random entity, in a footer}
  @Benchmark
  public int sealedEntity() {
    return last(sealed);
  }

  private int last(SegmentIndex index) {
    Postings rows = index.ofEntity(keys[pick() % ENTITY_COUNT]);
    return rows.row(rows.count() - 1);
  }

  private static long columns(SegmentIndex index, int row) {
    return index.offset(row) + index.idHigh(row) + index.clock(row) + index.kind(row);
  }
}
