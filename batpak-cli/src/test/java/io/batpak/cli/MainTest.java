package io.batpak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.AppendOptions;
import io.batpak.RawPayload;
import io.batpak.Store;
import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.event.EventKind;
import io.batpak.payload.Catalogue;
import io.batpak.payload.MessageWriter;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves what each command prints and with which status it ends, on directories that are good,
/// live, empty, missing and damaged. Would catch a stack trace, a wrong status, an event left out.
/// Deterministic.
class MainTest {

  private static final int EVENTS = 25;
  private static final EventKind KIND = new EventKind(0x1, 0x001);

  @TempDir private Path directory;

  private Path store = Path.of("");
  private String out = "";
  private String err = "";

  @BeforeEach
  void make_a_store() {
    store = directory.resolve("store");
    try (Store live = open(store)) {
      for (int i = 0; i < EVENTS; i++) {
        append(live, i);
      }
    }
  }

  @Test
  void nothing_asked_is_answered_with_help() {
    assertThat(run()).isZero();
    assertThat(out).contains("verify DIR", "stats DIR", "tail DIR", "dump DIR", "Exit status");
    assertThat(run("help")).isZero();
    assertThat(err).isEmpty();
  }

  @Test
  void each_command_says_how_it_is_used() {
    for (String command : List.of("verify", "stats", "tail", "dump")) {
      assertThat(run(command, "--help")).isZero();
      assertThat(out).startsWith("usage: batpak " + command + " DIR");
      assertThat(run(command, "nowhere", "-h")).isZero();
      assertThat(out).startsWith("usage: batpak " + command + " DIR");
      assertThat(err).isEmpty();
    }
    assertWrong("unknown command frobnicate", "frobnicate", "--help");
    assertThat(run("dump", store.toString(), "--entity", "-h")).isZero();
    assertThat(err).contains("there is no entity -h");
  }

  @Test
  void what_a_terminal_would_obey_is_escaped() {
    try (Store live = open(store)) {
      var _ = live.append(Coordinate.of("pay\u202Etxt", "s\u2066"), payload(1));
    }

    for (String command : List.of("dump", "tail", "stats")) {
      assertThat(run(command, store.toString())).isZero();
      assertThat(out).contains("s\\u2066").doesNotContain("\u202E", "\u2066");
    }
    assertThat(run("dump", "--json", store.toString())).isZero();
    assertThat(out).contains("\"pay\\u202etxt\"").doesNotContain("\u202E");
  }

  @Test
  void what_is_not_understood_is_answered_with_why_and_help() {
    assertWrong("unknown command frobnicate", "frobnicate");
    assertWrong("a store's directory is missing", "verify");
    assertWrong("unknown option --fast", "stats", "--fast", store.toString());
    assertWrong("not also", "verify", store.toString(), "another");
    assertWrong("-n needs a value", "tail", store.toString(), "-n");
    assertWrong("not ten", "tail", store.toString(), "-n", "ten");
    assertWrong("not -1", "tail", store.toString(), "-n", "-1");
    assertWrong("--entity", "dump", store.toString(), "--entity", "");
  }

  private void assertWrong(String reason, String... words) {
    assertThat(run(words)).as(reason).isEqualTo(Status.USAGE);
    assertThat(out).isEmpty();
    assertThat(err).contains(reason, "batpak verify DIR");
  }

  @Nested
  class On_a_good_store {

    @Test
    void verify_says_what_it_checked() {
      assertThat(run("verify", store.toString())).isZero();
      assertThat(out)
          .containsPattern(" 25 frames ")
          .containsPattern(" 3 chains ")
          .containsPattern(" 22 links ")
          .contains("owner    nobody", "end      clean", "result   sound");
    }

    @Test
    void stats_count() {
      assertThat(run("stats", store.toString())).isZero();
      assertThat(out)
          .containsPattern("events +25\n")
          .containsPattern("entities +3\n")
          .containsPattern("25 +s\n")
          .containsPattern("25 +1:001\n");
    }

    @Test
    void tail_prints_the_last_ones() {
      assertThat(run("tail", "-n", "2", store.toString())).isZero();
      assertThat(out.lines().toList())
          .hasSize(2)
          .last()
          .asString()
          .startsWith("24  ")
          .contains("1:001  e0  s  #8  {\"count\":24,\"at\":\"2026-01-02T03:04:05Z\"");
      assertThat(run("tail", store.toString())).isZero();
      assertThat(out.lines()).hasSize(10);
    }

    @Test
    void dump_prints_every_one() {
      assertThat(run("dump", store.toString())).isZero();
      assertThat(out.lines()).hasSize(EVENTS);
      assertThat(run("dump", "--entity", "e1", store.toString())).isZero();
      assertThat(out.lines()).hasSize(8).allMatch(line -> line.contains("  e1  s  #"));
      assertThat(err).isEmpty();
      assertThat(run("dump", "--entity", "nobody", store.toString())).isZero();
      assertThat(out).isEmpty();
      assertThat(err).contains("there is no entity nobody");
    }

    @Test
    void dump_as_json_has_everything_of_the_header() {
      assertThat(run("dump", "--json", store.toString())).isZero();
      assertThat(out.lines()).hasSize(EVENTS);
      assertThat(out.lines().toList().get(4))
          .startsWith("{\"sequence\":4,\"id\":\"")
          .contains("\"kind\":\"1:001\",\"version\":0", "\"entity\":\"e1\",\"scope\":\"s\"")
          .contains("\"clock\":1,\"lane\":0", "\"tags\":[\"n:\\\"4\\\"\"]", "\"causation\":null")
          .endsWith(
              "\"payload\":{\"count\":4,\"at\":\"2026-01-02T03:04:05Z\","
                  + "\"list\":[null,true,-1.5,\"00ff\"]}}");
    }
  }

  @Test
  void beside_a_live_writer_every_command_works_and_names_the_owner() {
    try (Store live = open(store)) {
      append(live, EVENTS);

      assertThat(run("verify", store.toString())).isZero();
      assertThat(out).contains(" 26 frames ", "owner    this process, live");
      assertThat(run("stats", store.toString())).isZero();
      assertThat(out).containsPattern("owner +this process, live").containsPattern("events +26\n");
      assertThat(run("dump", store.toString())).isZero();
      assertThat(out.lines()).hasSize(EVENTS + 1);
    }
  }

  @Test
  void tail_follows_a_live_writer_until_it_is_interrupted() throws Exception {
    try (Store live = open(store);
        var target = new PipedOutputStream();
        var lines =
            new BufferedReader(
                new InputStreamReader(new PipedInputStream(target), StandardCharsets.UTF_8))) {
      var status = new AtomicInteger(-1);
      Thread tail =
          Thread.ofPlatform()
              .start(() -> {
                var printer = new PrintStream(target, true, StandardCharsets.UTF_8);
                status.set(
                    Main.run(List.of("tail", "-f", "-n", "1", store.toString()), printer, printer));
              });
      assertThat(lines.readLine()).startsWith("24  ");

      append(live, 25);
      assertThat(lines.readLine()).startsWith("25  ");
      append(live, 26);
      assertThat(lines.readLine()).startsWith("26  ");

      tail.interrupt();
      assertThat(tail.join(Duration.ofSeconds(30))).isTrue();
      assertThat(status).hasValue(Status.FINE);
    }
  }

  @Test
  void a_store_without_events_is_sound_and_empty() {
    store = directory.resolve("fresh");
    open(store).close();

    assertThat(run("verify", store.toString())).isZero();
    assertThat(run("stats", store.toString())).isZero();
    assertThat(out).containsPattern("events +0\n");
    assertThat(run("tail", store.toString())).isZero();
    assertThat(run("dump", store.toString())).isZero();
    assertThat(out).isEmpty();
  }

  @Test
  void where_no_store_is_every_command_says_so() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    Path file = Files.writeString(directory.resolve("file"), "text");
    for (String command : List.of("verify", "stats", "tail", "dump")) {
      assertUnreadable("holds no store", command, empty.toString());
      assertUnreadable("does not exist", command, empty.resolve("missing").toString());
      assertUnreadable("is a file", command, file.toString());
    }
  }

  private void assertUnreadable(String reason, String... words) {
    assertThat(run(words)).isEqualTo(Status.UNREADABLE);
    assertThat(out).isEmpty();
    assertThat(err).contains(reason).doesNotContain("\tat ");
  }

  @Test
  void a_damaged_store_gets_a_diagnosis() throws IOException {
    try (Store live = open(store)) {
      for (int i = 0; i < 3; i++) {
        var _ = live.append(Coordinate.of("e0", "s"), payload(i), AppendOptions.durable());
      }
    }
    Path file = store.resolve("000000000000.fbat");
    byte[] bytes = Files.readAllBytes(file);
    bytes[500] ^= 1;
    Files.write(file, bytes);

    assertThat(run("verify", store.toString())).isEqualTo(Status.DAMAGED);
    assertThat(out)
        .contains("result   damaged, 1 problem", file + ", offset ")
        .contains("what to do: copy the directory away, then restore this file")
        .doesNotContain("can still be read");
    for (String command : List.of("stats", "tail", "dump")) {
      assertThat(run(command, store.toString())).isEqualTo(Status.DAMAGED);
      assertThat(err)
          .contains("batpak: damaged", "file        " + file, "offset", "sequence", "what to do")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void a_missing_id_is_no_reason_to_restore_anything() throws IOException {
    Files.delete(store.resolve("store.id"));

    assertThat(run("verify", store.toString())).isEqualTo(Status.DAMAGED);
    assertThat(out).contains("nothing is lost; open the store").doesNotContain("backup");
    open(store).close();
    assertThat(run("verify", store.toString())).isZero();
  }

  @Test
  void a_newer_format_is_refused_and_not_called_damage() throws IOException {
    writeFormat(4);

    assertThat(run("verify", store.toString())).isEqualTo(Status.UNREADABLE);
    assertThat(out)
        .contains("written by a newer batpak, format 4; use the newer library")
        .doesNotContain("damaged", "backup", "crash");
    assertUnreadable("written by a newer batpak, format 4", "stats", store.toString());
  }

  @Test
  void an_older_format_is_refused_and_not_called_damage() throws IOException {
    writeFormat(1);

    assertThat(run("verify", store.toString())).isEqualTo(Status.UNREADABLE);
    assertThat(out)
        .contains("format 1 is no longer read", "convert it with an older batpak")
        .doesNotContain("damaged", "backup", "crash");
    assertUnreadable("format 1 is no longer read", "stats", store.toString());
  }

  private void writeFormat(int format) throws IOException {
    Path file = store.resolve("000000000000.fbat");
    byte[] bytes = Files.readAllBytes(file);
    bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf("format") + 6] = (byte) format;
    ByteBuffer header = ByteBuffer.wrap(bytes);
    var crc32 = new CRC32();
    crc32.update(bytes, 12, header.getInt(4));
    header.putInt(8, (int) crc32.getValue());
    Files.write(file, bytes);
  }

  @Test
  void a_crash_is_told_from_damage() throws IOException {
    Path file = store.resolve("000000000000.fbat");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 8] = 1;
    Files.write(file, bytes);

    assertThat(run("verify", store.toString())).isZero();
    assertThat(out).contains("end      not closed cleanly", "sequence 25", "result   sound");
    assertThat(run("stats", store.toString())).isZero();
    assertThat(out).contains("not closed cleanly");
  }

  @Test
  void a_closed_output_ends_a_command_quietly() {
    var closed = new PrintStream(new PipedOutputStream(), false, StandardCharsets.UTF_8);

    assertThat(Main.run(List.of("dump", store.toString()), closed, System.err)).isZero();
    assertThat(Main.run(List.of("tail", "-f", store.toString()), closed, System.err)).isZero();
  }

  private int run(String... words) {
    var outBytes = new ByteArrayOutputStream();
    var errBytes = new ByteArrayOutputStream();
    int status;
    try (var outStream = new PrintStream(outBytes, false, StandardCharsets.UTF_8);
        var errStream = new PrintStream(errBytes, false, StandardCharsets.UTF_8)) {
      status = Main.run(List.of(words), outStream, errStream);
    }
    out = outBytes.toString(StandardCharsets.UTF_8);
    err = errBytes.toString(StandardCharsets.UTF_8);
    return status;
  }

  private static Store open(Path directory) {
    return Store.open(StoreConfig.of(directory), Catalogue.of(List.of()));
  }

  private static void append(Store store, int i) {
    var _ =
        store.append(
            Coordinate.of("e" + i % 3, "s"),
            payload(i),
            AppendOptions.none().tag("n:\"" + i + "\""));
  }

  private static RawPayload payload(int i) {
    var out = new MessageWriter(1_000);
    out.writeMapHeader(3);
    out.writeString("count");
    out.writeLong(i);
    out.writeString("at");
    out.writeTimestamp(Instant.parse("2026-01-02T03:04:05Z"));
    out.writeString("list");
    out.writeArrayHeader(4);
    out.writeNil();
    out.writeBoolean(true);
    out.writeDouble(-1.5);
    out.writeBinary(new byte[] {0, -1});
    return RawPayload.of(KIND, java.util.Arrays.copyOf(out.array(), out.end()));
  }
}
