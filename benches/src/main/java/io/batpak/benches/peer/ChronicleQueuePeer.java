package io.batpak.benches.peer;

import io.batpak.benches.Durability;
import io.batpak.benches.Shape;
import io.batpak.benches.Subject;
import java.nio.file.Path;
import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/// Chronicle Queue, one appender per caller, defaults otherwise.
///
/// An append is visible when `writeBytes` returns. Durable means a queue built with
/// `syncMode(SyncMode.SYNC)` and `ExcerptAppender.sync()` after each append, which is an `msync` of
/// the pages written since the last one; the open-source queue has no shared sync.
public final class ChronicleQueuePeer implements Subject {

  /// What the JVM needs for it: the list of the project's page on Java versions, the JDK 24 switch
  /// for `sun.misc.Unsafe`, and its usage statistics turned off.
  public static final List<String> JVM_FLAGS =
      List.of(
          "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
          "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
          "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED",
          "-Dchronicle.analytics.disable=true",
          "-Dchronicle.announcer.disable=true",
          "-Dchronicle.disk.monitor.disable=true",
          "-Djvm.resource.tracing=false");

  private final ChronicleQueue queue;
  private final boolean durable;
  private final ExcerptAppender[] appenders;
  private final Bytes<?>[] copies;

  private ChronicleQueuePeer(ChronicleQueue queue, boolean durable, int callers) {
    this.queue = queue;
    this.durable = durable;
    appenders = new ExcerptAppender[callers];
    copies = new Bytes<?>[callers];
    for (int i = 0; i < callers; i++) {
      appenders[i] = queue.createAppender();
      // the warm-up and the measured pass use two threads one after the other
      appenders[i].singleThreadedCheckDisabled(true);
      copies[i] = Bytes.allocateDirect(PAYLOAD_BYTES);
      copies[i].singleThreadedCheckDisabled(true);
    }
  }

  /// {@return it, open and empty}
  ///
  /// @param directory where to
  /// @param shape whether each append is synced, and how many appenders to make
  public static ChronicleQueuePeer open(Path directory, Shape shape) {
    boolean durable = shape.durability() == Durability.DURABLE;
    ChronicleQueue queue =
        SingleChronicleQueueBuilder.single(directory.toFile())
            .syncMode(durable ? SyncMode.SYNC : SyncMode.NONE)
            .build();
    return new ChronicleQueuePeer(queue, durable, shape.callers());
  }

  @Override
  public void append(int caller, byte[] payload) {
    ExcerptAppender appender = appenders[caller];
    appender.writeBytes(copies[caller].clear().write(payload));
    if (durable) {
      appender.sync();
    }
  }

  @Override
  public long readAll() {
    long count = 0;
    Bytes<?> event = Bytes.allocateElasticDirect(PAYLOAD_BYTES);
    try (ExcerptTailer tailer = queue.createTailer()) {
      while (tailer.readBytes(event.clear())) {
        count += event.readRemaining() == PAYLOAD_BYTES ? 1 : 0;
      }
    }
    event.releaseLast();
    return count;
  }

  @Override
  public void close() {
    for (ExcerptAppender appender : appenders) {
      appender.close();
    }
    queue.close();
  }
}
