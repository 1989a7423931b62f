package io.batpak.engine.upkeep;

import io.batpak.engine.frame.Blake3;
import io.batpak.engine.frame.FrameDecoder;
import io.batpak.engine.frame.FrameLayout;
import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.index.FooterComparison;
import io.batpak.engine.index.FooterComparison.Difference;
import io.batpak.engine.index.SealedIndex;
import io.batpak.engine.index.SidxLayout;
import io.batpak.engine.recovery.FrameSearch;
import io.batpak.engine.segment.SegmentHeader;
import io.batpak.engine.upkeep.Verifier.LogState;
import io.batpak.engine.upkeep.Verifier.TailJudge;
import io.batpak.event.EventHeader;
import io.batpak.event.EventId;
import io.batpak.event.Hash;
import io.batpak.evidence.Verification.Remedy;
import io.batpak.failure.StoreException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Checks one segment file: its frames one by one, then its footer against them.
final class SegmentCheck {

  private final SegmentFile file;
  private final MemorySegment memory;
  private final long lastWanted;
  private final Ledger ledger;
  private final LogState log;
  private final @Nullable TailJudge judge;
  private final FrameDecoder decoder = new FrameDecoder();
  private final Blake3 blake3 = new Blake3();
  private final ActiveIndex index;
  private boolean whole = true;

  /// The open batch: how many of its events are due, where it began.
  private int due;

  private long batchOffset;
  private long batchSequence;

  /// Prepares the check.
  ///
  /// @param file the file, whose format is known
  /// @param lastWanted the last sequence that belongs to it
  /// @param ledger takes what is found
  /// @param log what the files before have left
  /// @param judge tells a crash from damage; null where only damage is possible
  SegmentCheck(
      SegmentFile file, long lastWanted, Ledger ledger, LogState log, @Nullable TailJudge judge) {
    this.file = file;
    this.memory = file.memory();
    this.lastWanted = lastWanted;
    this.ledger = ledger;
    this.log = log;
    this.judge = judge;
    this.index = new ActiveIndex(file.first(), lastFenceBefore());
  }

  /// {@return the last event about a visibility fence in the files before, or -1. Where one may be
  /// lost, the footer is believed: only it still knows}
  private long lastFenceBefore() {
    if (!log.fenceKnown() && file.footer() instanceof SealedIndex.Footer.Present footer) {
      long fence = footer.index().lastFence();
      return fence < file.first() ? fence : -1;
    }
    return log.lastFence();
  }

  /// Checks the file.
  ///
  /// @return whether the log goes on behind it
  boolean run() {
    long start = start();
    if (start < 0) {
      return true;
    }
    return switch (file.footer()) {
      case SealedIndex.Footer.Present footer -> {
        boolean goesOn = frames(start, footer.framesEnd());
        footer(footer);
        yield goesOn;
      }
      case SealedIndex.Footer.Newer newer -> throw new AssertionError(newer);
      case SealedIndex.Footer.Absent absent -> {
        boolean goesOn = frames(start, memory.byteSize());
        absentFooter();
        yield goesOn;
      }
    };
  }

  /// {@return where the first frame is; -1 if there is none}
  private long start() {
    if (file.header() instanceof SegmentHeader.Read.Good good) {
      zeros(SegmentHeader.end(memory), good.framesStart(), -1, "padding behind the header");
      return good.framesStart();
    }
    whole = false;
    return nextFrame(FrameLayout.ALIGNMENT, memory.byteSize());
  }

  /// {@return whether the log goes on behind the frames}
  private boolean frames(long start, long end) {
    long offset = start;
    batchOffset = start;
    batchSequence = log.next();
    boolean footer = file.sealed();
    while (footer ? offset < end : due > 0 || log.next() <= lastWanted) {
      FrameDecoder.Found found = decoder.load(memory, offset, end);
      if (found == FrameDecoder.Found.FRAME) {
        frame(offset);
        offset += decoder.frameBytes();
        if (due == 0) {
          batchOffset = offset;
          batchSequence = log.next();
        }
        continue;
      }
      boolean nothing =
          found == FrameDecoder.Found.NOTHING
              && lastWanted == Long.MAX_VALUE
              && due == 0
              && FrameSearch.nonZeroEnd(memory, offset) == offset;
      if (nothing) {
        return true;
      }
      String reason = reason(found);
      if (judge != null
          && judge.ends(file, offset, log.next(), reason, batchOffset, batchSequence)) {
        return false;
      }
      if (decoder.load(memory, offset, end) == FrameDecoder.Found.FRAME) {
        // a live writer has finished it meanwhile
        continue;
      }
      offset = behind(offset, end, reason);
      if (offset < 0) {
        return true;
      }
    }
    if (due > 0) {
      problem(end, log.next(), "a batch of which " + due + " events are missing");
    }
    return true;
  }

  private String reason(FrameDecoder.Found found) {
    if (found == FrameDecoder.Found.DAMAGE) {
      return "a frame that is cut or whose checksum does not hold";
    }
    return due > 0 ? "a batch of which " + due + " events are missing" : "zeros instead of a frame";
  }

  /// Reports a break and looks for the next good frame.
  ///
  /// @return where that is, or -1
  private long behind(long offset, long end, String reason) {
    whole = false;
    due = 0;
    long expected = log.next();
    long next = nextFrame(offset + FrameLayout.ALIGNMENT, end);
    long goesOn = next < 0 ? Math.min(lastWanted, Long.MAX_VALUE - 1) + 1 : sequence().orElse(0L);
    String lost =
        goesOn == Long.MAX_VALUE
            ? "nothing readable behind it"
            : goesOn == expected + 1
                ? "this event is lost"
                : "sequences " + expected + " to " + (goesOn - 1) + " are lost";
    problem(offset, expected, goesOn > expected ? reason + "; " + lost : reason);
    log.unknown(Math.max(expected, goesOn == Long.MAX_VALUE ? expected : goesOn));
    batchOffset = next;
    batchSequence = goesOn;
    return next;
  }

  /// {@return the next place that holds a frame whose header decodes, loaded; -1 if there is none}
  private long nextFrame(long offset, long end) {
    for (long at = offset; at + FrameLayout.BODY_OFFSET < end; at += FrameLayout.ALIGNMENT) {
      boolean frame =
          at + FrameLayout.BODY_OFFSET + Integer.BYTES <= end
              && FrameLayout.bodyMark(memory, at) == FrameLayout.BODY_MARK
              && decoder.load(memory, at, end) == FrameDecoder.Found.FRAME
              && sequence().isPresent();
      if (frame) {
        return at;
      }
    }
    return -1;
  }

  private Optional<Long> sequence() {
    try {
      return Optional.of(decoder.header().sequence());
    } catch (StoreException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private void frame(long offset) {
    ledger.frame();
    ledger.checksum();
    EventHeader event;
    try {
      event = decoder.header();
    } catch (StoreException | IllegalArgumentException e) {
      problem(offset, log.next(), "a frame whose header does not decode: " + e.getMessage());
      whole = false;
      log.unknown(log.next() + 1);
      return;
    }
    Hash hash = decoder.eventHash(blake3);
    ledger.eventHash();
    place(offset, event);
    time(offset, event);
    batch(offset, event);
    long bodyEnd = offset + FrameLayout.BODY_OFFSET + FrameLayout.lengthAcquire(memory, offset);
    zeros(bodyEnd, offset + decoder.frameBytes(), event.sequence(), "padding behind a frame");
    String broken = log.chains().add(event, hash);
    if (!broken.isEmpty()) {
      problem(offset, event.sequence(), broken);
    }
    log.read(event, hash);
    if (whole) {
      index.add(event, Math.toIntExact(offset), decoder.headerBytes());
      index.hashes().add(hash);
    }
  }

  private void place(long offset, EventHeader event) {
    if (event.sequence() != log.next()) {
      problem(offset, log.next(), "sequence " + event.sequence() + ", expected " + log.next());
      whole = false;
      log.chains().loosen();
    }
  }

  private void time(long offset, EventHeader event) {
    EventId before = log.lastId();
    if (before == null) {
      return;
    }
    if (event.id().compareTo(before) <= 0) {
      problem(offset, event.sequence(), "id " + event.id() + " is not above " + before);
    }
    boolean ascends =
        event.hlc().wallMillis() > before.wallMillis()
            || event.hlc().wallMillis() == before.wallMillis()
                && event.hlc().counter() > log.lastCounter();
    if (!ascends) {
      problem(
          offset,
          event.sequence(),
          "time " + event.hlc() + " is not above " + before.wallMillis() + "." + log.lastCounter());
    }
  }

  private void batch(long offset, EventHeader event) {
    if (due > 0 && event.more() != due - 1) {
      problem(
          offset,
          event.sequence(),
          "a batch that says " + event.more() + " more events where " + (due - 1) + " are due");
    }
    due = event.more();
  }

  private void zeros(long from, long until, long sequence, String what) {
    for (long at = from; at < until && at < memory.byteSize(); at++) {
      if (memory.get(ValueLayout.JAVA_BYTE, at) != 0) {
        problem(at, sequence, what + " that is not zero");
        return;
      }
    }
  }

  private void footer(SealedIndex.Footer.Present footer) {
    ledger.checksum();
    ledger.checksum();
    boolean intact = footer.index().intact();
    // what opening does not believe it makes anew
    Remedy remedy = !intact && whole ? Remedy.NONE : Remedy.RESTORE;
    if (!whole || index.rows() == 0) {
      if (!intact) {
        footerProblem(footer.framesEnd(), remedy);
      }
      return;
    }
    ledger.footer();
    List<Difference> differences = FooterComparison.differences(memory, footer, index);
    if (!intact && differences.isEmpty()) {
      footerProblem(footer.framesEnd(), remedy);
    }
    for (Difference difference : differences) {
      ledger.problem(
          file.path(),
          difference.offset(),
          difference.row() < 0 ? -1 : index.first() + difference.row(),
          (intact ? "the footer" : "the footer, whose checksum does not hold,")
              + " differs from the frames: "
              + difference.description(),
          remedy);
    }
  }

  /// Segments are sealed oldest first, and the trailer is written last: in front of a segment with
  /// a footer, or where there is a trailer, there was a footer. Anything else behind the frames of
  /// a segment of the tail is a footer that a crash left unfinished.
  private void absentFooter() {
    boolean last = lastWanted == Long.MAX_VALUE;
    long start = Math.max(0, memory.byteSize() - SidxLayout.TRAILER_BYTES);
    if (judge == null || !last && SealedIndex.trailed(memory)) {
      ledger.problem(
          file.path(),
          start,
          -1,
          "the footer does not hold; opening the store makes the index from the frames",
          whole ? Remedy.NONE : Remedy.RESTORE);
    } else if (!last && FrameSearch.nonZeroEnd(memory, start) > start) {
      String description = "a footer that was not finished; opening the store writes it again";
      ledger.tail(file.path(), start, lastWanted + 1, description);
    }
  }

  private void footerProblem(long offset, Remedy remedy) {
    ledger.problem(file.path(), offset, -1, "the footer's checksum does not hold", remedy);
  }

  private void problem(long offset, long sequence, String description) {
    ledger.problem(file.path(), offset, sequence, description);
  }
}
