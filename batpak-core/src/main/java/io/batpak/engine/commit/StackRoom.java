package io.batpak.engine.commit;

/// Room on the calling thread's stack, asked for before a commit goes to the file system.
///
/// The platform's channels keep books on who is inside them; a stack that overflows in there leaves
/// the books wrong, and the channel fails or hangs when it is closed. So the overflow is provoked
/// here, where nothing has begun. A commit that stays in memory does without: it costs more than
/// the rest of the commit.
final class StackRoom {

  /// Several kilobytes, whether compiled or interpreted: the channels take about one.
  private static final int FRAMES = 256;

  /// A fraction of that, for what takes a few calls and stays in memory.
  private static final int FRAMES_IN_MEMORY = 32;

  private StackRoom() {}

  /// Throws a `StackOverflowError` if there is too little room for a hand-over in memory: between
  /// taking a place in a queue and filling it an overflow would leave a hole.
  static void requireInMemory() {
    int frames = descend(FRAMES_IN_MEMORY);
    assert frames == FRAMES_IN_MEMORY;
  }

  /// Throws a `StackOverflowError` if there is too little room for what follows.
  static void require() {
    int frames = descend(FRAMES);
    assert frames == FRAMES;
  }

  private static int descend(int frames) {
    return frames == 0 ? 0 : 1 + descend(frames - 1);
  }
}
