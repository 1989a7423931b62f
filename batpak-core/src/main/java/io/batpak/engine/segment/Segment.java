package io.batpak.engine.segment;

import io.batpak.engine.frame.FrameDecoder;
import io.batpak.engine.frame.FrameLayout;
import io.batpak.engine.index.ActiveIndex;
import io.batpak.engine.index.SealedIndex;
import io.batpak.engine.index.SegmentIndex;
import io.batpak.event.Hash;
import io.batpak.failure.Corrupt;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// One segment as readers see it: its mapped bytes and its index. Fit for any number of threads.
///
/// While it is written its index is active; when it has been sealed the same segment answers from
/// its footer. A reader that took either before the change may go on with it.
public final class Segment {

  private final Path path;
  private final SegmentHeader header;
  private final int framesStart;
  private final int framesEnd;
  private volatile View view;

  /// What answers now.
  private record View(Frames frames, SegmentIndex index, boolean trusted) {}

  /// The frames of a segment that gets no more of them.
  private record Mapped(MemorySegment file) implements Frames {

    @Override
    public FrameDecoder.Found load(FrameDecoder decoder, int offset) {
      return decoder.load(file, offset, file.byteSize());
    }
  }

  private Segment(Path path, SegmentHeader header, int framesStart, int framesEnd, View view) {
    this.path = path;
    this.header = header;
    this.framesStart = framesStart;
    this.framesEnd = framesEnd;
    this.view = view;
  }

  /// {@return a segment with an index in memory}
  ///
  /// @param path the file, for messages
  /// @param header its header
  /// @param framesStart where the first frame begins
  /// @param framesEnd where the frames ended when it was opened
  /// @param memory the mapped file
  /// @param index what is where
  public static Segment indexed(
      Path path,
      SegmentHeader header,
      int framesStart,
      int framesEnd,
      MemorySegment memory,
      ActiveIndex index) {
    View view = new View(new Mapped(memory), index, true);
    return new Segment(path, header, framesStart, framesEnd, view);
  }

  /// {@return a segment being written}
  ///
  /// @param path the file, for messages
  /// @param header its header
  /// @param framesStart where the first frame begins
  /// @param frames its frames
  /// @param index what is where
  public static Segment active(
      Path path, SegmentHeader header, int framesStart, ActiveFrames frames, ActiveIndex index) {
    View view = new View(frames, index, true);
    return new Segment(path, header, framesStart, frames.end(), view);
  }

  /// {@return a segment with a footer, whose body has not been checked yet}
  ///
  /// @param path the file, for messages
  /// @param header its header
  /// @param framesStart where the first frame begins
  /// @param framesEnd where the frames end
  /// @param memory the mapped file
  /// @param index its footer
  public static Segment sealed(
      Path path,
      SegmentHeader header,
      int framesStart,
      int framesEnd,
      MemorySegment memory,
      SealedIndex index) {
    View view = new View(new Mapped(memory), index, false);
    return new Segment(path, header, framesStart, framesEnd, view);
  }

  /// {@return the file, for messages}
  public Path path() {
    return path;
  }

  /// {@return its header}
  public SegmentHeader header() {
    return header;
  }

  /// {@return the sequence of its first event}
  public long first() {
    return header.first();
  }

  /// {@return where the first frame begins}
  public int framesStart() {
    return framesStart;
  }

  /// {@return where the frames ended when it was opened}
  public int framesEnd() {
    return framesEnd;
  }

  /// Loads the frame at an offset that its index gives.
  ///
  /// @param decoder takes it
  /// @param offset where the frame begins
  /// @return what was found
  // ReadBench.get
  public FrameDecoder.Found load(FrameDecoder decoder, int offset) {
    return FrameLayout.plausibleOffset(offset)
        ? view.frames.load(decoder, offset)
        : FrameDecoder.Found.DAMAGE;
  }

  /// {@return the file with all frames; of a segment that is not being written}
  public MemorySegment memory() {
    return ((Mapped) view.frames).file;
  }

  /// {@return whether it has a footer}
  public boolean sealed() {
    return view.index instanceof SealedIndex;
  }

  /// {@return how many rows it has, without a look into the body of a footer}
  public int rows() {
    return view.index.rows();
  }

  /// {@return the event hash of its last event; `previous` if it has none}
  public Hash lastHash() {
    SegmentIndex index = view.index;
    if (index instanceof SealedIndex sealed) {
      return sealed.lastHash();
    }
    return index.rows() == 0 ? header.previous() : index.hash(index.rows() - 1);
  }

  /// {@return the sequence of the last event about a visibility fence in it or any segment before,
  /// or -1, without a look into the body of a footer. While it is written, for the holder of the
  /// writer role}
  public long lastFence() {
    return view.index.lastFence();
  }

  /// {@return what is where. The first call on a footer checks all of it; one that does not hold is
  /// replaced by an index made from the frames}
  ///
  /// @throws Corrupt if neither holds
  public SegmentIndex index() {
    View now = view;
    return now.trusted ? now.index : trusted();
  }

  /// {@return whether its index can answer without having to be checked first}
  public boolean checked() {
    return view.trusted;
  }

  private synchronized SegmentIndex trusted() {
    View now = view;
    if (!now.trusted) {
      boolean intact = ((SealedIndex) now.index).intact();
      view = new View(now.frames, intact ? now.index : fromFrames(now), true);
    }
    return view.index;
  }

  private ActiveIndex fromFrames(View now) {
    long last = header.first() + now.index.rows() - 1;
    long fence = now.index.lastFence();
    long fenceBefore = fence < header.first() ? fence : -1;
    MemorySegment file = ((Mapped) now.frames).file;
    FrameScan.Result scan =
        FrameScan.scan(
            file,
            new SegmentHeader.Read.Good(header, framesStart),
            new FrameScan.Wanted(last, fenceBefore, null));
    if (scan.end() != FrameScan.End.ENOUGH) {
      throw new Corrupt(
          path,
          scan.badOffset(),
          scan.badSequence(),
          "the footer's checksum does not hold, and " + scan.reason());
    }
    return scan.index();
  }

  /// The footer takes over from the index in memory.
  void seal(MemorySegment memory, SealedIndex index) {
    view = new View(new Mapped(memory), index, true);
  }
}
