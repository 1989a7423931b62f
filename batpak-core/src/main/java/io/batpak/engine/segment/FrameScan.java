package io.batpak.engine.segment;

import io.batpak.engine.frame.Blake3;
import io.batpak.engine.frame.FrameDecoder;
import io.batpak.engine.index.ActiveIndex;
import io.batpak.event.EventHeader;
import io.batpak.event.Hash;
import io.batpak.failure.InvalidName;
import io.batpak.failure.LimitExceeded;
import io.batpak.failure.MalformedPayload;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Reads the frames of one segment from the first to where they end, and builds their index.
/// Batches whose closing frame is missing do not count.
public final class FrameScan {

  /// Why the frames end.
  public enum End {
    /// Zeros, or the end of the file, behind a closed batch.
    NOTHING,
    /// Something that is not the next frame, or a batch that was never closed.
    DAMAGE,
    /// The last sequence that was asked for has been read.
    ENOUGH
  }

  /// What was read.
  ///
  /// @param index the events of all closed batches
  /// @param framesEnd where they end in the file
  /// @param lastHash event hash of the last of them; the segment's `previous` if there is none
  /// @param durable the highest sequence that a frame of them says was durable, or -1
  /// @param end why the frames end
  /// @param badOffset where the end was found: at or behind framesEnd
  /// @param badSequence the sequence expected there
  /// @param reason what was found at the end
  public record Result(
      ActiveIndex index,
      int framesEnd,
      Hash lastHash,
      long durable,
      End end,
      long badOffset,
      long badSequence,
      String reason) {

    /// {@return the sequence behind the last event}
    public long next() {
      return index.first() + index.rows();
    }
  }

  private record Pending(EventHeader header, Hash hash, int offset) {}

  private final MemorySegment file;
  private final SegmentHeader header;
  private final long lastWanted;
  private final FrameDecoder decoder = new FrameDecoder();
  private final Blake3 blake3 = new Blake3();
  private final ActiveIndex index;
  private final List<Pending> batch = new ArrayList<>();
  private int framesEnd;
  private Hash lastHash;
  private long durable = -1;

  private FrameScan(
      MemorySegment file,
      SegmentHeader header,
      int framesStart,
      long lastWanted,
      long lastFenceBefore) {
    this.file = file;
    this.header = header;
    this.lastWanted = lastWanted;
    this.index = new ActiveIndex(header.first(), lastFenceBefore);
    this.framesEnd = framesStart;
    this.lastHash = header.previous();
  }

  /// {@return what stands in a segment}
  ///
  /// @param file the mapped file
  /// @param header its header
  /// @param framesStart where the first frame begins
  /// @param lastWanted the last sequence that belongs to it, or `Long.MAX_VALUE` if that is not
  ///   known
  /// @param lastFenceBefore the sequence of the last event about a visibility fence in a segment
  ///   before, or -1
  public static Result scan(
      MemorySegment file,
      SegmentHeader header,
      int framesStart,
      long lastWanted,
      long lastFenceBefore) {
    return new FrameScan(file, header, framesStart, lastWanted, lastFenceBefore).run();
  }

  private Result run() {
    long offset = framesEnd;
    while (true) {
      long expected = header.first() + index.rows() + batch.size();
      if (batch.isEmpty() && expected > lastWanted) {
        return result(End.ENOUGH, offset, expected, "");
      }
      switch (decoder.load(file, offset, file.byteSize())) {
        case NOTHING -> {
          return batch.isEmpty()
              ? result(End.NOTHING, offset, expected, "no frame")
              : result(
                  End.DAMAGE,
                  offset,
                  expected,
                  "a batch of which " + batch.getLast().header.more() + " events are missing");
        }
        case DAMAGE -> {
          return result(
              End.DAMAGE, offset, expected, "a frame that is cut or whose checksum does not hold");
        }
        case FRAME -> {
          String wrong = take(offset, expected);
          if (!wrong.isEmpty()) {
            return result(End.DAMAGE, offset, expected, wrong);
          }
          offset += decoder.frameBytes();
        }
      }
    }
  }

  /// Takes the loaded frame into the open batch, and the batch into the index when it closes. Says
  /// what is wrong with the frame, or nothing.
  private String take(long offset, long expected) {
    EventHeader event;
    try {
      event = decoder.header();
    } catch (MalformedPayload | InvalidName | LimitExceeded | IllegalArgumentException e) {
      return "a frame whose header does not decode: " + e.getMessage();
    }
    if (event.sequence() != expected) {
      return "sequence " + event.sequence() + ", expected " + expected;
    }
    if (!batch.isEmpty() && event.more() != batch.getLast().header.more() - 1) {
      return "a batch that says "
          + event.more()
          + " more events where "
          + (batch.getLast().header.more() - 1)
          + " are due";
    }
    batch.add(new Pending(event, decoder.eventHash(blake3), Math.toIntExact(offset)));
    durable = Math.max(durable, event.sequence() - event.unforced() - 1);
    if (event.more() == 0) {
      for (Pending pending : batch) {
        add(pending);
      }
      batch.clear();
      framesEnd = Math.toIntExact(offset + decoder.frameBytes());
    }
    return "";
  }

  private void add(Pending pending) {
    EventHeader event = pending.header;
    ActiveIndex.Name entity = index.entity(event.coordinate().entity());
    ActiveIndex.Name scope = index.scope(event.coordinate().scope());
    int kind = event.kind().bits();
    ActiveIndex.Name[] tags = index.reserve(entity, scope, kind, event.tags(), 1);
    index.add(
        entity,
        scope,
        tags,
        new ActiveIndex.Row(
            pending.offset,
            event.id().high(),
            event.id().low(),
            event.hlc().counter(),
            kind,
            event.clock(),
            pending.hash,
            event.key().orElse(null)));
    lastHash = pending.hash;
  }

  private Result result(End end, long badOffset, long badSequence, String reason) {
    return new Result(index, framesEnd, lastHash, durable, end, badOffset, badSequence, reason);
  }
}
