package io.batpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.engine.platform.Platform;
import io.batpak.event.Bytes;
import io.batpak.event.Coordinate;
import io.batpak.event.Hash;
import io.batpak.event.LifecycleKinds;
import io.batpak.failure.Corrupt;
import io.batpak.failure.ForeignFile;
import io.batpak.failure.FormatTooNew;
import io.batpak.query.Region;
import io.batpak.testing.Randoms;
import io.batpak.testkit.simulated.SimulatedClock;
import io.batpak.testkit.simulated.SimulatedDisk;
import io.batpak.testkit.simulated.SimulatedEntropy;
import io.batpak.testkit.simulated.SimulatedThreads;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Proves that a log whose end is cut at any byte, or that has any one bit wrong, opens with a
/// correct prefix by the rules of recovery or is refused by name. Would catch a wrong event, a
/// silent loss of what was promised, any other exception. Deterministic: contents have one seed.
class LogEndSweepTest {

  private static final long START_MILLIS = 1_790_000_000_000L;
  private static final int SEGMENT_BYTES = 1 << 16;

  private static final int ENTITIES = 4;

  /// How many of the last batches the cuts fall into.
  private static final int BATCHES_SWEPT = 6;

  /// One sealed segment, and one that is not.
  private final Written written = new Written();

  private SimulatedDisk disk = new SimulatedDisk(1, 1 << 17);

  @AfterEach
  void give_the_memory_back() {
    disk.close();
  }

  /// What an event was when it was appended.
  ///
  /// @param entity where it lives
  /// @param payload its bytes
  /// @param hash its event hash
  private record Appended(String entity, Bytes payload, Hash hash) {}

  /// A log as it stands on a disk, and what is in it.
  private static final class Written {

    final Map<String, byte[]> files = new TreeMap<>();
    final List<Appended> events = new ArrayList<>();

    /// For each batch: the sequence behind it.
    final List<Integer> ends = new ArrayList<>();

    String sealed = "";
    String last = "";
    int lastFirst;

    /// The sequence behind the last event that a frame of the last segment says was durable.
    int promised;

    Written() {
      try (var disk = new SimulatedDisk(7, 1 << 17)) {
        RandomGenerator random = Randoms.seeded(7);
        var threads = new SimulatedThreads();
        Store store = open(disk, threads);
        while (store.end() < 1 || disk.list().stream().filter(Written::segment).count() < 2) {
          batch(store, random, 1, 2_000, AckLevel.VISIBLE);
        }
        threads.runWoken();
        lastFirst = (int) store.end() - 1;
        shapes(store, random);
        store.close();
        for (String name : disk.list()) {
          files.put(name, disk.bytes(name));
        }
        List<String> segments = disk.list().stream().filter(Written::segment).toList();
        sealed = segments.getFirst();
        last = segments.getLast();
      }
    }

    private void shapes(Store store, RandomGenerator random) {
      batch(store, random, 1, 10, AckLevel.DURABLE);
      batch(store, random, 1, 0, AckLevel.VISIBLE);
      batch(store, random, 3, 60, AckLevel.VISIBLE);
      batch(store, random, 1, 300, AckLevel.DURABLE);
      promised = (int) store.durableEnd();
      batch(store, random, 2, 5, AckLevel.VISIBLE);
      batch(store, random, 1, 100, AckLevel.VISIBLE);
      batch(store, random, 4, 90, AckLevel.VISIBLE);
      batch(store, random, 1, 17, AckLevel.VISIBLE);
    }

    private void batch(
        Store store, RandomGenerator random, int count, int bytesMax, AckLevel level) {
      var items = new ArrayList<NewEvent>();
      var notes = new ArrayList<Blob>();
      for (int i = 0; i < count; i++) {
        byte[] content = new byte[bytesMax == 0 ? 0 : bytesMax / 2 + random.nextInt(bytesMax)];
        random.nextBytes(content);
        Blob note = Blob.of(content);
        notes.add(note);
        AppendOptions options = AppendOptions.none().tag("t:" + random.nextInt(3));
        items.add(
            NewEvent.of(new Coordinate("e:" + random.nextInt(ENTITIES), "s"), note)
                .options(options));
      }
      List<Receipt> receipts = store.appendBatch(items, level);
      for (int i = 0; i < count; i++) {
        events.add(
            new Appended(
                receipts.get(i).coordinate().entity(),
                Bytes.copyOf(notes.get(i).messagePack()),
                receipts.get(i).hash()));
      }
      ends.add((int) store.end());
    }

    List<Long> sequences(String entity, int end) {
      var found = new ArrayList<Long>();
      for (int i = 0; i < end; i++) {
        if (events.get(i).entity.equals(entity)) {
          found.add((long) i);
        }
      }
      return found;
    }

    static boolean segment(String name) {
      return name.endsWith(".fbat");
    }

    /// Where the frames begin, and in the end where they end, found by their lengths.
    List<Integer> offsets(String name, int events) {
      byte[] file = files.getOrDefault(name, new byte[0]);
      int at = 12 + length(file, 4) + 7 & -8;
      var offsets = new ArrayList<Integer>();
      for (int i = 0; i < events; i++) {
        offsets.add(at);
        at += 8 + length(file, at) + 7 & -8;
      }
      offsets.add(at);
      return offsets;
    }

    static int length(byte[] file, int at) {
      return ByteBuffer.wrap(file).getInt(at);
    }
  }

  private static Store open(SimulatedDisk disk, SimulatedThreads threads) {
    var platform =
        new Platform(disk, new SimulatedClock(START_MILLIS), threads, new SimulatedEntropy(3));
    StoreConfig config = StoreConfig.of(disk.root()).withSegmentBytes(SEGMENT_BYTES);
    return Store.open(platform, config, Blob.CATALOGUE);
  }

  /// Opens the log with one file changed.
  private Store opened(String name, byte[] bytes) {
    for (Map.Entry<String, byte[]> file : written.files.entrySet()) {
      disk.replace(file.getKey(), file.getKey().equals(name) ? bytes : file.getValue());
    }
    return open(disk, new SimulatedThreads());
  }

  private byte[] last() {
    return file(written.last);
  }

  private byte[] file(String name) {
    byte[] bytes = written.files.get(name);
    if (bytes == null) {
      throw new AssertionError(name + " is missing among " + written.files.keySet());
    }
    return bytes.clone();
  }

  /// Every offset from the beginning of the last batches to the end of the frames.
  private List<Integer> swept() {
    List<Integer> offsets = lastOffsets();
    int batch = written.ends.size() - BATCHES_SWEPT - 1;
    int from = offsets.get(written.ends.get(batch) - written.lastFirst);
    var all = new ArrayList<Integer>();
    for (int at = from; at <= offsets.getLast(); at++) {
      all.add(at);
    }
    return all;
  }

  private List<Integer> lastOffsets() {
    return written.offsets(written.last, written.events.size() - written.lastFirst);
  }

  @Test
  void the_log_is_what_the_sweeps_suppose() {
    assertThat(written.events.size()).isGreaterThan(20);
    assertThat(written.promised).isBetween(written.lastFirst + 1, written.events.size() - 5);
    assertThat(swept().size()).isGreaterThan(2_000);
    Store store = opened("", new byte[0]);
    assertThat(store.openReport().sealedSegments()).isEqualTo(1);
    assertThat(store.openReport().recovered()).isFalse();
    assertCorrectPrefix(store, written.events.size());
    store.close();
  }

  @Test
  void zeros_from_any_byte_on_leave_the_closed_batches_before_it() {
    for (int cut : swept()) {
      byte[] bytes = last();
      Arrays.fill(bytes, cut, bytes.length, (byte) 0);
      assertCutBackTo(closed(bytes), bytes, cut);
    }
  }

  @Test
  void a_file_that_ends_at_any_byte_leaves_the_closed_batches_before_it() {
    for (int cut : swept()) {
      byte[] bytes = Arrays.copyOf(last(), cut);
      assertCutBackTo(closed(bytes), bytes, cut);
    }
  }

  /// The sequence behind the last batch of the last segment whose frames are whole. Padding is not
  /// part of a frame.
  private int closed(byte[] bytes) {
    List<Integer> offsets = lastOffsets();
    byte[] whole = last();
    int closed = written.lastFirst;
    for (int end : written.ends) {
      if (end > written.lastFirst) {
        int start = offsets.get(end - 1 - written.lastFirst);
        int needed = start + 8 + Written.length(whole, start);
        if (bytes.length >= needed && Arrays.equals(bytes, 0, needed, whole, 0, needed)) {
          closed = end;
        }
      }
    }
    return closed;
  }

  private void assertCutBackTo(int end, byte[] bytes, int cut) {
    Store store = opened(written.last, bytes);
    assertThat(store.end()).as("cut at %d", cut).isEqualTo(end);
    assertCorrectPrefix(store, end);
    assertWritable(store, end);
  }

  private void assertCorrectPrefix(Store store, int end) {
    assertThat(store.end()).isEqualTo(end);
    int sequence = 0;
    for (StoredEvent event : store.query(Region.all()).events()) {
      Appended appended = written.events.get(sequence);
      if (event.header().sequence() != sequence
          || !event.hash().equals(appended.hash)
          || !Bytes.copyOf(event.payload()).equals(appended.payload)) {
        throw new AssertionError("event " + sequence + " is not the one that was appended");
      }
      sequence++;
    }
    assertThat(sequence).isEqualTo(end);
  }

  /// Appends, and finds the same after another start. What was cut is told of in front.
  private void assertWritable(Store store, int found) {
    int end = found + (store.openReport().recovered() ? 1 : 0);
    Receipt receipt =
        store.append(new Coordinate("e:1", "s"), Blob.of(new byte[] {1}), AppendOptions.durable());
    assertThat(receipt.sequence()).isEqualTo(end);
    if (end > found) {
      assertThat(store.at(found).kind()).isEqualTo(LifecycleKinds.STORE_RECOVERED);
    }
    store.close();
    Store again = open(disk, new SimulatedThreads());
    assertThat(again.end()).isEqualTo(end + 1);
    assertThat(again.openReport().cutReason()).isEmpty();
    assertThat(again.at(end).event().hash()).isEqualTo(receipt.hash());
    again.close();
  }

  @Test
  void a_hole_of_zeros_is_damage_at_or_below_what_was_promised_and_a_crash_above() {
    List<Integer> offsets = lastOffsets();
    for (int sequence = written.lastFirst; sequence < written.events.size(); sequence++) {
      int start = offsets.get(sequence - written.lastFirst);
      byte[] holed = last();
      Arrays.fill(holed, start, offsets.get(sequence + 1 - written.lastFirst), (byte) 0);
      if (sequence < written.promised) {
        int bad = sequence;
        assertThatThrownBy(() -> opened(written.last, holed))
            .isInstanceOfSatisfying(
                Corrupt.class,
                corrupt -> {
                  assertThat(corrupt.file()).isEqualTo(disk.path(written.last));
                  assertThat(corrupt.offset()).isEqualTo(start);
                  assertThat(corrupt.sequence()).isEqualTo(bad);
                });
      } else {
        int first = sequence;
        int closed = written.ends.stream().filter(end -> end <= first).reduce(0, Math::max);
        Store store = opened(written.last, holed);
        assertCorrectPrefix(store, closed);
        assertWritable(store, closed);
      }
    }
  }

  @Test
  void one_wrong_bit_in_the_last_segment_is_refused_or_cut_by_the_rules() {
    List<Integer> offsets = lastOffsets();
    int end = offsets.getLast() + 64;
    for (int at = 0; at < end; at++) {
      for (int bit : bits(at)) {
        byte[] bytes = last();
        bytes[at] ^= (byte) (1 << bit);
        Integer found = openedOrRefused(written.last, bytes, at);
        if (found != null) {
          int least = at < offsets.getLast() ? written.promised : written.events.size();
          assertThat(found).as("byte %d, bit %d", at, bit).isGreaterThanOrEqualTo(least);
        }
      }
    }
  }

  @Test
  void one_wrong_bit_in_a_sealed_segment_is_never_a_wrong_event() {
    byte[] good = file(written.sealed);
    for (int at = 0; at < good.length; at = at + (at < 4_096 || at > good.length - 512 ? 1 : 13)) {
      for (int bit : bits(at)) {
        byte[] bytes = good.clone();
        bytes[at] ^= (byte) (1 << bit);
        Integer found = openedOrRefused(written.sealed, bytes, at);
        if (found != null) {
          assertThat(found).as("byte %d, bit %d", at, bit).isEqualTo(written.events.size());
        }
      }
    }
  }

  /// All bits at every 61st byte, one elsewhere.
  private static int[] bits(int at) {
    return at % 61 == 0 ? new int[] {0, 1, 2, 3, 4, 5, 6, 7} : new int[] {at % 8};
  }

  /// {@return how many events the store has, all of them right; null if it does not open}
  private @Nullable Integer openedOrRefused(String name, byte[] bytes, int at) {
    Store store;
    try {
      store = opened(name, bytes);
    } catch (Corrupt | ForeignFile | FormatTooNew e) {
      return null;
    } catch (RuntimeException e) {
      throw new AssertionError("byte " + at + " of " + name, e);
    }
    try {
      return readable(store, name, at);
    } catch (RuntimeException e) {
      throw new AssertionError("byte " + at + " of " + name, e);
    } finally {
      store.close();
    }
  }

  /// Reads every event: right, or refused by file, offset and sequence where the damage is. Damage
  /// of a footer shows nowhere.
  private int readable(Store store, String name, int at) {
    int end = Math.toIntExact(store.end());
    int framesEnd = written.offsets(written.sealed, written.lastFirst).getLast();
    for (int i = 0; i < ENTITIES; i++) {
      assertThat(store.entity("e:" + i).stream().map(EventEntry::sequence).toList())
          .isEqualTo(written.sequences("e:" + i, end));
    }
    for (int sequence = 0; sequence < end; sequence++) {
      try {
        StoredEvent event = store.at(sequence).event();
        Appended appended = written.events.get(sequence);
        if (!event.hash().equals(appended.hash)
            || !Bytes.copyOf(event.payload()).equals(appended.payload)) {
          throw new AssertionError("byte " + at + " of " + name + ": a wrong event " + sequence);
        }
      } catch (Corrupt e) {
        List<Integer> offsets = written.offsets(written.sealed, written.lastFirst);
        assertThat(e.file()).isEqualTo(disk.path(written.sealed));
        assertThat(at).isBetween((int) e.offset(), framesEnd - 1);
        assertThat(e.offset()).isEqualTo((long) offsets.get(sequence));
        assertThat(at).isLessThan(offsets.get(sequence + 1));
        assertThat(e.sequence()).isEqualTo(sequence);
      }
    }
    return end;
  }

  @Test
  void a_damaged_frame_of_a_sealed_segment_is_refused_when_it_is_read() {
    List<Integer> offsets = written.offsets(written.sealed, 3);
    byte[] bytes = file(written.sealed);
    bytes[offsets.get(1) + 100] ^= 4;

    Store store = opened(written.sealed, bytes);

    assertThatThrownBy(() -> store.at(1).event())
        .isInstanceOfSatisfying(
            Corrupt.class,
            corrupt -> {
              assertThat(corrupt.file()).isEqualTo(disk.path(written.sealed));
              assertThat(corrupt.offset()).isEqualTo((long) offsets.get(1));
              assertThat(corrupt.sequence()).isEqualTo(1);
            });
    assertThat(store.at(0).event().hash()).isEqualTo(written.events.get(0).hash);
    assertThat(store.at(2).event().hash()).isEqualTo(written.events.get(2).hash);
    store.close();
  }

  @Test
  void a_segment_without_a_good_header_goes_with_what_stood_behind_the_frames_before_it() {
    byte[] first = Arrays.copyOf(file(written.sealed), SEGMENT_BYTES);
    int framesEnd = written.offsets(written.sealed, written.lastFirst).getLast();
    Arrays.fill(first, framesEnd, first.length, (byte) 0);
    first[framesEnd + 40] = 1;
    disk.replace(written.sealed, first);
    disk.replace(written.last, new byte[SEGMENT_BYTES]);
    Store store = open(disk, new SimulatedThreads());
    assertThat(store.openReport().droppedSegments()).isEqualTo(1);
    assertCorrectPrefix(store, written.lastFirst);
    assertWritable(store, written.lastFirst);
  }

  @Test
  void the_sweep_itself_rejects_a_store_with_another_event() {
    Store store = opened("", new byte[0]);
    Appended right = written.events.set(3, new Appended("", Bytes.copyOf(new byte[1]), Hash.ZERO));

    assertThatThrownBy(() -> assertCorrectPrefix(store, written.events.size()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("event 3");

    written.events.set(3, right);
    store.close();
  }
}
