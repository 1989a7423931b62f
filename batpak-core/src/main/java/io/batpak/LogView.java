package io.batpak;

import io.batpak.engine.frame.Blake3;
import io.batpak.engine.frame.FrameDecoder;
import io.batpak.engine.index.SegmentIndex;
import io.batpak.engine.search.Snapshot;
import io.batpak.engine.segment.Segment;
import io.batpak.event.EventHeader;
import io.batpak.event.EventKind;
import io.batpak.event.Hlc;
import io.batpak.failure.Closed;
import io.batpak.failure.Corrupt;
import io.batpak.failure.DiskFailed;
import io.batpak.failure.InvalidName;
import io.batpak.failure.LimitExceeded;
import io.batpak.failure.MalformedPayload;
import io.batpak.payload.Catalogue;
import io.batpak.payload.MessageReader;
import io.batpak.payload.PayloadCodec;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reading, the same for a store and for one who only looks.
final class LogView {

  private final Path directory;
  private final Catalogue catalogue;
  private final Supplier<Snapshot> snapshots;

  /// One decoder between two reads. Who finds none makes one; who finds the place taken drops his.
  private final AtomicReference<@Nullable FrameDecoder> idle = new AtomicReference<>();

  private volatile boolean closed;

  LogView(Path directory, Catalogue catalogue, Supplier<Snapshot> snapshots) {
    this.directory = directory;
    this.catalogue = catalogue;
    this.snapshots = snapshots;
  }

  Path directory() {
    return directory;
  }

  Catalogue catalogue() {
    return catalogue;
  }

  /// {@return the log as it is now}
  Snapshot snapshot() {
    refuseIfClosed();
    return snapshots.get();
  }

  void refuseIfClosed() {
    if (closed) {
      throw new Closed(directory);
    }
  }

  /// {@return whether this call closed it}
  synchronized boolean close() {
    boolean first = !closed;
    closed = true;
    return first;
  }

  /// Runs a read of an index or a mapping, and says what its exceptions mean.
  <T> T read(Path file, Supplier<T> read) {
    refuseIfClosed();
    try {
      return read.get();
    } catch (IllegalStateException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw meaning(e, file);
    } catch (InternalError e) {
      throw closed ? new Closed(directory) : new DiskFailed(file, "read through the mapping", e);
    }
  }

  /// Mappings that have ended under a read mean that the store was closed; a place that cannot be,
  /// that the footer was not made by a writer, although its checksum holds.
  RuntimeException meaning(RuntimeException e, Path file) {
    if (closed) {
      return new Closed(directory);
    }
    if (e instanceof IndexOutOfBoundsException || e instanceof IllegalArgumentException) {
      return new Corrupt(file, 0, -1, "its footer does not hold: " + e.getMessage());
    }
    return e;
  }

  Hlc hlc(Snapshot written, long sequence) {
    Segment segment = written.segmentOf(sequence);
    return read(
        segment.path(),
        () -> {
          SegmentIndex index = segment.index();
          int row = (int) (sequence - segment.first());
          return new Hlc(index.wallMillis(row), index.counter(row));
        });
  }

  StoredEvent stored(Segment segment, SegmentIndex index, int row) {
    FrameDecoder decoder = borrow();
    load(decoder, segment, index, row);
    EventHeader header = header(decoder, segment, index, row);
    var blake3 = new Blake3();
    var event =
        new StoredEvent(
            header, decoder.eventHash(blake3), decoder.contentHash(blake3), decoder.payload());
    giveBack(decoder);
    return event;
  }

  private static EventHeader header(
      FrameDecoder decoder, Segment segment, SegmentIndex index, int row) {
    try {
      return decoder.header();
    } catch (MalformedPayload | InvalidName | LimitExceeded | IllegalArgumentException e) {
      throw new Corrupt(
          segment.path(),
          index.offset(row),
          index.first() + row,
          "a frame whose header does not decode: " + e.getMessage());
    }
  }

  EventKind kind(Segment segment, SegmentIndex index, int row) {
    return read(segment.path(), () -> EventKind.ofBits(index.kind(row)));
  }

  Decoded decode(Segment segment, SegmentIndex index, int row) {
    EventKind kind = kind(segment, index, row);
    FrameDecoder decoder = borrow();
    load(decoder, segment, index, row);
    int version = decoder.openPayload();
    Decoded decoded =
        catalogue
            .codec(kind)
            .map(codec -> decode(codec, decoder.payloadReader(), version))
            .orElseGet(() -> new Decoded.UnknownKind(kind, version));
    giveBack(decoder);
    return decoded;
  }

  private static Decoded decode(PayloadCodec<?> codec, MessageReader in, int version) {
    try {
      return new Decoded.Known(codec.read(in, version));
    } catch (MalformedPayload e) {
      return new Decoded.Malformed(e);
    }
  }

  <T extends Record> T payload(
      Segment segment, SegmentIndex index, int row, PayloadCodec<T> codec) {
    FrameDecoder decoder = borrow();
    T payload = payload(decoder, segment, index, row, codec);
    giveBack(decoder);
    return payload;
  }

  /// A decoder with its buffers, for one read; a read that fails keeps it.
  private FrameDecoder borrow() {
    FrameDecoder decoder = idle.getAndSet(null);
    return decoder != null ? decoder : new FrameDecoder();
  }

  private void giveBack(FrameDecoder decoder) {
    if (decoder.small()) {
      idle.set(decoder);
    }
  }

  /// Reads with a decoder that is reused from event to event.
  <T extends Record> T payload(
      FrameDecoder decoder, Segment segment, SegmentIndex index, int row, PayloadCodec<T> codec) {
    EventKind kind = kind(segment, index, row);
    if (!kind.equals(codec.kind())) {
      throw new MalformedPayload(
          codec.type().getName(), "", "the event has kind " + kind + ", expected " + codec.kind());
    }
    load(decoder, segment, index, row);
    int version = decoder.openPayload();
    return codec.read(decoder.payloadReader(), version);
  }

  private void load(FrameDecoder decoder, Segment segment, SegmentIndex index, int row) {
    int offset = read(segment.path(), () -> index.offset(row));
    FrameDecoder.Found found = read(segment.path(), () -> segment.load(decoder, offset));
    if (found != FrameDecoder.Found.FRAME) {
      throw new Corrupt(
          segment.path(),
          offset,
          index.first() + row,
          "no whole frame with a checksum that holds, where the index has one");
    }
  }
}
