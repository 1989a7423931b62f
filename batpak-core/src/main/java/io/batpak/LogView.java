package io.batpak;

import io.batpak.engine.frame.Blake3;
import io.batpak.engine.frame.FrameDecoder;
import io.batpak.engine.index.SegmentIndex;
import io.batpak.engine.search.Snapshot;
import io.batpak.engine.segment.Segment;
import io.batpak.event.EventHeader;
import io.batpak.event.EventKind;
import io.batpak.failure.Closed;
import io.batpak.failure.Corrupt;
import io.batpak.failure.MalformedPayload;
import io.batpak.payload.Catalogue;
import io.batpak.payload.MessageReader;
import io.batpak.payload.PayloadCodec;
import java.nio.file.Path;
import java.util.function.Supplier;

/// Reading, the same for a store and for one who only looks.
final class LogView {

  private final Path directory;
  private final Catalogue catalogue;
  private final Supplier<Snapshot> snapshots;
  private volatile boolean closed;

  LogView(Path directory, Catalogue catalogue, Supplier<Snapshot> snapshots) {
    this.directory = directory;
    this.catalogue = catalogue;
    this.snapshots = snapshots;
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

  void close() {
    closed = true;
  }

  /// Runs a read; mappings that have ended under it mean that the store was closed.
  <T> T reading(Supplier<T> read) {
    try {
      return read.get();
    } catch (IllegalStateException e) {
      throw closed ? new Closed(directory) : e;
    }
  }

  StoredEvent stored(Segment segment, SegmentIndex index, int row) {
    return reading(() -> {
      FrameDecoder decoder = load(new FrameDecoder(), segment, index, row);
      EventHeader header = decoder.header();
      return new StoredEvent(header, decoder.eventHash(new Blake3()), decoder.payload());
    });
  }

  Decoded decode(Segment segment, SegmentIndex index, int row) {
    EventKind kind = EventKind.ofBits(index.kind(row));
    return reading(() -> {
      FrameDecoder decoder = load(new FrameDecoder(), segment, index, row);
      int version = decoder.openPayload();
      return catalogue
          .codec(kind)
          .map(codec -> decode(codec, decoder.payloadReader(), version))
          .orElseGet(() -> new Decoded.UnknownKind(kind, version));
    });
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
    return reading(() -> payload(new FrameDecoder(), segment, index, row, codec));
  }

  /// Reads with a decoder that is reused from event to event.
  <T extends Record> T payload(
      FrameDecoder decoder, Segment segment, SegmentIndex index, int row, PayloadCodec<T> codec) {
    if (index.kind(row) != codec.kind().bits()) {
      throw new MalformedPayload(
          codec.type().getName(),
          "",
          "the event has kind " + EventKind.ofBits(index.kind(row)) + ", expected " + codec.kind());
    }
    load(decoder, segment, index, row);
    int version = decoder.openPayload();
    return codec.read(decoder.payloadReader(), version);
  }

  private static FrameDecoder load(
      FrameDecoder decoder, Segment segment, SegmentIndex index, int row) {
    int offset = index.offset(row);
    var memory = segment.memory();
    if (offset < 0 || decoder.load(memory, offset, memory.byteSize()) != FrameDecoder.Found.FRAME) {
      throw new Corrupt(
          segment.path(),
          offset,
          index.first() + row,
          "no whole frame with a checksum that holds, where the index has one");
    }
    return decoder;
  }
}
