package io.batpak.benches.jmh;

import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.index.HiddenRanges;
import io.batpak.engine.index.KeyProbe;
import io.batpak.engine.index.SealedIndex;
import io.batpak.engine.index.SidxWriter;
import io.batpak.engine.search.PreparedQuery;
import io.batpak.engine.search.Search;
import io.batpak.engine.search.Snapshot;
import io.batpak.engine.segment.Segment;
import io.batpak.engine.segment.SegmentHeader;
import io.batpak.event.Bytes;
import io.batpak.event.EventId;
import io.batpak.event.EventKind;
import io.batpak.event.Hash;
import io.batpak.query.Query;
import io.batpak.query.Region;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What a conditional or keyed append asks of the index: {@value #SEALED_COUNT} sealed segments and
/// an active one. Every event has a key and a tag of its own, and one of {@value #COURSE_COUNT}
/// common tags. `-p rows=278000` makes it 10 million events.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class NewestBench {

  private static final int SEALED_COUNT = 36;
  private static final int COURSE_COUNT = 1_000;
  private static final int KIND = 0x1001;
  private static final int PICK_COUNT = 1 << 14;

  /// Events of a segment.
  @Param("50000")
  public int rows = 50_000;

  private final PreparedQuery[] courses = new PreparedQuery[PICK_COUNT];
  private final PreparedQuery[] entities = new PreparedQuery[PICK_COUNT];
  private final PreparedQuery[] absentTags = new PreparedQuery[PICK_COUNT];
  private final PreparedQuery[] oldTags = new PreparedQuery[PICK_COUNT];
  private final KeyProbe[] absentKeys = new KeyProbe[PICK_COUNT];
  private @Nullable Snapshot snapshot;
  private int turn;

  /// Creates the state of one benchmark thread.
  public NewestBench() {}

  /// Makes the segments and the questions.
  @Setup
  public void fill() {
    var segments = new Segment[SEALED_COUNT + 1];
    for (int i = 0; i < SEALED_COUNT; i++) {
      segments[i] = sealed(filled((long) i * rows));
    }
    long first = (long) SEALED_COUNT * rows;
    segments[SEALED_COUNT] =
        Segment.indexed(Path.of("active"), header(first), 0, 0, MemorySegment.NULL, filled(first));
    snapshot = new Snapshot(first + rows, segments, HiddenRanges.NONE);
    prepare(courses, i -> Region.all().tag("course:" + i % COURSE_COUNT));
    prepare(
        entities, i -> Region.entity("entity:" + i % COURSE_COUNT).kind(EventKind.ofBits(KIND)));
    prepare(absentTags, i -> Region.all().tag("student:x" + i));
    prepare(oldTags, i -> Region.all().tag("student:" + i * 7919 % first));
    for (int i = 0; i < PICK_COUNT; i++) {
      absentKeys[i] = new KeyProbe(key(-1L - i));
    }
  }

  private static void prepare(PreparedQuery[] queries, LongFunction<Region> region) {
    for (int i = 0; i < queries.length; i++) {
      queries[i] = PreparedQuery.of(Query.of(region.apply(i)));
    }
  }

  private ActiveIndex filled(long first) {
    var index = new ActiveIndex(first);
    for (long sequence = first; sequence < first + rows; sequence++) {
      List<String> texts = List.of("course:" + sequence % COURSE_COUNT, "student:" + sequence);
      new BenchRow(0, sequence << 16, 0, KIND, key(sequence))
          .addTo(index, "entity:" + sequence % COURSE_COUNT, "bench", texts);
    }
    return index;
  }

  private static Bytes key(long number) {
    return Bytes.copyOf(
        ByteBuffer.allocate(16).putLong(number).putLong(number * 0x9E3779B97F4A7C15L).array());
  }

  private static SegmentHeader header(long first) {
    return new SegmentHeader(new EventId(1, 1), first, 0, Hash.ZERO);
  }

  private static Segment sealed(ActiveIndex index) {
    ByteBuffer footer = SidxWriter.write(index, 0);
    MemorySegment memory = Arena.ofAuto().allocate(footer.remaining(), Long.BYTES);
    memory.copyFrom(MemorySegment.ofBuffer(footer));
    if (!(SealedIndex.open(memory) instanceof SealedIndex.Footer.Present present)) {
      throw new IllegalStateException("the footer does not open");
    }
    return Segment.sealed(Path.of("sealed"), header(index.first()), 0, 0, memory, present.index());
  }

  private Snapshot snapshot() {
    return Objects.requireNonNull(snapshot);
  }

  private int pick() {
    turn = turn + 1 & PICK_COUNT - 1;
    return turn;
  }

  private long newest(PreparedQuery[] queries, long from) {
    return Search.newest(snapshot(), queries[pick()], from, Long.MAX_VALUE);
  }

  /// {@return the newest event with a common tag behind a position near the end; seldom there is
  /// one}
  @Benchmark
  public long tag() {
    return newest(courses, snapshot().end() - 4);
  }

  /// {@return the same for an entity and a kind}
  @Benchmark
  public long entity() {
    return newest(entities, snapshot().end() - 4);
  }

  /// {@return the newest event with a tag that no event has, in all segments}
  @Benchmark
  public long missTag() {
    return newest(absentTags, 0);
  }

  /// {@return the only event with a tag, in one of all segments}
  @Benchmark
  public long oldTag() {
    return newest(oldTags, 0);
  }

  /// {@return the event with a key that no event has, in all segments}
  @Benchmark
  public long missKey() {
    return snapshot().find(absentKeys[pick()]);
  }
}
