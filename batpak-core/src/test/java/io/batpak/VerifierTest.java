package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.engine.index.SealedIndex;
import io.batpak.engine.index.SidxWriter;
import io.batpak.engine.segment.FrameScan;
import io.batpak.engine.segment.SegmentHeader;
import io.batpak.event.Coordinate;
import io.batpak.event.Hash;
import io.batpak.evidence.Verification;
import io.batpak.evidence.Verification.Problem;
import io.batpak.evidence.Verification.Remedy;
import io.batpak.failure.ForeignFile;
import io.batpak.query.Region;
import io.batpak.testing.Randoms;
import io.batpak.testing.Waiting;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that every kind of damage to a store's files is found, in the right file, and that a
/// sound store has none. Would catch a check that looks away, or a crash taken for damage. Random
/// places under `Randoms`, which prints the seed; the rest is deterministic.
class VerifierTest {

  private static final int EVENTS = 300;
  private static final int FOOTER_HEAD_BYTES = 96;
  private static final int TRAILER_BYTES = 32;

  @TempDir private static Path shared;
  @TempDir private Path directory;

  private List<Path> segments = List.of();

  @BeforeAll
  static void make_a_store() throws IOException {
    makeStore(shared.resolve("store"));
  }

  @BeforeEach
  void copy_it() throws IOException {
    copy(shared.resolve("store"), directory);
    segments = segmentsOf(directory);
  }

  @Test
  void a_sound_store_has_no_problem() {
    Verification found = LogVerifier.verify(directory);

    assertThat(found.problems()).isEmpty();
    assertThat(found.tail()).isEmpty();
    assertThat(found.owner()).isEmpty();
    assertThat(found.segments()).isEqualTo(segments.size()).isGreaterThan(3);
    assertThat(found.footers()).isEqualTo(segments.size() - 1);
    assertThat(found.frames()).isEqualTo(EVENTS);
    assertThat(found.eventHashes()).isEqualTo(EVENTS);
    assertThat(found.entities()).isEqualTo(7);
    assertThat(found.links()).isEqualTo(EVENTS - 7);
  }

  @Test
  void a_store_with_a_live_writer_is_sound() {
    try (Store store = open(directory)) {
      var _ = store.append(Coordinate.of("e1", "s"), new Note("live"));

      Verification found = LogVerifier.verify(directory);

      assertThat(found.problems()).isEmpty();
      assertThat(found.owner()).contains("this process");
      assertThat(found.frames()).isEqualTo(EVENTS + 1);
    }
  }

  @Test
  void any_changed_byte_of_a_sealed_segment_is_a_problem_in_its_file() {
    Randoms.each(
        150,
        (random, size) -> {
          Path file = segments.get(random.nextInt(segments.size() - 1));
          byte[] sound = Files.readAllBytes(file);
          int at = random.nextInt(sound.length);
          byte[] damaged = sound.clone();
          damaged[at] ^= (byte) (1 << random.nextInt(8));
          Files.write(file, damaged);
          try {
            assertThat(problems()).as(file + " at " + at).extracting(Problem::file).contains(file);
          } finally {
            Files.write(file, sound);
          }
        });
  }

  @Test
  void any_changed_byte_of_the_last_segment_is_a_problem_or_an_unclean_tail() {
    Randoms.each(
        150,
        (random, size) -> {
          Path file = segments.getLast();
          byte[] sound = Files.readAllBytes(file);
          int at = random.nextInt(sound.length);
          byte[] damaged = sound.clone();
          damaged[at] ^= (byte) (1 << random.nextInt(8));
          Files.write(file, damaged);
          try {
            Verification found = LogVerifier.verify(directory);
            assertThat(found.sound() && found.tail().isEmpty()).as("unseen at " + at).isFalse();
          } finally {
            Files.write(file, sound);
          }
        });
  }

  @Test
  void a_changed_frame_is_named_by_file_offset_and_sequence() {
    Path file = segments.getFirst();
    long offset = entry(10).offset();
    edit(file, bytes -> bytes[(int) offset + 60] ^= 1);

    assertThat(problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.file()).isEqualTo(file);
          assertThat(problem.offset()).isEqualTo(offset);
          assertThat(problem.sequence()).isEqualTo(10);
          assertThat(problem.description()).contains("checksum does not hold; this event is lost");
        });
  }

  @Test
  void a_lie_in_any_section_of_a_footer_is_found_although_its_checksums_hold() {
    Path file = segments.getFirst();
    byte[] sound = read(file);
    int start = footerStart(sound);
    ByteBuffer in = ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN);
    int sections = in.getInt(start + 12);
    assertThat(sections).isGreaterThan(20);
    for (int i = 0; i < sections; i++) {
      int entry = start + FOOTER_HEAD_BYTES + 24 * i;
      int id = in.getInt(entry);
      int at = start + (int) in.getLong(entry + 8);
      int length = (int) in.getLong(entry + 16);
      assertThat(length).as("section " + id).isPositive();
      write(file, sound);
      edit(
          file,
          bytes -> {
            bytes[at + length / 2] ^= 1;
            sealFooter(bytes);
          });

      assertThat(problems()).as("section " + id).extracting(Problem::file).contains(file);
    }
  }

  @Test
  void a_header_of_another_place_is_found() {
    Path file = segments.get(1);
    SegmentHeader header = header(file);
    var moved =
        new SegmentHeader(
            header.store(), header.first(), header.createdMillis(), new Hash(1, 2, 3, 4));
    edit(file, bytes -> System.arraycopy(moved.encode(), 0, bytes, 0, moved.encode().length));

    assertThat(problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.file()).isEqualTo(file);
          assertThat(problem.description()).startsWith("follows an event with hash");
        });
  }

  @Test
  void a_missing_segment_is_found_where_the_next_one_begins() throws IOException {
    Files.delete(segments.get(1));

    assertThat(problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.file()).isEqualTo(segments.get(2));
          assertThat(problem.description()).endsWith("a segment is missing");
        });
  }

  @Test
  void a_missing_first_segment_is_found() throws IOException {
    Files.delete(segments.getFirst());

    assertThat(problems()).extracting(Problem::file).containsExactly(segments.get(1));
  }

  @Test
  void swapped_segments_are_found() {
    byte[] one = read(segments.get(0));
    write(segments.get(0), read(segments.get(1)));
    write(segments.get(1), one);

    assertThat(problems())
        .extracting(Problem::file)
        .contains(segments.get(0), segments.get(1))
        .doesNotContain(segments.getLast());
  }

  @Test
  void a_segment_of_another_store_is_found() throws IOException {
    Path other = directory.resolve("../other-" + directory.getFileName()).normalize();
    makeStore(other);
    Path file = segments.getFirst();
    Path stranger = segmentsOf(other).getFirst();
    assertThat(stranger.getFileName()).isEqualTo(file.getFileName());
    Files.write(file, Files.readAllBytes(stranger));

    assertThat(problems())
        .anySatisfy(problem -> {
          assertThat(problem.file()).isEqualTo(file);
          assertThat(problem.description()).startsWith("belongs to store");
        });
  }

  @Test
  void an_edited_payload_with_a_new_checksum_is_found() {
    Path file = segments.getFirst();
    Place place = entry(10);
    edit(
        file,
        bytes -> {
          bytes[place.payloadEnd() - 1] ^= 1;
          sealFrame(bytes, place);
        });

    assertThat(problems())
        .hasSize(2)
        .anySatisfy(problem -> {
          assertThat(problem.file()).isEqualTo(file);
          assertThat(problem.sequence()).isEqualTo(10);
          assertThat(problem.description())
              .isEqualTo("the footer differs from the frames: column hash");
        })
        .anySatisfy(problem -> {
          assertThat(problem.file()).isEqualTo(file);
          assertThat(problem.sequence()).isEqualTo(17);
          assertThat(problem.description())
              .startsWith("previous hash")
              .contains("sequence 10 is not");
        });
  }

  @Test
  void an_edited_payload_of_the_tail_with_a_new_checksum_breaks_its_chain() {
    Path file = segments.getLast();
    long first = first(file);
    Place place = entry(first);
    edit(
        file,
        bytes -> {
          bytes[place.payloadEnd() - 1] ^= 1;
          sealFrame(bytes, place);
        });

    assertThat(problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.file()).isEqualTo(file);
          assertThat(problem.sequence()).isGreaterThan(first);
          assertThat(problem.description())
              .startsWith("previous hash")
              .contains("sequence " + first + " is not");
        });
  }

  @Test
  void an_edited_event_with_everything_recomputed_breaks_its_chain() {
    Path file = segments.getFirst();
    Place place = entry(10);
    edit(
        file,
        bytes -> {
          bytes[place.payloadEnd() - 1] ^= 1;
          sealFrame(bytes, place);
        });
    rebuildFooter(file);

    assertThat(problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.file()).isEqualTo(file);
          assertThat(problem.sequence()).isEqualTo(17);
          assertThat(problem.description())
              .startsWith("previous hash")
              .contains("sequence 10 is not");
        });
  }

  @Test
  void a_cut_sealed_segment_is_damage() {
    Path file = segments.get(1);
    write(file, Arrays.copyOf(read(file), 10_000));

    assertThat(problems()).extracting(Problem::file).contains(file);
  }

  @Test
  void a_cut_tail_that_was_not_promised_is_told_as_such() {
    Path file = segments.getLast();
    Place last = entry(EVENTS - 1);
    write(file, Arrays.copyOf(read(file), last.payloadEnd() - 1));

    Verification found = LogVerifier.verify(directory);

    assertThat(found.problems()).isEmpty();
    assertThat(found.tail())
        .hasValueSatisfying(tail -> {
          assertThat(tail.file()).isEqualTo(file);
          assertThat(tail.offset()).isEqualTo(last.offset());
          assertThat(tail.sequence()).isEqualTo(EVENTS - 1);
        });
  }

  @Test
  void a_broken_frame_that_was_promised_is_damage() {
    try (Store store = open(directory)) {
      for (int i = 0; i < 3; i++) {
        var _ =
            store.append(
                Coordinate.of("e1", "s"),
                new Note("durable"),
                AppendOptions.none().level(AckLevel.DURABLE));
      }
    }
    Path file = segmentsOf(directory).getLast();
    Place place = entry(EVENTS);
    edit(file, bytes -> bytes[(int) place.offset() + 40] ^= 1);

    Verification found = LogVerifier.verify(directory);

    assertThat(found.problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.file()).isEqualTo(file);
          assertThat(problem.sequence()).isEqualTo(EVENTS);
        });
    assertThat(found.tail()).isEmpty();
  }

  @Test
  void reading_goes_on_behind_a_problem() {
    edit(segments.get(0), bytes -> bytes[(int) entry(10).offset() + 60] ^= 1);
    edit(segments.get(2), bytes -> bytes[bytes.length - 100] ^= 1);

    assertThat(problems()).extracting(Problem::file).contains(segments.get(0), segments.get(2));
    assertThat(LogVerifier.verify(directory).frames()).isEqualTo(EVENTS - 1);
  }

  @Test
  void a_wrong_or_missing_id_of_the_store_is_found() throws IOException {
    Path id = directory.resolve("store.id");
    Files.writeString(id, "0".repeat(32));
    assertThat(problems()).extracting(Problem::file).containsExactlyElementsOf(segments);

    Files.writeString(id, "none");
    assertThat(problems()).extracting(Problem::file).containsExactly(id);

    Files.delete(id);
    assertThat(problems()).extracting(Problem::file).containsExactly(id);
  }

  @Test
  void a_footer_of_a_newer_format_is_told_as_such() {
    Path file = segments.get(1);
    edit(file, bytes -> bytes[bytes.length - TRAILER_BYTES + 24] = 4);

    assertThat(problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.file()).isEqualTo(file);
          assertThat(problem.description()).startsWith("written by a newer batpak, format 4");
          assertThat(problem.remedy()).isEqualTo(Remedy.UPGRADE);
        });
  }

  @Test
  void a_newer_file_hides_no_damage_of_another() {
    edit(segments.get(0), bytes -> bytes[(int) entry(10).offset() + 60] ^= 1);
    Path newer = segments.getLast();
    edit(
        newer,
        bytes -> {
          int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("format") + 6;
          bytes[at] = 4;
          sealHeader(bytes);
        });

    assertThat(problems())
        .extracting(Problem::remedy)
        .containsExactlyInAnyOrder(Remedy.UPGRADE, Remedy.RESTORE);
  }

  @Test
  void a_segment_of_an_older_format_is_told_as_such() {
    Path file = segments.get(1);
    edit(
        file,
        bytes -> {
          bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf("format") + 6] = 1;
          sealHeader(bytes);
        });

    assertThat(problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.file()).isEqualTo(file);
          assertThat(problem.description()).startsWith("format 1 is no longer read");
          assertThat(problem.remedy()).isEqualTo(Remedy.CONVERT);
        });
  }

  @Test
  void a_bad_footer_behind_whole_frames_loses_nothing() {
    Path file = segments.getFirst();
    byte[] sound = read(file);
    edit(file, bytes -> bytes[footerStart(bytes) + FOOTER_HEAD_BYTES + 40] ^= 1);
    assertThat(problems()).isNotEmpty().extracting(Problem::remedy).containsOnly(Remedy.NONE);

    write(file, sound);
    edit(file, bytes -> bytes[bytes.length - 100] ^= 1);
    assertThat(problems()).isNotEmpty().extracting(Problem::remedy).containsOnly(Remedy.NONE);
    try (LogReader reader = LogReader.open(directory, Note.CATALOGUE)) {
      assertThat(reader.query(Region.all()).count()).isEqualTo(EVENTS);
    }
  }

  @Test
  void a_directory_without_a_store_is_refused() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));

    assertThatThrownBy(() -> LogVerifier.verify(empty)).isInstanceOf(ForeignFile.class);
    assertThatThrownBy(() -> LogVerifier.verify(empty.resolve("missing")))
        .isInstanceOf(ForeignFile.class);
  }

  /// Seven entities take turns; every tenth event begins a batch of two.
  private static void makeStore(Path target) {
    try (Store store = open(target)) {
      while (store.end() < EVENTS) {
        long at = store.end();
        if (at % 10 == 0) {
          var _ = store.appendBatch(List.of(item(at), item(at + 1)));
        } else {
          var _ = store.appendIf(item(at)).orThrow();
        }
      }
      Waiting.until("all but the last segment are sealed", () -> unsealed(target) == 1);
    }
  }

  private static NewEvent item(long at) {
    return NewEvent.of(
            Coordinate.of("e" + at % 7, at % 2 == 0 ? "even" : "odd"),
            new Note(at + "x".repeat(700)))
        .options(AppendOptions.none().tag("digit:" + at % 10));
  }

  private static long unsealed(Path target) {
    return segmentsOf(target).stream()
        .map(file -> SealedIndex.open(MemorySegment.ofArray(read(file))))
        .filter(footer -> !(footer instanceof SealedIndex.Footer.Present))
        .count();
  }

  private static Store open(Path target) {
    StoreConfig config = StoreConfig.of(target).withSegmentBytes(StoreConfig.SEGMENT_BYTES_MIN);
    return Store.open(config, Note.CATALOGUE);
  }

  private List<Problem> problems() {
    return LogVerifier.verify(directory).problems();
  }

  /// Where an event stands in its file.
  private record Place(long offset, int payloadEnd) {}

  private Place entry(long sequence) {
    Path file = segments.stream().filter(path -> first(path) <= sequence).toList().getLast();
    byte[] bytes = read(file);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int offset = align(12 + in.getInt(4));
    for (long at = first(file); at < sequence; at++) {
      offset = align(offset + 8 + in.getInt(offset));
    }
    return new Place(offset, offset + 8 + in.getInt(offset));
  }

  private static long first(Path file) {
    String name = Objects.requireNonNull(file.getFileName()).toString();
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }

  private static int align(int offset) {
    return offset + 7 & -8;
  }

  private static void sealFrame(byte[] bytes, Place place) {
    var crc32 = new CRC32();
    int body = (int) place.offset() + 8;
    crc32.update(bytes, body, place.payloadEnd() - body);
    ByteBuffer.wrap(bytes).putInt((int) place.offset() + 4, (int) crc32.getValue());
  }

  private static void sealHeader(byte[] bytes) {
    var crc32 = new CRC32();
    crc32.update(bytes, 12, ByteBuffer.wrap(bytes).getInt(4));
    ByteBuffer.wrap(bytes).putInt(8, (int) crc32.getValue());
  }

  private static int footerStart(byte[] bytes) {
    return (int)
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(bytes.length - TRAILER_BYTES);
  }

  private static void sealFooter(byte[] bytes) {
    int start = footerStart(bytes);
    int trailer = bytes.length - TRAILER_BYTES;
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int headBytes = FOOTER_HEAD_BYTES + 24 * out.getInt(start + 12);
    var crc32 = new CRC32();
    crc32.update(bytes, start, trailer - start);
    out.putInt(trailer + 16, (int) crc32.getValue());
    crc32.reset();
    crc32.update(bytes, start, headBytes);
    out.putInt(trailer + 20, (int) crc32.getValue());
  }

  private static SegmentHeader header(Path file) {
    if (SegmentHeader.read(MemorySegment.ofArray(read(file)))
        instanceof SegmentHeader.Read.Good good) {
      return good.header();
    }
    throw new AssertionError("no header: " + file);
  }

  /// Writes the footer that the frames would have had.
  private static void rebuildFooter(Path file) {
    edit(
        file,
        bytes -> {
          int start = footerStart(bytes);
          MemorySegment memory = aligned(bytes);
          SegmentHeader header = header(file);
          int framesStart = header.encode().length;
          long last =
              header.first()
                  + ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(start + 8)
                  - 1;
          FrameScan.Result scan =
              FrameScan.scan(
                  memory,
                  new SegmentHeader.Read.Good(header, framesStart),
                  new FrameScan.Wanted(last, -1, null));
          assertThat(scan.end()).isEqualTo(FrameScan.End.ENOUGH);
          SidxWriter.write(scan.index(), start).get(bytes, start, bytes.length - start);
        });
  }

  /// Lengths of frames are read with acquire semantics, which needs aligned memory.
  private static MemorySegment aligned(byte[] bytes) {
    MemorySegment memory = java.lang.foreign.Arena.ofAuto().allocate(bytes.length, 8);
    return memory.copyFrom(MemorySegment.ofArray(bytes));
  }

  private static void edit(Path file, Consumer<byte[]> change) {
    byte[] bytes = read(file);
    change.accept(bytes);
    write(file, bytes);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Path> segmentsOf(Path target) {
    try (Stream<Path> files = Files.list(target)) {
      return files.filter(file -> file.toString().endsWith(".fbat")).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void copy(Path source, Path target) throws IOException {
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(Objects.requireNonNull(file.getFileName())));
      }
    }
  }
}
