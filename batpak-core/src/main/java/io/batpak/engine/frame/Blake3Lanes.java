package io.batpak.engine.frame;

import static java.lang.Integer.rotateRight;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/// The Blake3 hashes of many short messages, computed side by side.
///
/// A message has 0 to [#MESSAGE_BYTES_MAX] bytes, so it is one chunk. The cost of a call grows with
/// the number of messages and of their blocks, not with the number of lanes of the instance. An
/// instance is reused for call after call, and [#hash] allocates nothing. Not thread-safe. For
/// fewer than about a dozen messages at a time, and for longer ones, [Blake3] is the right class.
public final class Blake3Lanes {

  // Each of the 16 words of the compression's state is an array with one element, the lane, for
  // each message; so is each of the 16 words of the block.  A quarter round is one loop over the
  // lanes.  It touches six arrays, all at the same index, so no iteration depends on another, even
  // if two of the arrays were the same one; C2 turns such a loop into vector instructions.  One
  // loop
  // has one quarter round, because the values of several do not fit into the registers.
  //
  // The first eight words of the state are the chaining value: a compression leaves it where the
  // next block of the message needs it.
  //
  // The unfinished messages occupy the first lanes.  After each block, the hashes of the finished
  // messages are written, and the last unfinished messages move into their lanes.  So a longer
  // message does not change the hash of a finished one, and no block behind a message is read.
  //
  // Loops run to the next multiple of VECTOR_LANES.  The lanes behind the unfinished messages hold
  // words of earlier messages; they are computed too, but no result is read from them.
  //
  // BLAKE3: one function, fast everywhere (O'Connor, Aumasson, Neves, Wilcox-O'Hearn), section 5.3;
  // constants from tables 1 to 3 there.

  /// Longest message, in bytes: a chunk.
  public static final int MESSAGE_BYTES_MAX = 1024;

  /// A message is padded with zeros to a multiple of this many bytes.
  public static final int BLOCK_BYTES = 64;

  /// Longs that [#hash] writes for a message.
  public static final int HASH_LONGS = 4;

  /// The widest vector of today's processors: 512 bits of ints.
  private static final int VECTOR_LANES = 16;

  private static final int WORDS = 16;
  private static final int CHAIN_WORDS = 8;
  private static final int ROUNDS = 7;

  /// Quarter rounds of a round: four columns, then four diagonals.
  private static final int QUARTERS = 8;

  private static final int CHUNK_START = 1;
  private static final int CHUNK_END = 1 << 1;
  private static final int ROOT = 1 << 3;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final int lanes;

  /// The chaining value before the first block; four of its words also begin the lower half of the
  /// state at each block.
  private final int[] initial = {
    0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19
  };

  private final int[][] state;
  private final int[][] words;

  /// The arrays of `words` in the order in which the quarter rounds of all rounds add them.
  private final int[][] schedule;

  private final Quarter[] quarters;

  /// Per lane: which message it holds.
  private final int[] messages;

  /// Per lane: where the next block of its message begins in the source.
  private final int[] starts;

  /// Per lane: bytes of its message not compressed yet.
  private final int[] rests;

  /// An instance for up to `lanes` messages at a time.
  ///
  /// @param lanes 1 or more; the more, the lower the cost of a message, up to some hundred
  public Blake3Lanes(int lanes) {
    if (lanes < 1) {
      throw new IllegalArgumentException("lanes: " + lanes + ", expected at least 1");
    }
    this.lanes = lanes;
    int width = padded(lanes);
    state = new int[WORDS][width];
    words = new int[WORDS][width];
    schedule = schedule(words);
    quarters = quarters(state);
    messages = new int[width];
    starts = new int[width];
    rests = new int[width];
  }

  /// {@return how many messages a call of [#hash] takes at most}
  public int lanes() {
    return lanes;
  }

  /// Writes the hashes of several messages into an array.
  ///
  /// Message i begins at `i * stride` and has `lengths[i]` bytes. The caller fills its last block
  /// with zeros: the bytes from its end to the next multiple of [#BLOCK_BYTES], counted from its
  /// beginning, must be zero and inside the array; for an empty message that is one block of zeros.
  /// With other bytes there, the hash is wrong; only an assertion checks them.
  ///
  /// @param source holds the messages
  /// @param stride bytes from the beginning of a message to the beginning of the next
  /// @param lengths bytes of each message, 0 to [#MESSAGE_BYTES_MAX]; only the first `count` are
  ///   read
  /// @param count how many messages, 0 to [#lanes()]
  /// @param target receives four big-endian words for each message, as [io.batpak.event.Hash] holds
  ///   them: those of message i begin at `4 * i`
  public void hash(byte[] source, int stride, int[] lengths, int count, long[] target) {
    Objects.checkFromIndexSize(0, count, lanes);
    Objects.checkFromIndexSize(0, HASH_LONGS * count, target.length);
    for (int i = 0; i < count; i++) {
      place(i, (long) i * stride, lengths[i], source);
    }
    for (int i = 0; i < CHAIN_WORDS; i++) {
      Arrays.fill(state[i], 0, count, initial[i]);
    }

    int flags = CHUNK_START;
    for (int active = count; active > 0; active = settle(active, target)) {
      load(source, 0, active);
      load(source, WORDS / 2, active);
      compress(flags, padded(active));
      flags = 0;
    }
  }

  private void place(int message, long start, int length, byte[] source) {
    if (length < 0 || length > MESSAGE_BYTES_MAX) {
      throw new IllegalArgumentException(
          "message %d: %d bytes, expected 0 to %d".formatted(message, length, MESSAGE_BYTES_MAX));
    }
    int blockBytes = Math.max(length + BLOCK_BYTES - 1 & -BLOCK_BYTES, BLOCK_BYTES);
    Objects.checkFromIndexSize(start, blockBytes, source.length);
    assert zeros(source, (int) start + length, blockBytes - length)
        : "message %d: not zero behind its %d bytes".formatted(message, length);
    messages[message] = message;
    starts[message] = (int) start;
    rests[message] = length;
  }

  private static boolean zeros(byte[] source, int offset, int count) {
    return Arrays.equals(source, offset, offset + count, new byte[count], 0, count);
  }

  /// Loads eight of the 16 words of the next block of each message.
  private void load(byte[] source, int first, int active) {
    int[] word0 = words[first];
    int[] word1 = words[first + 1];
    int[] word2 = words[first + 2];
    int[] word3 = words[first + 3];
    int[] word4 = words[first + 4];
    int[] word5 = words[first + 5];
    int[] word6 = words[first + 6];
    int[] word7 = words[first + 7];
    int[] starts = this.starts;
    for (int i = 0; i < active; i++) {
      int at = starts[i] + first * Integer.BYTES;
      word0[i] = (int) WORD.get(source, at);
      word1[i] = (int) WORD.get(source, at + 4);
      word2[i] = (int) WORD.get(source, at + 8);
      word3[i] = (int) WORD.get(source, at + 12);
      word4[i] = (int) WORD.get(source, at + 16);
      word5[i] = (int) WORD.get(source, at + 20);
      word6[i] = (int) WORD.get(source, at + 24);
      word7[i] = (int) WORD.get(source, at + 28);
    }
  }

  /// Compresses one block of each message into its chaining value.
  ///
  /// @param flags of every block; those of a last block are added here
  /// @param width lanes, a multiple of VECTOR_LANES
  private void compress(int flags, int width) {
    for (int i = 0; i < 4; i++) {
      Arrays.fill(state[CHAIN_WORDS + i], 0, width, initial[i]);
    }
    Arrays.fill(state[12], 0, width, 0);
    Arrays.fill(state[13], 0, width, 0);
    fillLengths(state[14], width);
    fillFlags(state[15], flags, width);

    for (int i = 0; i < ROUNDS * QUARTERS; i++) {
      quarters[i % QUARTERS].mix(schedule[2 * i], schedule[2 * i + 1], width);
    }
    for (int i = 0; i < CHAIN_WORDS; i++) {
      xor(state[i], state[CHAIN_WORDS + i], width);
    }
  }

  private void fillLengths(int[] target, int width) {
    int[] rests = this.rests;
    for (int i = 0; i < width; i++) {
      target[i] = Math.min(rests[i], BLOCK_BYTES);
    }
  }

  private void fillFlags(int[] target, int flags, int width) {
    int[] rests = this.rests;
    for (int i = 0; i < width; i++) {
      target[i] = rests[i] > BLOCK_BYTES ? flags : flags | CHUNK_END | ROOT;
    }
  }

  private static void xor(int[] target, int[] source, int width) {
    for (int i = 0; i < width; i++) {
      target[i] ^= source[i];
    }
  }

  /// Writes the hashes of the messages whose last block is compressed, and fills their lanes.
  ///
  /// The loop visits the lanes from the last to the first, so the lane that moves has already been
  /// advanced to its next block.
  ///
  /// @return how many messages go on, in the first lanes
  private int settle(int active, long[] target) {
    int remaining = active;
    for (int i = active - 1; i >= 0; i--) {
      if (rests[i] > BLOCK_BYTES) {
        rests[i] -= BLOCK_BYTES;
        starts[i] += BLOCK_BYTES;
      } else {
        write(i, target);
        remaining--;
        move(remaining, i);
      }
    }
    return remaining;
  }

  private void write(int lane, long[] target) {
    int first = HASH_LONGS * messages[lane];
    for (int i = 0; i < HASH_LONGS; i++) {
      long high = Integer.reverseBytes(state[2 * i][lane]);
      int low = Integer.reverseBytes(state[2 * i + 1][lane]);
      target[first + i] = high << Integer.SIZE | Integer.toUnsignedLong(low);
    }
  }

  private void move(int source, int target) {
    if (source == target) {
      return;
    }
    messages[target] = messages[source];
    starts[target] = starts[source];
    rests[target] = rests[source];
    for (int i = 0; i < CHAIN_WORDS; i++) {
      state[i][target] = state[i][source];
    }
  }

  private static int padded(int count) {
    return Math.ceilDiv(count, VECTOR_LANES) * VECTOR_LANES;
  }

  private static int[][] schedule(int[][] words) {
    int[] permutation = {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};
    int[][] schedule = Arrays.copyOf(words, ROUNDS * WORDS);
    for (int i = WORDS; i < schedule.length; i++) {
      int previous = i - i % WORDS - WORDS;
      schedule[i] = schedule[previous + permutation[i % WORDS]];
    }
    return schedule;
  }

  private static Quarter[] quarters(int[][] state) {
    var quarters = new Quarter[QUARTERS];
    for (int i = 0; i < 4; i++) {
      quarters[i] = new Quarter(state[i], state[4 + i], state[8 + i], state[12 + i]);
      quarters[4 + i] =
          new Quarter(
              state[i], state[4 + (i + 1) % 4], state[8 + (i + 2) % 4], state[12 + (i + 3) % 4]);
    }
    return quarters;
  }

  /// Four words of the state that are mixed with two words of the block.
  private static final class Quarter {

    private final int[] a;
    private final int[] b;
    private final int[] c;
    private final int[] d;

    Quarter(int[] a, int[] b, int[] c, int[] d) {
      this.a = a;
      this.b = b;
      this.c = c;
      this.d = d;
    }

    /// The function G of the paper, for every lane. Blake3Bench.lanes
    void mix(int[] x, int[] y, int width) {
      int[] a = this.a;
      int[] b = this.b;
      int[] c = this.c;
      int[] d = this.d;
      for (int i = 0; i < width; i++) {
        int a1 = a[i] + b[i] + x[i];
        int d1 = rotateRight(d[i] ^ a1, 16);
        int c1 = c[i] + d1;
        int b1 = rotateRight(b[i] ^ c1, 12);
        int a2 = a1 + b1 + y[i];
        int d2 = rotateRight(d1 ^ a2, 8);
        int c2 = c1 + d2;
        a[i] = a2;
        b[i] = rotateRight(b1 ^ c2, 7);
        c[i] = c2;
        d[i] = d2;
      }
    }
  }
}
