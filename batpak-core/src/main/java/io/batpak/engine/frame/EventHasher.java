package io.batpak.engine.frame;

import io.batpak.event.Hash;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Works out event hashes from the bytes of frames: Blake3 of the header followed by the content
/// hash.
///
/// A few frames are hashed one after the other, many side by side (EventHasherBench). Frames too
/// long for that are hashed alone. Not thread-safe; an instance keeps about half a megabyte.
public final class EventHasher {

  private static final int LANES = 256;
  private static final int LANES_SMALL = 32;

  /// Fewer frames than this are faster one after the other.
  private static final int LANES_WORTH = 10;

  /// Longest header with its content hash, and longest payload, that is hashed beside others.
  private static final int STRIDE = 256;

  private static final int HASH_WORDS = 4;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final Blake3 blake3 = new Blake3();
  private final Blake3Lanes large = new Blake3Lanes(LANES);
  private final Blake3Lanes small = new Blake3Lanes(LANES_SMALL);
  private final byte[] headers = new byte[LANES * STRIDE];
  private final byte[] payloads = new byte[LANES * STRIDE];
  private final int[] headerBytes = new int[LANES];
  private final int[] payloadBytes = new int[LANES];
  private final long[] hashes = new long[LANES * HASH_WORDS];
  private final byte[] content = new byte[Hash.BYTES];

  /// Creates a hasher.
  public EventHasher() {}

  /// What is known of the frames' rows, and what takes their hashes.
  public interface Rows {

    /// {@return the length of the header of a row's frame}
    ///
    /// @param row which
    int headerBytes(int row);

    /// Takes the hash of a row, as four big-endian words.
    ///
    /// @param row which
    /// @param word0 bytes 0 to 7
    /// @param word1 bytes 8 to 15
    /// @param word2 bytes 16 to 23
    /// @param word3 bytes 24 to 31
    void hash(int row, long word0, long word1, long word2, long word3);
  }

  /// {@return the event hash of one frame}
  ///
  /// @param frames holds it
  /// @param start where the frame begins
  /// @param headerBytes the length of its header
  public Hash hash(byte[] frames, int start, int headerBytes) {
    return hash(blake3, frames, start, headerBytes, content);
  }

  /// {@return the event hash of one frame, without an instance}
  ///
  /// @param frames holds it
  /// @param start where the frame begins
  /// @param headerBytes the length of its header
  public static Hash hashOf(byte[] frames, int start, int headerBytes) {
    return hash(new Blake3(), frames, start, headerBytes, new byte[Hash.BYTES]);
  }

  private static Hash hash(
      Blake3 blake3, byte[] frames, int start, int headerBytes, byte[] content) {
    int header = start + FrameLayout.BODY_OFFSET + FrameLayout.HEADER_OFFSET;
    int payload = header + headerBytes;
    int byteCount = payloadBytes(frames, start, headerBytes);
    if (ErasedPayload.matches(frames, payload, byteCount)) {
      System.arraycopy(frames, payload + ErasedPayload.HASH_OFFSET, content, 0, Hash.BYTES);
    } else {
      blake3.hash(frames, payload, byteCount, content, 0);
    }
    // An error of a caller's stack may have ended an earlier message.
    blake3.reset();
    blake3.update(frames, header, headerBytes).update(content, 0, Hash.BYTES).digest(content, 0);
    return Hash.read(content, 0);
  }

  private static int payloadBytes(byte[] frames, int start, int headerBytes) {
    return FrameLayout.length(frames, start) - FrameLayout.HEADER_OFFSET - headerBytes;
  }

  /// Hashes whole frames that stand back to back from the start of an array.
  ///
  /// @param frames holds them
  /// @param end where they end
  /// @param firstRow the row of the first
  /// @param rows gives and takes what belongs to each
  /// @return the row behind the last
  public int hashAll(byte[] frames, int end, int firstRow, Rows rows) {
    int row = firstRow;
    int at = 0;
    while (at < end) {
      int count = 0;
      while (at < end && count < LANES && taken(frames, at, rows.headerBytes(row + count), count)) {
        at += FrameLayout.frameBytes(FrameLayout.length(frames, at));
        count++;
      }
      if (count == 0) {
        Hash hash = hash(frames, at, rows.headerBytes(row));
        rows.hash(row, hash.word0(), hash.word1(), hash.word2(), hash.word3());
        at += FrameLayout.frameBytes(FrameLayout.length(frames, at));
        row++;
      } else {
        hashTaken(row, count, rows);
        row += count;
      }
    }
    return row;
  }

  /// Takes a frame beside others, if it is short enough and its payload is there.
  private boolean taken(byte[] frames, int start, int header, int lane) {
    int payload = payloadBytes(frames, start, header);
    if (header + Hash.BYTES > STRIDE
        || payload > STRIDE
        || ErasedPayload.matches(
            frames,
            start + FrameLayout.BODY_OFFSET + FrameLayout.HEADER_OFFSET + header,
            payload)) {
      return false;
    }
    int at = start + FrameLayout.BODY_OFFSET + FrameLayout.HEADER_OFFSET;
    place(frames, at, header, headers, lane);
    headerBytes[lane] = header + Hash.BYTES;
    place(frames, at + header, payload, payloads, lane);
    payloadBytes[lane] = payload;
    return true;
  }

  /// Zeros up to the end of the stride: a lane reads whole blocks.
  private static void place(byte[] frames, int at, int byteCount, byte[] lanes, int lane) {
    int start = lane * STRIDE;
    System.arraycopy(frames, at, lanes, start, byteCount);
    Arrays.fill(lanes, start + byteCount, start + STRIDE, (byte) 0);
  }

  private void hashTaken(int row, int count, Rows rows) {
    hashLanes(payloads, payloadBytes, count);
    for (int lane = 0; lane < count; lane++) {
      int end = lane * STRIDE + headerBytes[lane] - Hash.BYTES;
      for (int word = 0; word < HASH_WORDS; word++) {
        LONG.set(headers, end + word * Long.BYTES, hashes[lane * HASH_WORDS + word]);
      }
    }
    hashLanes(headers, headerBytes, count);
    for (int lane = 0; lane < count; lane++) {
      int word = lane * HASH_WORDS;
      rows.hash(row + lane, hashes[word], hashes[word + 1], hashes[word + 2], hashes[word + 3]);
    }
  }

  private void hashLanes(byte[] source, int[] lengths, int count) {
    if (count < LANES_WORTH) {
      for (int lane = 0; lane < count; lane++) {
        blake3.hash(source, lane * STRIDE, lengths[lane], content, 0);
        for (int word = 0; word < HASH_WORDS; word++) {
          hashes[lane * HASH_WORDS + word] = (long) LONG.get(content, word * Long.BYTES);
        }
      }
    } else {
      Blake3Lanes lanes = count <= LANES_SMALL ? small : large;
      lanes.hash(source, STRIDE, lengths, count, hashes);
    }
  }
}
