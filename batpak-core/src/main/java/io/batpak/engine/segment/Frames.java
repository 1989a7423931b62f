package io.batpak.engine.segment;

import io.batpak.engine.frame.FrameDecoder;

/// Where the frames of a segment are read.
interface Frames {

  /// Loads a frame.
  ///
  /// @param decoder takes it
  /// @param offset where it begins in the segment
  /// @return what was found
  FrameDecoder.Found load(FrameDecoder decoder, int offset);
}
