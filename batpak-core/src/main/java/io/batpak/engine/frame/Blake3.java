package io.batpak.engine.frame;

import static java.lang.Integer.rotateRight;

import io.batpak.event.Hash;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/// The Blake3 hash of one message after another: 32 bytes, no key, no further output.
///
/// A message is given either whole ([#hash(byte[], int, int)]) or in pieces ([#update], then
/// [#digest]). An instance is reused for message after message and allocates nothing but the [Hash]
/// it returns. Not safe for use by several threads at once.
public final class Blake3 {

  // A message is cut into chunks of 1024 bytes, a chunk into blocks of 64.  The blocks of a chunk
  // are
  // compressed one after another into eight words, the chaining value; the values of the chunks are
  // the leaves of a binary tree whose left subtrees are always full.  A node is compressed like a
  // block: its 64 bytes are the values of its two children.
  //
  // The stack holds the roots of the full subtrees to the left, largest first, each as 32 bytes, so
  // that the topmost two already are the block of their parent.  After n chunks it holds one root
  // per
  // one-bit of n; the zeros at the end of n count the merges that the n-th chunk brings about.
  //
  // The last block of a message and the root of the tree are flagged.  So a block is kept back
  // until
  // a byte after it is seen, and subtrees are merged only when a further chunk is known to follow.
  //
  // BLAKE3: one function, fast everywhere (O'Connor, Aumasson, Neves, Wilcox-O'Hearn), sections 2.1
  // to 2.4; constants from tables 1 to 3 there.

  private static final int BLOCK_BYTES = 64;
  private static final int CHUNK_BYTES = 1024;
  private static final int CHUNK_BLOCKS = CHUNK_BYTES / BLOCK_BYTES;

  /// 2^63 bytes are 2^53 chunks: at most 53 full subtrees, and the chunk about to be merged.
  private static final int DEPTH_MAX = 54;

  private static final int CHUNK_START = 1;
  private static final int CHUNK_END = 1 << 1;
  private static final int PARENT = 1 << 2;
  private static final int ROOT = 1 << 3;

  private static final int IV0 = 0x6A09E667;
  private static final int IV1 = 0xBB67AE85;
  private static final int IV2 = 0x3C6EF372;
  private static final int IV3 = 0xA54FF53A;
  private static final int IV4 = 0x510E527F;
  private static final int IV5 = 0x9B05688C;
  private static final int IV6 = 0x1F83D9AB;
  private static final int IV7 = 0x5BE0CD19;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /// The chaining value: eight words.
  private final int[] chain = new int[8];

  /// Bytes not compressed yet; `kept` of them count.
  private final byte[] block = new byte[BLOCK_BYTES];

  private int kept;

  /// Blocks of the current chunk already compressed, 0 to 15.
  private int blocks;

  /// Chunks completed.
  private long chunks;

  /// Grows with the first message that is longer than a chunk; most are not.
  private byte[] stack = {};

  /// Roots on the stack.
  private int depth;

  /// A hash of nothing yet.
  public Blake3() {
    startChain();
  }

  /// {@return the hash of a message} For a single use; who hashes often keeps an instance.
  ///
  /// @param source holds the message
  /// @param offset where the message starts
  /// @param count bytes of the message
  public static Hash hashOf(byte[] source, int offset, int count) {
    return new Blake3().hash(source, offset, count);
  }

  /// {@return the hash of a message} A message begun with [#update] is forgotten.
  ///
  /// @param source holds the message
  /// @param offset where the message starts
  /// @param count bytes of the message
  public Hash hash(byte[] source, int offset, int count) {
    compressMessage(source, offset, count);

    var hash = new Hash(pair(0), pair(2), pair(4), pair(6));
    reset();
    return hash;
  }

  /// Writes the hash of a message into an array. A message begun with [#update] is forgotten.
  ///
  /// @param source holds the message
  /// @param offset where the message starts
  /// @param count bytes of the message
  /// @param target receives 32 bytes; may be `source`
  /// @param targetOffset where the 32 bytes start
  public void hash(byte[] source, int offset, int count, byte[] target, int targetOffset) {
    Objects.checkFromIndexSize(targetOffset, Hash.BYTES, target.length);
    compressMessage(source, offset, count);

    writeChain(target, targetOffset);
    reset();
  }

  /// Forgets the message begun and starts another.
  public void reset() {
    startChain();
    kept = 0;
    blocks = 0;
    chunks = 0;
    depth = 0;
  }

  /// Takes the next piece of the message.
  ///
  /// @param source holds the piece
  /// @param offset where the piece starts
  /// @param count bytes of the piece
  /// @return this
  public Blake3 update(byte[] source, int offset, int count) {
    Objects.checkFromIndexSize(offset, count, source.length);

    int next = offset;
    int end = offset + count;
    while (next < end) {
      if (kept == BLOCK_BYTES) {
        kept = 0;
        compressBlock(block, 0);
      }
      if (kept == 0 && end - next > BLOCK_BYTES) {
        compressBlock(source, next);
        next += BLOCK_BYTES;
      } else {
        int taken = Math.min(BLOCK_BYTES - kept, end - next);
        System.arraycopy(source, next, block, kept, taken);
        kept += taken;
        next += taken;
      }
    }
    return this;
  }

  /// Writes the hash of the message and starts another.
  ///
  /// @param target receives 32 bytes
  /// @param offset where the 32 bytes start
  public void digest(byte[] target, int offset) {
    Objects.checkFromIndexSize(offset, Hash.BYTES, target.length);
    compressRest();

    writeChain(target, offset);
    reset();
  }

  private void compressMessage(byte[] source, int offset, int count) {
    reset();
    if (count > CHUNK_BYTES) {
      update(source, offset, count);
      compressRest();
      return;
    }
    Objects.checkFromIndexSize(offset, count, source.length);

    int flags = CHUNK_START;
    int next = offset;
    int rest = count;
    for (; rest > BLOCK_BYTES; rest -= BLOCK_BYTES) {
      compress(source, next, 0, BLOCK_BYTES, flags);
      flags = 0;
      next += BLOCK_BYTES;
    }
    flags |= CHUNK_END | ROOT;
    if (rest == BLOCK_BYTES) {
      compress(source, next, 0, BLOCK_BYTES, flags);
    } else {
      System.arraycopy(source, next, block, 0, rest);
      Arrays.fill(block, rest, BLOCK_BYTES, (byte) 0);
      compress(block, 0, 0, rest, flags);
    }
  }

  /// Compresses a block that is not the last of the message.
  private void compressBlock(byte[] source, int offset) {
    int start = blocks == 0 ? CHUNK_START : 0;
    if (blocks < CHUNK_BLOCKS - 1) {
      compress(source, offset, chunks, BLOCK_BYTES, start);
      blocks++;
      return;
    }
    compress(source, offset, chunks, BLOCK_BYTES, CHUNK_END);
    blocks = 0;
    chunks++;
    push();
    for (int merges = Long.numberOfTrailingZeros(chunks); merges > 0; merges--) {
      merge(PARENT);
    }
    startChain();
  }

  /// Compresses the last block and every node up to the root, whose chaining value is the hash.
  private void compressRest() {
    Arrays.fill(block, kept, BLOCK_BYTES, (byte) 0);
    int flags = (blocks == 0 ? CHUNK_START : 0) | CHUNK_END;
    if (depth == 0) {
      compress(block, 0, 0, kept, flags | ROOT);
      return;
    }
    compress(block, 0, chunks, kept, flags);
    push();
    while (depth > 2) {
      merge(PARENT);
    }
    merge(PARENT | ROOT);
  }

  private void push() {
    if (stack.length == 0) {
      stack = new byte[DEPTH_MAX * Hash.BYTES];
    }
    writeChain(stack, depth * Hash.BYTES);
    depth++;
  }

  /// Replaces the topmost two roots by their parent, whose chaining value remains in `chain`.
  private void merge(int flags) {
    depth -= 2;
    startChain();
    compress(stack, depth * Hash.BYTES, 0, BLOCK_BYTES, flags);
    push();
  }

  private void startChain() {
    int[] chain = this.chain;
    chain[0] = IV0;
    chain[1] = IV1;
    chain[2] = IV2;
    chain[3] = IV3;
    chain[4] = IV4;
    chain[5] = IV5;
    chain[6] = IV6;
    chain[7] = IV7;
  }

  private void writeChain(byte[] target, int offset) {
    for (int i = 0; i < chain.length; i++) {
      WORD.set(target, offset + i * Integer.BYTES, chain[i]);
    }
  }

  /// {@return two words of the chaining value, as the big-endian word that a [Hash] holds}
  private long pair(int first) {
    long high = Integer.reverseBytes(chain[first]);
    return high << Integer.SIZE | Integer.toUnsignedLong(Integer.reverseBytes(chain[first + 1]));
  }

  /// The compression: one block into the chaining value.
  ///
  /// All 32 words live in locals, and the seven rounds stand written out with the permutation of
  /// the message words already done: a loop over arrays costs several times as much. Two lines are
  /// one quarter round, each of them half: add, xor and rotate, twice; as statements of their own
  /// they would be 448 lines. The method must stay below 8000 bytes of bytecode, or it is never
  /// compiled (HugeMethodLimit of HotSpot).
  ///
  /// @param source holds the block
  /// @param offset where its 64 bytes start
  /// @param counter which chunk of the message; 0 for a node
  /// @param bytes how many of the 64 count
  /// @param flags what the block is
  @SuppressWarnings("AssignmentExpression")
  private void compress(byte[] source, int offset, long counter, int bytes, int flags) {
    int[] chain = this.chain;
    int m0 = (int) WORD.get(source, offset);
    int m1 = (int) WORD.get(source, offset + 4);
    int m2 = (int) WORD.get(source, offset + 8);
    int m3 = (int) WORD.get(source, offset + 12);
    int m4 = (int) WORD.get(source, offset + 16);
    int m5 = (int) WORD.get(source, offset + 20);
    int m6 = (int) WORD.get(source, offset + 24);
    int m7 = (int) WORD.get(source, offset + 28);
    int m8 = (int) WORD.get(source, offset + 32);
    int m9 = (int) WORD.get(source, offset + 36);
    int m10 = (int) WORD.get(source, offset + 40);
    int m11 = (int) WORD.get(source, offset + 44);
    int m12 = (int) WORD.get(source, offset + 48);
    int m13 = (int) WORD.get(source, offset + 52);
    int m14 = (int) WORD.get(source, offset + 56);
    int m15 = (int) WORD.get(source, offset + 60);
    int v0 = chain[0];
    int v1 = chain[1];
    int v2 = chain[2];
    int v3 = chain[3];
    int v4 = chain[4];
    int v5 = chain[5];
    int v6 = chain[6];
    int v7 = chain[7];
    int v8 = IV0;
    int v9 = IV1;
    int v10 = IV2;
    int v11 = IV3;
    int v12 = (int) counter;
    int v13 = (int) (counter >>> Integer.SIZE);
    int v14 = bytes;
    int v15 = flags;
    // round 1
    v4 = rotateRight(v4 ^ (v8 += v12 = rotateRight(v12 ^ (v0 += v4 + m0), 16)), 12);
    v4 = rotateRight(v4 ^ (v8 += v12 = rotateRight(v12 ^ (v0 += v4 + m1), 8)), 7);
    v5 = rotateRight(v5 ^ (v9 += v13 = rotateRight(v13 ^ (v1 += v5 + m2), 16)), 12);
    v5 = rotateRight(v5 ^ (v9 += v13 = rotateRight(v13 ^ (v1 += v5 + m3), 8)), 7);
    v6 = rotateRight(v6 ^ (v10 += v14 = rotateRight(v14 ^ (v2 += v6 + m4), 16)), 12);
    v6 = rotateRight(v6 ^ (v10 += v14 = rotateRight(v14 ^ (v2 += v6 + m5), 8)), 7);
    v7 = rotateRight(v7 ^ (v11 += v15 = rotateRight(v15 ^ (v3 += v7 + m6), 16)), 12);
    v7 = rotateRight(v7 ^ (v11 += v15 = rotateRight(v15 ^ (v3 += v7 + m7), 8)), 7);
    v5 = rotateRight(v5 ^ (v10 += v15 = rotateRight(v15 ^ (v0 += v5 + m8), 16)), 12);
    v5 = rotateRight(v5 ^ (v10 += v15 = rotateRight(v15 ^ (v0 += v5 + m9), 8)), 7);
    v6 = rotateRight(v6 ^ (v11 += v12 = rotateRight(v12 ^ (v1 += v6 + m10), 16)), 12);
    v6 = rotateRight(v6 ^ (v11 += v12 = rotateRight(v12 ^ (v1 += v6 + m11), 8)), 7);
    v7 = rotateRight(v7 ^ (v8 += v13 = rotateRight(v13 ^ (v2 += v7 + m12), 16)), 12);
    v7 = rotateRight(v7 ^ (v8 += v13 = rotateRight(v13 ^ (v2 += v7 + m13), 8)), 7);
    v4 = rotateRight(v4 ^ (v9 += v14 = rotateRight(v14 ^ (v3 += v4 + m14), 16)), 12);
    v4 = rotateRight(v4 ^ (v9 += v14 = rotateRight(v14 ^ (v3 += v4 + m15), 8)), 7);
    // round 2
    v4 = rotateRight(v4 ^ (v8 += v12 = rotateRight(v12 ^ (v0 += v4 + m2), 16)), 12);
    v4 = rotateRight(v4 ^ (v8 += v12 = rotateRight(v12 ^ (v0 += v4 + m6), 8)), 7);
    v5 = rotateRight(v5 ^ (v9 += v13 = rotateRight(v13 ^ (v1 += v5 + m3), 16)), 12);
    v5 = rotateRight(v5 ^ (v9 += v13 = rotateRight(v13 ^ (v1 += v5 + m10), 8)), 7);
    v6 = rotateRight(v6 ^ (v10 += v14 = rotateRight(v14 ^ (v2 += v6 + m7), 16)), 12);
    v6 = rotateRight(v6 ^ (v10 += v14 = rotateRight(v14 ^ (v2 += v6 + m0), 8)), 7);
    v7 = rotateRight(v7 ^ (v11 += v15 = rotateRight(v15 ^ (v3 += v7 + m4), 16)), 12);
    v7 = rotateRight(v7 ^ (v11 += v15 = rotateRight(v15 ^ (v3 += v7 + m13), 8)), 7);
    v5 = rotateRight(v5 ^ (v10 += v15 = rotateRight(v15 ^ (v0 += v5 + m1), 16)), 12);
    v5 = rotateRight(v5 ^ (v10 += v15 = rotateRight(v15 ^ (v0 += v5 + m11), 8)), 7);
    v6 = rotateRight(v6 ^ (v11 += v12 = rotateRight(v12 ^ (v1 += v6 + m12), 16)), 12);
    v6 = rotateRight(v6 ^ (v11 += v12 = rotateRight(v12 ^ (v1 += v6 + m5), 8)), 7);
    v7 = rotateRight(v7 ^ (v8 += v13 = rotateRight(v13 ^ (v2 += v7 + m9), 16)), 12);
    v7 = rotateRight(v7 ^ (v8 += v13 = rotateRight(v13 ^ (v2 += v7 + m14), 8)), 7);
    v4 = rotateRight(v4 ^ (v9 += v14 = rotateRight(v14 ^ (v3 += v4 + m15), 16)), 12);
    v4 = rotateRight(v4 ^ (v9 += v14 = rotateRight(v14 ^ (v3 += v4 + m8), 8)), 7);
    // round 3
    v4 = rotateRight(v4 ^ (v8 += v12 = rotateRight(v12 ^ (v0 += v4 + m3), 16)), 12);
    v4 = rotateRight(v4 ^ (v8 += v12 = rotateRight(v12 ^ (v0 += v4 + m4), 8)), 7);
    v5 = rotateRight(v5 ^ (v9 += v13 = rotateRight(v13 ^ (v1 += v5 + m10), 16)), 12);
    v5 = rotateRight(v5 ^ (v9 += v13 = rotateRight(v13 ^ (v1 += v5 + m12), 8)), 7);
    v6 = rotateRight(v6 ^ (v10 += v14 = rotateRight(v14 ^ (v2 += v6 + m13), 16)), 12);
    v6 = rotateRight(v6 ^ (v10 += v14 = rotateRight(v14 ^ (v2 += v6 + m2), 8)), 7);
    v7 = rotateRight(v7 ^ (v11 += v15 = rotateRight(v15 ^ (v3 += v7 + m7), 16)), 12);
    v7 = rotateRight(v7 ^ (v11 += v15 = rotateRight(v15 ^ (v3 += v7 + m14), 8)), 7);
    v5 = rotateRight(v5 ^ (v10 += v15 = rotateRight(v15 ^ (v0 += v5 + m6), 16)), 12);
    v5 = rotateRight(v5 ^ (v10 += v15 = rotateRight(v15 ^ (v0 += v5 + m5), 8)), 7);
    v6 = rotateRight(v6 ^ (v11 += v12 = rotateRight(v12 ^ (v1 += v6 + m9), 16)), 12);
    v6 = rotateRight(v6 ^ (v11 += v12 = rotateRight(v12 ^ (v1 += v6 + m0), 8)), 7);
    v7 = rotateRight(v7 ^ (v8 += v13 = rotateRight(v13 ^ (v2 += v7 + m11), 16)), 12);
    v7 = rotateRight(v7 ^ (v8 += v13 = rotateRight(v13 ^ (v2 += v7 + m15), 8)), 7);
    v4 = rotateRight(v4 ^ (v9 += v14 = rotateRight(v14 ^ (v3 += v4 + m8), 16)), 12);
    v4 = rotateRight(v4 ^ (v9 += v14 = rotateRight(v14 ^ (v3 += v4 + m1), 8)), 7);
    // round 4
    v4 = rotateRight(v4 ^ (v8 += v12 = rotateRight(v12 ^ (v0 += v4 + m10), 16)), 12);
    v4 = rotateRight(v4 ^ (v8 += v12 = rotateRight(v12 ^ (v0 += v4 + m7), 8)), 7);
    v5 = rotateRight(v5 ^ (v9 += v13 = rotateRight(v13 ^ (v1 += v5 + m12), 16)), 12);
    v5 = rotateRight(v5 ^ (v9 += v13 = rotateRight(v13 ^ (v1 += v5 + m9), 8)), 7);
    v6 = rotateRight(v6 ^ (v10 += v14 = rotateRight(v14 ^ (v2 += v6 + m14), 16)), 12);
    v6 = rotateRight(v6 ^ (v10 += v14 = rotateRight(v14 ^ (v2 += v6 + m3), 8)), 7);
    v7 = rotateRight(v7 ^ (v11 += v15 = rotateRight(v15 ^ (v3 += v7 + m13), 16)), 12);
    v7 = rotateRight(v7 ^ (v11 += v15 = rotateRight(v15 ^ (v3 += v7 + m15), 8)), 7);
    v5 = rotateRight(v5 ^ (v10 += v15 = rotateRight(v15 ^ (v0 += v5 + m4), 16)), 12);
    v5 = rotateRight(v5 ^ (v10 += v15 = rotateRight(v15 ^ (v0 += v5 + m0), 8)), 7);
    v6 = rotateRight(v6 ^ (v11 += v12 = rotateRight(v12 ^ (v1 += v6 + m11), 16)), 12);
    v6 = rotateRight(v6 ^ (v11 += v12 = rotateRight(v12 ^ (v1 += v6 + m2), 8)), 7);
    v7 = rotateRight(v7 ^ (v8 += v13 = rotateRight(v13 ^ (v2 += v7 + m5), 16)), 12);
    v7 = rotateRight(v7 ^ (v8 += v13 = rotateRight(v13 ^ (v2 += v7 + m8), 8)), 7);
    v4 = rotateRight(v4 ^ (v9 += v14 = rotateRight(v14 ^ (v3 += v4 + m1), 16)), 12);
    v4 = rotateRight(v4 ^ (v9 += v14 = rotateRight(v14 ^ (v3 += v4 + m6), 8)), 7);
    // round 5
    v4 = rotateRight(v4 ^ (v8 += v12 = rotateRight(v12 ^ (v0 += v4 + m12), 16)), 12);
    v4 = rotateRight(v4 ^ (v8 += v12 = rotateRight(v12 ^ (v0 += v4 + m13), 8)), 7);
    v5 = rotateRight(v5 ^ (v9 += v13 = rotateRight(v13 ^ (v1 += v5 + m9), 16)), 12);
    v5 = rotateRight(v5 ^ (v9 += v13 = rotateRight(v13 ^ (v1 += v5 + m11), 8)), 7);
    v6 = rotateRight(v6 ^ (v10 += v14 = rotateRight(v14 ^ (v2 += v6 + m15), 16)), 12);
    v6 = rotateRight(v6 ^ (v10 += v14 = rotateRight(v14 ^ (v2 += v6 + m10), 8)), 7);
    v7 = rotateRight(v7 ^ (v11 += v15 = rotateRight(v15 ^ (v3 += v7 + m14), 16)), 12);
    v7 = rotateRight(v7 ^ (v11 += v15 = rotateRight(v15 ^ (v3 += v7 + m8), 8)), 7);
    v5 = rotateRight(v5 ^ (v10 += v15 = rotateRight(v15 ^ (v0 += v5 + m7), 16)), 12);
    v5 = rotateRight(v5 ^ (v10 += v15 = rotateRight(v15 ^ (v0 += v5 + m2), 8)), 7);
    v6 = rotateRight(v6 ^ (v11 += v12 = rotateRight(v12 ^ (v1 += v6 + m5), 16)), 12);
    v6 = rotateRight(v6 ^ (v11 += v12 = rotateRight(v12 ^ (v1 += v6 + m3), 8)), 7);
    v7 = rotateRight(v7 ^ (v8 += v13 = rotateRight(v13 ^ (v2 += v7 + m0), 16)), 12);
    v7 = rotateRight(v7 ^ (v8 += v13 = rotateRight(v13 ^ (v2 += v7 + m1), 8)), 7);
    v4 = rotateRight(v4 ^ (v9 += v14 = rotateRight(v14 ^ (v3 += v4 + m6), 16)), 12);
    v4 = rotateRight(v4 ^ (v9 += v14 = rotateRight(v14 ^ (v3 += v4 + m4), 8)), 7);
    // round 6
    v4 = rotateRight(v4 ^ (v8 += v12 = rotateRight(v12 ^ (v0 += v4 + m9), 16)), 12);
    v4 = rotateRight(v4 ^ (v8 += v12 = rotateRight(v12 ^ (v0 += v4 + m14), 8)), 7);
    v5 = rotateRight(v5 ^ (v9 += v13 = rotateRight(v13 ^ (v1 += v5 + m11), 16)), 12);
    v5 = rotateRight(v5 ^ (v9 += v13 = rotateRight(v13 ^ (v1 += v5 + m5), 8)), 7);
    v6 = rotateRight(v6 ^ (v10 += v14 = rotateRight(v14 ^ (v2 += v6 + m8), 16)), 12);
    v6 = rotateRight(v6 ^ (v10 += v14 = rotateRight(v14 ^ (v2 += v6 + m12), 8)), 7);
    v7 = rotateRight(v7 ^ (v11 += v15 = rotateRight(v15 ^ (v3 += v7 + m15), 16)), 12);
    v7 = rotateRight(v7 ^ (v11 += v15 = rotateRight(v15 ^ (v3 += v7 + m1), 8)), 7);
    v5 = rotateRight(v5 ^ (v10 += v15 = rotateRight(v15 ^ (v0 += v5 + m13), 16)), 12);
    v5 = rotateRight(v5 ^ (v10 += v15 = rotateRight(v15 ^ (v0 += v5 + m3), 8)), 7);
    v6 = rotateRight(v6 ^ (v11 += v12 = rotateRight(v12 ^ (v1 += v6 + m0), 16)), 12);
    v6 = rotateRight(v6 ^ (v11 += v12 = rotateRight(v12 ^ (v1 += v6 + m10), 8)), 7);
    v7 = rotateRight(v7 ^ (v8 += v13 = rotateRight(v13 ^ (v2 += v7 + m2), 16)), 12);
    v7 = rotateRight(v7 ^ (v8 += v13 = rotateRight(v13 ^ (v2 += v7 + m6), 8)), 7);
    v4 = rotateRight(v4 ^ (v9 += v14 = rotateRight(v14 ^ (v3 += v4 + m4), 16)), 12);
    v4 = rotateRight(v4 ^ (v9 += v14 = rotateRight(v14 ^ (v3 += v4 + m7), 8)), 7);
    // round 7
    v4 = rotateRight(v4 ^ (v8 += v12 = rotateRight(v12 ^ (v0 += v4 + m11), 16)), 12);
    v4 = rotateRight(v4 ^ (v8 += v12 = rotateRight(v12 ^ (v0 += v4 + m15), 8)), 7);
    v5 = rotateRight(v5 ^ (v9 += v13 = rotateRight(v13 ^ (v1 += v5 + m5), 16)), 12);
    v5 = rotateRight(v5 ^ (v9 += v13 = rotateRight(v13 ^ (v1 += v5 + m0), 8)), 7);
    v6 = rotateRight(v6 ^ (v10 += v14 = rotateRight(v14 ^ (v2 += v6 + m1), 16)), 12);
    v6 = rotateRight(v6 ^ (v10 += v14 = rotateRight(v14 ^ (v2 += v6 + m9), 8)), 7);
    v7 = rotateRight(v7 ^ (v11 += v15 = rotateRight(v15 ^ (v3 += v7 + m8), 16)), 12);
    v7 = rotateRight(v7 ^ (v11 += v15 = rotateRight(v15 ^ (v3 += v7 + m6), 8)), 7);
    v5 = rotateRight(v5 ^ (v10 += v15 = rotateRight(v15 ^ (v0 += v5 + m14), 16)), 12);
    v5 = rotateRight(v5 ^ (v10 += v15 = rotateRight(v15 ^ (v0 += v5 + m10), 8)), 7);
    v6 = rotateRight(v6 ^ (v11 += v12 = rotateRight(v12 ^ (v1 += v6 + m2), 16)), 12);
    v6 = rotateRight(v6 ^ (v11 += v12 = rotateRight(v12 ^ (v1 += v6 + m12), 8)), 7);
    v7 = rotateRight(v7 ^ (v8 += v13 = rotateRight(v13 ^ (v2 += v7 + m3), 16)), 12);
    v7 = rotateRight(v7 ^ (v8 += v13 = rotateRight(v13 ^ (v2 += v7 + m4), 8)), 7);
    v4 = rotateRight(v4 ^ (v9 += v14 = rotateRight(v14 ^ (v3 += v4 + m7), 16)), 12);
    v4 = rotateRight(v4 ^ (v9 += v14 = rotateRight(v14 ^ (v3 += v4 + m13), 8)), 7);

    chain[0] = v0 ^ v8;
    chain[1] = v1 ^ v9;
    chain[2] = v2 ^ v10;
    chain[3] = v3 ^ v11;
    chain[4] = v4 ^ v12;
    chain[5] = v5 ^ v13;
    chain[6] = v6 ^ v14;
    chain[7] = v7 ^ v15;
  }
}
