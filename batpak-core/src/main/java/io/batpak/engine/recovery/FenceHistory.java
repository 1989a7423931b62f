package io.batpak.engine.recovery;

import io.batpak.engine.frame.FrameDecoder;
import io.batpak.engine.frame.LifecycleDrafts;
import io.batpak.engine.index.HiddenRanges;
import io.batpak.engine.index.SegmentIndex;
import io.batpak.engine.search.Snapshot;
import io.batpak.engine.segment.Segment;
import io.batpak.event.LifecycleKinds;
import io.batpak.failure.Corrupt;
import io.batpak.failure.MalformedPayload;
import java.util.ArrayList;
import java.util.List;

/// What the visibility fences of a log have left hidden.
///
/// Each segment knows the last event of a fence up to its end, and each of these events names the
/// last cancellation before it: so the ranges are found by going back from one to the next, and
/// nothing else is read. A fence without an end, whose process has died, counts as cancelled; what
/// was found behind its beginning is hidden, and the next process says so in the log.
///
/// @param hidden what no read shows
/// @param lastCancelled sequence of the last cancellation, or -1
/// @param unended sequence of the beginning of a fence that has no end, or -1
public record FenceHistory(HiddenRanges hidden, long lastCancelled, long unended) {

  private static final FenceHistory NONE = new FenceHistory(HiddenRanges.NONE, -1, -1);

  /// {@return what the fences of a log have left}
  ///
  /// @param segments all segments in order
  /// @param end the sequence behind the last event
  /// @throws Corrupt if an event of a fence is not what a writer makes
  public static FenceHistory read(List<Segment> segments, long end) {
    long last = segments.isEmpty() ? -1 : segments.getLast().lastFence();
    if (last < 0) {
      return NONE;
    }
    var log = new Snapshot(end, segments.toArray(Segment[]::new), HiddenRanges.NONE);
    var reader = new Reader(log);
    LifecycleDrafts.Fence newest = reader.read(last);
    boolean begun = reader.kind(last) == LifecycleKinds.FENCE_BEGUN.bits();
    boolean cancelled = reader.kind(last) == LifecycleKinds.FENCE_CANCELLED.bits();
    long lastCancelled = cancelled ? last : newest.cancelled();
    HiddenRanges hidden = reader.cancelled(lastCancelled, last + 1);
    if (begun && last + 1 < end) {
      hidden = hidden.with(last + 1, end);
    }
    return new FenceHistory(hidden, lastCancelled, begun ? last : -1);
  }

  private record Reader(Snapshot log, FrameDecoder decoder) {

    Reader(Snapshot log) {
      this(log, new FrameDecoder());
    }

    /// The ranges up to a cancellation.
    HiddenRanges cancelled(long newest, long before) {
      var froms = new ArrayList<Long>();
      var untils = new ArrayList<Long>();
      long bound = before;
      for (long at = newest; at >= 0; ) {
        LifecycleDrafts.Fence fence = read(at);
        if (at >= bound || fence.begun() < 0 || fence.begun() >= at) {
          throw corrupt(at, "a cancelled fence from " + fence.begun() + " to " + at);
        }
        if (fence.begun() + 1 < at) {
          froms.add(fence.begun() + 1);
          untils.add(at);
        }
        bound = fence.begun() + 1;
        at = fence.cancelled();
      }
      return HiddenRanges.of(froms.reversed(), untils.reversed());
    }

    int kind(long sequence) {
      SegmentIndex index = log.segmentOf(sequence).index();
      return index.kind((int) (sequence - index.first()));
    }

    LifecycleDrafts.Fence read(long sequence) {
      if (sequence >= log.end()) {
        throw new Corrupt(
            log.segmentOf(log.end() - 1).path(),
            0,
            sequence,
            "a fence is said to stand behind the end of the log, " + log.end());
      }
      Segment segment = log.segmentOf(sequence);
      SegmentIndex index = segment.index();
      int offset = index.offset((int) (sequence - index.first()));
      if (segment.load(decoder, offset) != FrameDecoder.Found.FRAME) {
        throw corrupt(sequence, "no whole frame where the event of a fence should be");
      }
      try {
        return LifecycleDrafts.fence(decoder);
      } catch (MalformedPayload e) {
        throw corrupt(sequence, "a fence that does not decode: " + e.getMessage());
      }
    }

    private Corrupt corrupt(long sequence, String reason) {
      Segment segment = log.segmentOf(sequence);
      SegmentIndex index = segment.index();
      int offset = index.offset((int) (sequence - index.first()));
      return new Corrupt(segment.path(), offset, sequence, reason);
    }
  }
}
