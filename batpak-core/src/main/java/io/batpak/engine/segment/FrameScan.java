package io.batpak.engine.segment;

import io.batpak.engine.frame.EventHasher;
import io.batpak.engine.frame.FrameDecoder;
import io.batpak.engine.frame.FrameLayout;
import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.ring.RingImage;
import io.batpak.event.EventHeader;
import io.batpak.event.EventId;
import io.batpak.event.Hash;
import io.batpak.failure.InvalidName;
import io.batpak.failure.LimitExceeded;
import io.batpak.failure.MalformedPayload;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  /// @param durable the highest sequence that a frame of them says was durable, or -1
  /// @param memory the file; with the frames that the ring has behind its own, a copy
  /// @param fileEnd where the frames of the file itself end; the rest stands in the ring only
  /// @param end why the frames end
  /// @param badOffset where the end was found: at or behind framesEnd
  /// @param badSequence the sequence expected there
  /// @param reason what was found at the end
  public record Result(
      ActiveIndex index,
      int framesEnd,
      long durable,
      MemorySegment memory,
      int fileEnd,
      End end,
      long badOffset,
      long badSequence,
      String reason) {

    /// {@return the sequence behind the last event}
    public long next() {
      return index.first() + index.rows();
    }
  }

  private record Pending(EventHeader header, int offset, int headerBytes) {}

  private final SegmentHeader header;
  private final @Nullable RingImage ring;
  private final long lastWanted;
  private final FrameDecoder decoder = new FrameDecoder();
  private final ActiveIndex index;
  private final List<Pending> batch = new ArrayList<>();
  private MemorySegment file;
  private int framesEnd;
  private int fileEnd = -1;
  private long durable = -1;

  private FrameScan(MemorySegment file, SegmentHeader.Read.Good start, Wanted wanted) {
    this.file = file;
    this.header = start.header();
    this.ring = wanted.ring;
    this.lastWanted = wanted.last;
    this.index = new ActiveIndex(header.first(), wanted.lastFenceBefore);
    this.framesEnd = start.framesStart();
  }

  /// What belongs to a segment.
  ///
  /// @param last the last sequence that does, or `Long.MAX_VALUE` if that is not known
  /// @param lastFenceBefore the sequence of the last event about a visibility fence in a segment
  ///   before, or -1
  /// @param ring what may continue the segment, or null
  public record Wanted(long last, long lastFenceBefore, @Nullable RingImage ring) {}

  /// {@return what stands in a segment}
  ///
  /// @param file the mapped file
  /// @param start its header
  /// @param wanted what belongs to it
  public static Result scan(MemorySegment file, SegmentHeader.Read.Good start, Wanted wanted) {
    return new FrameScan(file, start, wanted).run();
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
          if (continuedByRing()) {
            offset = framesEnd;
            continue;
          }
          return batch.isEmpty()
              ? result(End.NOTHING, offset, expected, "no frame")
              : result(
                  End.DAMAGE,
                  offset,
                  expected,
                  "a batch of which " + batch.getLast().header.more() + " events are missing");
        }
        case DAMAGE -> {
          if (continuedByRing()) {
            offset = framesEnd;
            continue;
          }
          return result(
              End.DAMAGE, offset, expected, "a frame that is cut or whose checksum does not hold");
        }
        case FRAME -> {
          String wrong = take(offset, expected);
          if (!wrong.isEmpty()) {
            if (continuedByRing()) {
              offset = framesEnd;
              continue;
            }
            return result(End.DAMAGE, offset, expected, wrong);
          }
          offset += decoder.frameBytes();
        }
      }
    }
  }

  /// Goes on with the frames that the ring has behind the last closed batch of the file, if it has
  /// any: what stands there in the file is at most a part of them. From then on a copy of the file
  /// is read in which they stand where they belong.
  private boolean continuedByRing() {
    RingImage image = ring;
    if (image == null || fileEnd >= 0) {
      return false;
    }
    fileEnd = framesEnd;
    MemorySegment slots = image.behind(framesEnd);
    long byteCount = continuing(slots);
    if (byteCount == 0) {
      return false;
    }
    batch.clear();
    long length = FrameLayout.align((int) Math.max(file.byteSize(), framesEnd + byteCount));
    MemorySegment copy = MemorySegment.ofArray(new long[(int) (length / Long.BYTES)]);
    MemorySegment.copy(file, 0, copy, 0, file.byteSize());
    MemorySegment.copy(slots, 0, copy, framesEnd, byteCount);
    file = copy;
    return true;
  }

  /// How many bytes of slots are frames that continue the segment, up to the last closed batch.
  private long continuing(MemorySegment slots) {
    long sequence = header.first() + index.rows();
    EventId last =
        index.rows() == 0
            ? new EventId(0, 0)
            : new EventId(index.idHigh(index.rows() - 1), index.idLow(index.rows() - 1));
    long closed = 0;
    long at = 0;
    while (decoder.load(slots, at, slots.byteSize()) == FrameDecoder.Found.FRAME) {
      EventHeader event;
      try {
        event = decoder.header();
      } catch (MalformedPayload | InvalidName | LimitExceeded | IllegalArgumentException e) {
        // Not a frame of this format, whatever its checksum says.
        return closed;
      }
      if (event.sequence() != sequence || event.id().compareTo(last) <= 0) {
        return closed;
      }
      at += decoder.frameBytes();
      sequence++;
      last = event.id();
      if (event.more() == 0) {
        closed = at;
      }
    }
    return closed;
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
    batch.add(new Pending(event, Math.toIntExact(offset), decoder.headerBytes()));
    durable = Math.max(durable, event.sequence() - event.unforced() - 1);
    if (event.more() == 0) {
      for (Pending pending : batch) {
        index.add(pending.header, pending.offset, pending.headerBytes);
      }
      batch.clear();
      framesEnd = Math.toIntExact(offset + decoder.frameBytes());
    }
    return "";
  }

  private static Hash hash(MemorySegment file, ActiveIndex index, int row) {
    int offset = index.offset(row);
    int frameBytes = FrameLayout.BODY_OFFSET + FrameLayout.lengthAcquire(file, offset);
    byte[] frame = file.asSlice(offset, frameBytes).toArray(ValueLayout.JAVA_BYTE);
    return EventHasher.hashOf(frame, 0, index.hashes().headerBytes(row));
  }

  private Result result(End end, long badOffset, long badSequence, String reason) {
    index.hashes().source(row -> hash(file, index, row));
    return new Result(
        index,
        framesEnd,
        durable,
        file,
        fileEnd < 0 ? framesEnd : fileEnd,
        end,
        badOffset,
        badSequence,
        reason);
  }
}
