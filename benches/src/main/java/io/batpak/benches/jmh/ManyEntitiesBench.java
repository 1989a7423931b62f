package io.batpak.benches.jmh;

import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.index.NameKey;
import io.batpak.engine.index.Postings;
import io.batpak.engine.index.SealedIndex;
import io.batpak.engine.index.SegmentIndex;
import io.batpak.engine.index.SidxWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A segment in which every event has an entity of its own: looking one of them up in random order,
/// in a footer and in memory, and adding events of new entities.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ManyEntitiesBench {

  private static final int NEW_COUNT = 200_000;
  private static final int KIND = 0x1001;

  /// Entities of the segment.
  @Param("1000000")
  public int entities = 1_000_000;

  private String[] fresh = {};
  private int[] order = {};
  private ActiveIndex active = new ActiveIndex(0);
  private SegmentIndex sealed = active;
  private int turn;

  /// Creates the state of one benchmark thread.
  public ManyEntitiesBench() {}

  /// Makes the segment and the order in which it is asked.
  @Setup
  public void fill() {
    order = new int[entities];
    Random random = new Random(5);
    for (int i = 0; i < entities; i++) {
      add(active, "account:" + i);
      order[i] = random.nextInt(entities);
    }
    fresh = new String[NEW_COUNT];
    for (int i = 0; i < NEW_COUNT; i++) {
      fresh[i] = "account:" + Integer.reverse(i);
    }
    ByteBuffer footer = SidxWriter.write(active, 0);
    MemorySegment memory = Arena.ofAuto().allocate(footer.remaining(), Long.BYTES);
    memory.copyFrom(MemorySegment.ofBuffer(footer));
    if (!(SealedIndex.open(memory) instanceof SealedIndex.Footer.Present present)) {
      throw new IllegalStateException("the footer does not open");
    }
    sealed = present.index();
  }

  private static void add(ActiveIndex index, String entity) {
    int row = index.rows();
    new BenchRow(row * 264, row, 0, KIND, null).addTo(index, entity, "bench", List.of());
  }

  /// Made anew: a string that a caller holds is in a cache, one of a million is not.
  private String pick() {
    turn = turn + 1 == entities ? 0 : turn + 1;
    return "account:" + order[turn];
  }

  /// {@return the last row of a random entity, in a footer; the name is prepared each time}
  @Benchmark
  public int sealedEntity() {
    Postings rows = sealed.ofEntity(new NameKey(pick()));
    return rows.row(rows.count() - 1);
  }

  /// {@return what the next event of a random entity is chained to, from a footer}
  @Benchmark
  public long sealedHead() {
    Postings rows = sealed.ofEntity(new NameKey(pick()));
    int row = rows.row(rows.count() - 1);
    return sealed.clock(row) ^ sealed.hash(row).word0();
  }

  /// {@return the rows of an entity that the footer does not have}
  @Benchmark
  public int sealedMiss() {
    turn = turn + 1 == NEW_COUNT ? 0 : turn + 1;
    return sealed.ofEntity(new NameKey(fresh[turn])).count();
  }

  /// {@return the last row of a random entity, in memory}
  @Benchmark
  public int activeEntity() {
    return active.lastRow(pick());
  }

  /// {@return an index of {@value #NEW_COUNT} rows, each of an entity that is new to it; per row}
  @Benchmark
  @OperationsPerInvocation(NEW_COUNT)
  public ActiveIndex activePut() {
    var index = new ActiveIndex(0);
    for (int i = 0; i < NEW_COUNT; i++) {
      add(index, fresh[i]);
    }
    return index;
  }
}
