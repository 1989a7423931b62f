package io.batpak.benches.peer;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.ArchivingMediaDriver;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.codecs.SourceLocation;
import io.aeron.archive.status.RecordingPos;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.batpak.benches.Durability;
import io.batpak.benches.Shape;
import io.batpak.benches.Subject;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

/// Aeron Archive: driver, archive and client in this process, one recorded IPC publication.
///
/// An append offers the payload and waits until the recording position has passed it. Durable means
/// `fileSyncLevel(1)`: the archive forces the data of its file before it moves that position, once
/// for all that arrived meanwhile. Threads are shared between the agents because the machines this
/// is meant for have few cores; waiting callers spin shortly and then yield.
public final class AeronArchivePeer implements Subject {

  /// What the JVM needs for it: what Aeron's own build passes, and the JDK 24 switch for
  /// `sun.misc.Unsafe`.
  public static final List<String> JVM_FLAGS =
      List.of(
          "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
          "--add-opens=java.base/java.util.zip=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED");

  private static final String CONTROL_CHANNEL = "aeron:ipc";
  private static final String RECORDED_CHANNEL = "aeron:ipc?term-length=16m";
  private static final String REPLAY_CHANNEL = "aeron:ipc?term-length=16m";
  private static final int RECORDED_STREAM = 1001;
  private static final int REPLAY_STREAM = 1002;
  private static final int SPINS_MAX = 100;
  private static final int FRAGMENTS_MAX = 256;

  private final ArchivingMediaDriver driver;
  private final Aeron aeron;
  private final AeronArchive archive;
  private final Publication publication;
  private final CountersReader counters;
  private final int recordingCounter;
  private final UnsafeBuffer[] copies;

  private AeronArchivePeer(
      ArchivingMediaDriver driver, Aeron aeron, AeronArchive archive, int callers) {
    this.driver = driver;
    this.aeron = aeron;
    this.archive = archive;
    archive.startRecording(RECORDED_CHANNEL, RECORDED_STREAM, SourceLocation.LOCAL);
    publication = aeron.addPublication(RECORDED_CHANNEL, RECORDED_STREAM);
    counters = aeron.countersReader();
    recordingCounter = awaitRecording(counters, publication.sessionId(), archive.archiveId());
    copies = new UnsafeBuffer[callers];
    for (int i = 0; i < callers; i++) {
      copies[i] = new UnsafeBuffer(new byte[PAYLOAD_BYTES]);
    }
  }

  /// {@return it, open and recording}
  ///
  /// @param directory where the archive goes; the driver's own files go where Aeron puts them
  /// @param shape whether the archive forces its files, and how many threads are going to append
  public static AeronArchivePeer open(Path directory, Shape shape) {
    int syncLevel = shape.durability() == Durability.DURABLE ? 1 : 0;
    MediaDriver.Context media =
        new MediaDriver.Context()
            .aeronDirectoryName(CommonContext.generateRandomDirName())
            .threadingMode(ThreadingMode.SHARED)
            .dirDeleteOnStart(true)
            .dirDeleteOnShutdown(true);
    Archive.Context recorder =
        new Archive.Context()
            .aeronDirectoryName(media.aeronDirectoryName())
            .archiveDir(directory.resolve("archive").toFile())
            .controlChannelEnabled(false)
            .archiveClientContext(
                new AeronArchive.Context().controlResponseChannel(CONTROL_CHANNEL))
            .replicationChannel("aeron:udp?endpoint=localhost:0")
            .threadingMode(ArchiveThreadingMode.SHARED)
            .catalogFileSyncLevel(syncLevel)
            .fileSyncLevel(syncLevel);
    ArchivingMediaDriver driver = ArchivingMediaDriver.launch(media, recorder);
    Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(media.aeronDirectoryName()));
    AeronArchive archive =
        AeronArchive.connect(
            new AeronArchive.Context()
                .aeron(aeron)
                .controlRequestChannel(CONTROL_CHANNEL)
                .controlRequestStreamId(recorder.localControlStreamId())
                .controlResponseChannel(CONTROL_CHANNEL));
    return new AeronArchivePeer(driver, aeron, archive, shape.callers());
  }

  @SuppressWarnings("ThreadPriorityCheck") // once, at the start
  private static int awaitRecording(CountersReader counters, int session, long archiveId) {
    int counter;
    while ((counter = RecordingPos.findCounterIdBySession(counters, session, archiveId))
        == CountersReader.NULL_COUNTER_ID) {
      Thread.yield();
    }
    return counter;
  }

  @Override
  public void append(int caller, byte[] payload) {
    UnsafeBuffer copy = copies[caller];
    copy.putBytes(0, payload);
    int tries = 0;
    long position;
    while ((position = publication.offer(copy)) < 0) {
      refuseDeadEnds(position);
      tries = idle(tries);
    }
    while (counters.getCounterValue(recordingCounter) < position) {
      tries = idle(tries);
    }
  }

  private static void refuseDeadEnds(long position) {
    if (position == Publication.CLOSED || position == Publication.MAX_POSITION_EXCEEDED) {
      throw new IllegalStateException("offer: " + Publication.errorString(position));
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // as the yielding idle strategy of Agrona does
  private static int idle(int tries) {
    if (tries < SPINS_MAX) {
      Thread.onSpinWait();
    } else {
      Thread.yield();
    }
    return tries + 1;
  }

  @Override
  public long readAll() {
    long end = counters.getCounterValue(recordingCounter);
    long recording = RecordingPos.getRecordingId(counters, recordingCounter);
    long[] count = new long[1];
    int tries = 0;
    try (Subscription replay = aeron.addSubscription(REPLAY_CHANNEL, REPLAY_STREAM)) {
      archive.startReplay(recording, 0, end, REPLAY_CHANNEL, REPLAY_STREAM);
      while (replay.hasNoImages()) {
        tries = idle(tries);
      }
      var image = replay.imageAtIndex(0);
      while (image.position() < end) {
        int polled =
            image.poll(
                (buffer, offset, length, header) -> count[0] += length == PAYLOAD_BYTES ? 1 : 0,
                FRAGMENTS_MAX);
        tries = polled > 0 ? 0 : idle(tries);
        if (polled == 0 && image.isClosed()) {
          break;
        }
      }
    }
    return count[0];
  }

  @Override
  public void close() {
    publication.close();
    archive.close();
    aeron.close();
    driver.close();
  }
}
