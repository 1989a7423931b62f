package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.StoreConfig;
import io.batpak.engine.index.SidxLayout;
import io.batpak.event.Coordinate;
import io.batpak.failure.Corrupt;
import io.batpak.failure.ForeignFile;
import io.batpak.failure.FormatTooNew;
import io.batpak.failure.FormatTooOld;
import io.batpak.failure.Locked;
import io.batpak.failure.StoreException;
import io.batpak.query.Region;
import io.batpak.testing.Randoms;
import io.batpak.testing.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a directory that is no sound store is refused by type, file and reason, and left as
/// it was; also that its lock holds. Would catch a needless repair, a guess, an untyped exception.
/// Seed: random, printed, for the hostile footers.
class BadDirectoryTest {

  private static final int EVENTS = 260;
  private static final int TRAILER_BYTES = 32;
  private static final int HEAD_BYTES = 96;
  private static final int ENTRY_BYTES = 24;

  @TempDir private Path parent;

  private Path directory;

  BadDirectoryTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @BeforeEach
  void fill() {
    try (Store store = open()) {
      for (int i = 0; i < EVENTS; i++) {
        AppendOptions options = i % 10 == 0 ? AppendOptions.durable() : AppendOptions.none();
        var _ =
            store.append(
                Coordinate.of("e:" + i % 9, "s" + i % 2),
                new Note(i + "x".repeat(700)),
                options.tag("t" + i % 3));
      }
      Waiting.until("two segments have a footer", () -> sealed() >= 2);
    }
  }

  private int sealed() {
    try (LogReader reader = LogReader.open(directory)) {
      return reader.openReport().sealedSegments();
    }
  }

  private Store open() {
    return Store.open(
        StoreConfig.of(directory).withSegmentBytes(StoreConfig.SEGMENT_BYTES_MIN), Note.CATALOGUE);
  }

  private List<Path> segments() throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".fbat")).sorted().toList();
    }
  }

  /// Name to length and checksum of every file but the lock, whose text is the owner's.
  private Map<String, String> listing() throws IOException {
    var listing = new TreeMap<String, String>();
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        if (!file.endsWith("store.lock")) {
          byte[] bytes = Files.readAllBytes(file);
          listing.put(file.toString(), bytes.length + " " + Arrays.hashCode(bytes));
        }
      }
    }
    return listing;
  }

  /// Both ways of opening refuse, and change nothing.
  private <T extends StoreException> T refused(Class<T> type, String... words) throws IOException {
    var before = listing();
    assertThatThrownBy(() -> LogReader.open(directory)).isInstanceOf(type);
    assertThat(listing()).isEqualTo(before);
    return refusedForWriting(type, words);
  }

  private <T extends StoreException> T refusedForWriting(Class<T> type, String... words)
      throws IOException {
    var before = listing();
    T failure =
        org.assertj.core.api.Assertions.catchThrowableOfType(
            type,
            () -> {
              try (Store store = open()) {
                assertThat(store.end()).as("opened").isNegative();
              }
            });
    assertThat(failure).isNotNull().hasMessageContainingAll(words);
    assertThat(listing()).isEqualTo(before);
    return failure;
  }

  private static void change(Path file, int offset, int xor) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[offset] ^= (byte) xor;
    var _ = Files.write(file, bytes);
  }

  @Test
  void a_file_is_not_a_directory() throws IOException {
    Path file = Files.writeString(parent.resolve("file"), "precious");
    directory = file;

    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            ForeignFile.class, failure -> assertThat(failure.file()).isEqualTo(file))
        .hasMessageContainingAll(file.toString(), "is a file", "needs a directory");
    assertThatThrownBy(() -> LogReader.open(file)).isInstanceOf(ForeignFile.class);
    assertThat(file).hasContent("precious");
  }

  @Test
  void missing_parents_are_made_for_writing_and_not_for_reading() {
    directory = parent.resolve("a/b/c");

    assertThatThrownBy(() -> LogReader.open(directory))
        .isInstanceOf(ForeignFile.class)
        .hasMessageContainingAll(directory.toString(), "does not exist");
    assertThat(parent.resolve("a")).doesNotExist();
    try (Store store = open()) {
      assertThat(store.end()).isZero();
    }
    assertThat(directory).isDirectory();
  }

  @Test
  void a_directory_of_somebody_else_is_left_alone() throws IOException {
    directory = Files.createDirectory(parent.resolve("photos"));
    var _ = Files.writeString(directory.resolve("cat.jpg"), "meow");

    ForeignFile failure = refused(ForeignFile.class, directory.toString(), "cat.jpg", "no store");

    assertThat(failure.file()).isEqualTo(directory);
    assertThat(directory.resolve("store.lock")).doesNotExist();
  }

  @Test
  void a_file_with_the_name_of_no_segment_is_foreign() throws IOException {
    Path odd = Files.writeString(directory.resolve("backup.fbat"), "x");

    ForeignFile failure = refused(ForeignFile.class, "backup.fbat", "expected 12 or more digits");

    assertThat(failure.file()).isEqualTo(odd);
  }

  @Test
  void a_segment_of_another_store_is_foreign() throws IOException {
    Path own = directory;
    directory = parent.resolve("other");
    fill();
    Path stranger = segments().get(1);
    directory = own;
    Path target = segments().get(1);
    var _ = Files.write(target, Files.readAllBytes(stranger));

    ForeignFile failure = refused(ForeignFile.class, "belongs to store", "take it out");

    assertThat(failure.file()).isEqualTo(target);
  }

  @Test
  void a_missing_segment_is_a_gap() throws IOException {
    List<Path> segments = segments();
    Files.delete(segments.get(1));

    Corrupt failure = refused(Corrupt.class, "a segment is missing");

    assertThat(failure.file()).isEqualTo(segments.get(2));
  }

  @Test
  void a_missing_first_segment_is_a_gap() throws IOException {
    Files.delete(segments().getFirst());

    assertThat(refused(Corrupt.class, "expected 0").sequence()).isZero();
  }

  @Test
  void a_newer_format_is_not_guessed_at() throws IOException {
    Path last = segments().getLast();
    byte[] good = Files.readAllBytes(last);
    byte[] newer = good.clone();
    int at = indexOf(newer, "format") + "format".length();
    assertThat(newer[at]).isEqualTo((byte) 3);
    newer[at] = 4;
    int length = ByteBuffer.wrap(newer).getInt(4);
    var _ = ByteBuffer.wrap(newer).putInt(8, crc(newer, 12, length));
    var _ = Files.write(last, newer);

    FormatTooNew failure = refused(FormatTooNew.class, "newer batpak, format 4", "up to 3");

    assertThat(failure.file()).isEqualTo(last);
    assertThat(failure.found()).isEqualTo(4);
    assertThat(failure.supported()).isEqualTo(3);
    var _ = Files.write(last, good);
    assertOpens();
  }

  @Test
  void an_older_format_is_refused() throws IOException {
    for (Path file : List.of(segments().getFirst(), segments().getLast())) {
      byte[] good = Files.readAllBytes(file);
      byte[] older = good.clone();
      older[indexOf(older, "format") + "format".length()] = 1;
      int length = ByteBuffer.wrap(older).getInt(4);
      var _ = ByteBuffer.wrap(older).putInt(8, crc(older, 12, length));
      var _ = Files.write(file, older);

      FormatTooOld failure = refused(FormatTooOld.class, "format 1 is no longer read", "is 3");

      assertThat(failure.file()).isEqualTo(file);
      assertThat(failure.found()).isEqualTo(1);
      assertThat(failure.supported()).isEqualTo(3);
      var _ = Files.write(file, good);
    }
    assertOpens();
  }

  @Test
  void a_newer_footer_is_not_guessed_at() throws IOException {
    Path first = segments().getFirst();
    byte[] bytes = Files.readAllBytes(first);
    assertThat(bytes[bytes.length - 8]).isEqualTo((byte) SidxLayout.FORMAT);
    change(first, bytes.length - 8, 0x08 | SidxLayout.FORMAT);

    FormatTooNew failure = refused(FormatTooNew.class, "newer batpak, format 8");

    assertThat(failure.file()).isEqualTo(first);
    assertThat(failure.supported()).isEqualTo(SidxLayout.FORMAT);
  }

  @Test
  void a_damaged_header_of_a_sealed_segment_is_corrupt() throws IOException {
    Path first = segments().getFirst();
    change(first, 20, 0x40);

    Corrupt failure = refused(Corrupt.class, "header checksum");

    assertThat(failure.file()).isEqualTo(first);
    assertThat(failure.offset()).isZero();
  }

  @Test
  void a_damaged_frame_that_was_promised_is_corrupt() throws IOException {
    Path last = segments().getLast();
    change(last, 300, 0x01);

    Corrupt failure = refused(Corrupt.class, "checksum does not hold", "was durable");

    assertThat(failure.file()).isEqualTo(last);
    assertThat(failure.offset()).isPositive().isLessThanOrEqualTo(300);
  }

  @Test
  void a_damaged_frame_of_a_sealed_segment_is_found_when_it_is_read() throws IOException {
    Path first = segments().getFirst();
    change(first, 300, 0x01);

    try (Store store = open()) {
      assertThatThrownBy(() -> store.at(0).event())
          .isInstanceOfSatisfying(
              Corrupt.class,
              failure -> {
                assertThat(failure.file()).isEqualTo(first);
                assertThat(failure.sequence()).isZero();
                assertThat(failure.offset()).isPositive();
              });
      assertThat(store.at(1).event().payload()).isNotEmpty();
      assertThat(store.query(Region.all()).count()).isEqualTo(EVENTS);
    }
  }

  @Test
  void a_damaged_footer_is_made_again_from_the_frames() throws IOException {
    Path first = segments().getFirst();
    byte[] good = Files.readAllBytes(first);
    for (int behind : List.of(1, 9, 20, 40, 2_000)) {
      change(first, good.length - behind, 0x20);
      assertOpens();
      var _ = Files.write(first, good);
    }
  }

  private void assertOpens() {
    try (LogReader reader = LogReader.open(directory)) {
      Chains.verify(reader.query(Region.all()), EVENTS);
      assertThat(reader.query(Region.namespace("e")).count()).isEqualTo(EVENTS);
    }
  }

  @Test
  void a_store_id_that_is_none_is_corrupt() throws IOException {
    Path id = Files.writeString(directory.resolve("store.id"), "not an id");

    Corrupt failure = refused(Corrupt.class, "32 hexadecimal digits", "delete the file");

    assertThat(failure.file()).isEqualTo(id);
  }

  /// A footer that no writer makes, with checksums that hold: answers may be nonsense, but they
  /// come to an end, and what goes wrong has a type.
  @Test
  void hostile_footers_give_typed_failures() throws IOException {
    Path first = segments().getFirst();
    byte[] good = Files.readAllBytes(first);
    Randoms.each(
        30,
        (random, size) -> {
          var _ = Files.write(first, hostile(good, random, size));
          ask(random);
        });
    var _ = Files.write(first, good);
    assertOpens();
  }

  private static byte[] hostile(byte[] good, RandomGenerator random, int size) {
    byte[] file = good.clone();
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int trailer = file.length - TRAILER_BYTES;
    int body = (int) bytes.getLong(trailer);
    int headBytes = HEAD_BYTES + bytes.getInt(body + 12) * ENTRY_BYTES;
    for (int i = random.nextInt(1, 2 + size / 10); i > 0; i--) {
      boolean directory = random.nextInt(3) == 0;
      int at = body + random.nextInt(directory ? headBytes : trailer - body);
      file[at] = (byte) (random.nextBoolean() ? 0xFF : random.nextInt(256));
    }
    bytes.putInt(trailer + 16, crc(file, body, trailer - body));
    bytes.putInt(trailer + 20, crc(file, body, headBytes));
    return file;
  }

  private void ask(RandomGenerator random) {
    try (Store store = open()) {
      typed(() -> store.query(Region.namespace("e")).forEach(BadDirectoryTest::touch));
      typed(() -> store.query(Region.entity("e:3")).backward().forEach(BadDirectoryTest::touch));
      typed(() -> store.query(Region.all().tag("t1").scope("s0")).forEach(e -> touch(e)));
      typed(() -> store.query(Region.all().category(1)).count());
      typed(() -> store.query(Region.all().kind(Note.KIND)).first());
      typed(() -> store.query(Region.all()).payloads(Note.class).forEach(note -> note.text()));
      typed(() -> store.query(Region.all()).events().forEach(event -> event.payload()));
      typed(() -> store.at(random.nextInt(20)).event());
      typed(() -> touch(store.at(random.nextInt(20))));
      typed(() ->
          store.appendIf(
              Coordinate.of("e:" + random.nextInt(9), "s"),
              new Note("n"),
              Expected.exactly(1_000_000)));
    } catch (StoreException e) {
      assertThat(e).isInstanceOf(Corrupt.class);
    }
  }

  private static void touch(EventEntry entry) {
    typed(() -> entry.id());
    typed(() -> entry.hlc());
    typed(() -> entry.kind());
    typed(() -> entry.coordinate());
    typed(() -> entry.clock());
    typed(() -> entry.hash());
  }

  private static void typed(Runnable step) {
    try {
      step.run();
    } catch (StoreException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  @Test
  void a_second_owner_in_this_process_is_refused_and_the_first_keeps_the_lock() throws Exception {
    try (Store store = open()) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(this::open)
            .isInstanceOfSatisfying(
                Locked.class,
                failure -> {
                  assertThat(failure.directory()).isEqualTo(directory);
                  assertThat(failure.holder()).isEqualTo("this process");
                })
            .hasMessageContainingAll(directory.toString(), "locked by this process");
        try (LogReader reader = LogReader.open(directory)) {
          assertThat(reader.owner()).contains("this process");
        }
      }
      assertThat(child()).isEqualTo("locked process " + ProcessHandle.current().pid());
      assertThat(store.append(Coordinate.of("e", "s"), new Note("n")).sequence()).isEqualTo(EVENTS);
    }
    assertThat(child()).isEqualTo("opened");
  }

  @Test
  void a_link_to_the_directory_is_the_directory() throws IOException {
    Path real = directory;
    Path link = Files.createSymbolicLink(parent.resolve("link"), real);
    try (Store store = open()) {
      assertThat(store.end()).isEqualTo(EVENTS);
      directory = link;
      assertThatThrownBy(this::open).isInstanceOf(Locked.class);
    }
    try (Store store = open()) {
      assertThat(store.end()).isEqualTo(EVENTS);
    }
  }

  /// What another process says when it opens the store.
  private String child() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var in = process.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  /// Another process that wants to own the store.
  static final class Child {

    private Child() {}

    public static void main(String[] arguments) {
      try (Store store = Store.open(StoreConfig.of(Path.of(arguments[0])), Note.CATALOGUE)) {
        System.out.println(store.end() > 0 ? "opened" : "opened empty");
      } catch (Locked e) {
        System.out.println("locked " + e.holder());
      }
    }
  }

  private static int indexOf(byte[] bytes, String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
  }

  private static int crc(byte[] bytes, int start, int count) {
    CRC32 crc32 = new CRC32();
    crc32.update(bytes, start, count);
    return (int) crc32.getValue();
  }
}
