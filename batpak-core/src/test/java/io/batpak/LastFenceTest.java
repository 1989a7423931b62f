package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.config.StoreConfig;
import io.batpak.engine.frame.EventHasher;
import io.batpak.engine.frame.FrameDraft;
import io.batpak.engine.frame.FrameEncoder;
import io.batpak.engine.frame.LifecycleDrafts;
import io.batpak.engine.index.SealedIndex;
import io.batpak.engine.index.SidxLayout;
import io.batpak.engine.index.SidxWriter;
import io.batpak.engine.platform.FileSystemDisk;
import io.batpak.engine.platform.SystemClock;
import io.batpak.engine.recovery.Recovery;
import io.batpak.engine.recovery.StoreId;
import io.batpak.engine.segment.FrameScan;
import io.batpak.engine.segment.Segment;
import io.batpak.engine.segment.SegmentHeader;
import io.batpak.engine.segment.SegmentLayout;
import io.batpak.event.Coordinate;
import io.batpak.event.EventId;
import io.batpak.event.EventKind;
import io.batpak.event.Hash;
import io.batpak.event.LifecycleKinds;
import io.batpak.evidence.Verification.Problem;
import io.batpak.testing.Randoms;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that every segment knows the last event about a visibility fence up to its end: from its
/// footer, from its frames, and from the segments before it. Would catch a scan that forgets what
/// it inherits. Seed: random, printed.
class LastFenceTest {

  private static final EventId STORE = new EventId(7, 8);
  private static final int NOTE = Note.KIND.bits();
  private static final int BEGUN = LifecycleKinds.FENCE_BEGUN.bits();
  private static final int CANCELLED = LifecycleKinds.FENCE_CANCELLED.bits();

  @TempDir private Path root;

  /// What a directory is made of.
  private static final class Made {
    final List<Path> files = new ArrayList<>();
    final List<Integer> framesEnds = new ArrayList<>();
    final List<Long> fences = new ArrayList<>();
    final Map<String, Hash> heads = new HashMap<>();
    final Map<String, Long> clocks = new HashMap<>();
    long next;
    Hash last = Hash.ZERO;
    long lastFence = -1;
    long begun = -1;
    long cancelled = -1;
  }

  @Test
  void is_known_however_a_segment_is_read() {
    Randoms.each(
        30,
        (random, size) -> {
          Path directory = Files.createTempDirectory(root, "store");
          Made made = make(directory, kinds(random, size));
          spoil(made, random);

          try (Arena arena = Arena.ofShared()) {
            List<Segment> segments = read(directory, arena).segments();
            assertThat(segments.stream().map(Segment::lastFence)).isEqualTo(made.fences);
            for (int i = 0; i < segments.size(); i++) {
              assertThat(segments.get(i).index().lastFence()).isEqualTo(made.fences.get(i));
              assertThat(segments.get(i).lastFence()).isEqualTo(made.fences.get(i));
            }
          }
        });
  }

  private static List<List<Integer>> kinds(RandomGenerator random, int size) {
    var segments = new ArrayList<List<Integer>>();
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      var kinds = new ArrayList<Integer>();
      for (int j = random.nextInt(1, 2 + size / 10); j > 0; j--) {
        kinds.add(random.nextInt(8) == 0 ? BEGUN + random.nextInt(3) : NOTE);
      }
      segments.add(kinds);
    }
    return segments;
  }

  /// Takes footers away from the end, and damages some of the others.
  private static void spoil(Made made, RandomGenerator random) throws IOException {
    int sealed = random.nextInt(made.files.size() + 1);
    for (int i = 0; i < made.files.size(); i++) {
      byte[] bytes = Files.readAllBytes(made.files.get(i));
      if (i >= sealed) {
        bytes = Arrays.copyOf(bytes, made.framesEnds.get(i));
      } else if (i < sealed - 1 && random.nextInt(4) == 0) {
        bytes[bytes.length - 1] ^= 1;
      } else if (random.nextInt(4) == 0) {
        bytes[bytes.length - SidxLayout.TRAILER_BYTES - 1] ^= 1;
      }
      var _ = Files.write(made.files.get(i), bytes);
    }
  }

  @Test
  void goes_on_in_the_next_segment_of_a_writer() throws IOException {
    Made made = make(root, List.of(List.of(BEGUN, NOTE, CANCELLED, NOTE)));
    StoreConfig config = StoreConfig.of(root).withSegmentBytes(StoreConfig.SEGMENT_BYTES_MIN);
    try (Store store = Store.open(config, Note.CATALOGUE)) {
      for (int i = 0; i < 30; i++) {
        var _ = store.append(Coordinate.of("e", "s"), new Note("x".repeat(9_000)));
      }
    }

    try (Arena arena = Arena.ofShared()) {
      List<Segment> segments = read(root, arena).segments();
      assertThat(segments).hasSizeGreaterThan(3);
      assertThat(segments).extracting(Segment::lastFence).containsOnly(made.lastFence);
    }
    assertThat(LogVerifier.verify(root).problems()).isEmpty();
  }

  @Test
  void a_footer_that_names_another_is_found() throws IOException {
    Made made = make(root, List.of(List.of(BEGUN, NOTE), List.of(NOTE, NOTE), List.of(NOTE)));
    assertThat(LogVerifier.verify(root).problems()).isEmpty();
    refoot(made, 1, 1);

    assertThat(LogVerifier.verify(root).problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.file()).isEqualTo(made.files.get(1));
          assertThat(problem.description()).contains("head");
        });
  }

  @Test
  void footers_behind_a_lost_event_are_believed() throws IOException {
    Made made = make(root, List.of(List.of(NOTE, BEGUN), List.of(NOTE, NOTE), List.of(NOTE)));
    byte[] bytes = Files.readAllBytes(made.files.getFirst());
    bytes[made.framesEnds.getFirst() - 12] ^= 1;
    var _ = Files.write(made.files.getFirst(), bytes);

    assertThat(LogVerifier.verify(root).problems())
        .isNotEmpty()
        .extracting(Problem::file)
        .containsOnly(made.files.getFirst());
  }

  private static Recovery.Found read(Path directory, Arena arena) {
    return Recovery.read(new FileSystemDisk(directory), arena, new SystemClock());
  }

  private static Made make(Path directory, List<List<Integer>> segments) throws IOException {
    var _ = Files.writeString(directory.resolve(StoreId.NAME), StoreId.text(STORE) + "\n");
    var made = new Made();
    for (List<Integer> kinds : segments) {
      writeSegment(made, directory, kinds);
    }
    return made;
  }

  private static void writeSegment(Made made, Path directory, List<Integer> kinds)
      throws IOException {
    long before = made.lastFence;
    var header = new SegmentHeader(STORE, made.next, 1, made.last);
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(header.encode());
    for (int kind : kinds) {
      bytes.writeBytes(frame(made, kind));
    }
    byte[] frames = bytes.toByteArray();
    MemorySegment memory = Arena.ofAuto().allocate(frames.length, 8);
    memory.copyFrom(MemorySegment.ofArray(frames));
    FrameScan.Result scan =
        FrameScan.scan(
            memory,
            new SegmentHeader.Read.Good(header, header.encode().length),
            new FrameScan.Wanted(made.next - 1, before, null));
    assertThat(scan.end()).isEqualTo(FrameScan.End.ENOUGH);
    bytes.writeBytes(SidxWriter.write(scan.index(), frames.length).array());
    Path file = directory.resolve(SegmentLayout.name(header.first()));
    var _ = Files.write(file, bytes.toByteArray());
    made.files.add(file);
    made.framesEnds.add(frames.length);
    made.fences.add(made.lastFence);
  }

  private static byte[] frame(Made made, int kind) {
    FrameDraft draft = kind == NOTE ? note() : fence(made, kind);
    String entity = draft.coordinate().entity();
    long clock = made.clocks.merge(entity, 0L, (known, zero) -> known + 1);
    var stamp = new FrameEncoder.Stamp();
    stamp.place(made.next, clock);
    stamp.previous(made.heads.getOrDefault(entity, Hash.ZERO));
    stamp.time((1_000 + made.next) << 16 | 0x7000, Long.MIN_VALUE, 0);
    stamp.recovery(0, 0);
    var encoder = new FrameEncoder(1 << 16);
    encoder.encode(draft, stamp);
    made.last = EventHasher.hashOf(encoder.array(), 0, encoder.headerBytes());
    made.heads.put(entity, made.last);
    if (kind != NOTE) {
      made.lastFence = made.next;
    }
    made.next++;
    return Arrays.copyOf(encoder.array(), encoder.end());
  }

  private static FrameDraft note() {
    var draft = new FrameDraft(Coordinate.of("e", "s"), NOTE, 1, 0);
    byte[] payload = Note.messagePack("n");
    draft.plain(List.of()).writeRaw(payload, 0, payload.length);
    return draft;
  }

  /// The event of a fence that can come next: the wanted one, if the last fence lets it.
  private static FrameDraft fence(Made made, int wanted) {
    long begun = made.begun;
    int kind = begun < 0 ? BEGUN : wanted == BEGUN ? CANCELLED : wanted;
    var said = new LifecycleDrafts.Fence(begun, made.cancelled);
    made.begun = kind == BEGUN ? made.next : -1;
    made.cancelled = kind == CANCELLED ? made.next : made.cancelled;
    return LifecycleDrafts.fence(EventKind.ofBits(kind), said);
  }

  /// Writes the footer that would have been written if there had been another fence.
  private static void refoot(Made made, int segment, long lastFenceBefore) throws IOException {
    Path file = made.files.get(segment);
    byte[] bytes = Files.readAllBytes(file);
    MemorySegment memory = Arena.ofAuto().allocate(bytes.length, 8);
    memory.copyFrom(MemorySegment.ofArray(bytes));
    if (!(SegmentHeader.read(memory) instanceof SegmentHeader.Read.Good good)
        || !(SealedIndex.open(memory) instanceof SealedIndex.Footer.Present footer)) {
      throw new AssertionError("not a sealed segment");
    }
    long last = good.header().first() + footer.index().rows() - 1;
    FrameScan.Result scan =
        FrameScan.scan(memory, good, new FrameScan.Wanted(last, lastFenceBefore, null));
    int end = made.framesEnds.get(segment);
    SidxWriter.write(scan.index(), end).get(bytes, end, bytes.length - end);
    var _ = Files.write(file, bytes);
  }
}
