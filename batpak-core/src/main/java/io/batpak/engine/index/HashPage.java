package io.batpak.engine.index;

import io.batpak.event.Hash;
import org.jspecify.annotations.Nullable;

/// The event hashes of some rows in a row: what a receipt keeps to give the hash when it is asked.
public final class HashPage {

  static final int SHIFT = 8;
  static final int MASK = (1 << SHIFT) - 1;
  static final int WORDS = 4;

  private final long first;
  final long[] words;
  final int[] headerBytes;

  /// Null when all rows have their hash: what a receipt keeps alive is then this page only.
  private volatile @Nullable HashColumn column;

  HashPage(HashColumn column, long first) {
    this.first = first;
    this.words = new long[WORDS << SHIFT];
    this.headerBytes = new int[1 << SHIFT];
    this.column = column;
  }

  private HashPage(long sequence, Hash hash) {
    this.first = sequence;
    this.words = new long[] {hash.word0(), hash.word1(), hash.word2(), hash.word3()};
    this.headerBytes = new int[0];
  }

  /// {@return a page of one event whose hash is known}
  ///
  /// @param sequence the event
  /// @param hash its hash
  public static HashPage of(long sequence, Hash hash) {
    return new HashPage(sequence, hash);
  }

  void complete() {
    column = null;
  }

  Hash hash(long sequence) {
    HashColumn open = column;
    int row = (int) (sequence - first);
    return open == null ? read(row) : open.hash(open.rowOf(sequence));
  }

  Hash read(int row) {
    int at = row * WORDS;
    return new Hash(words[at], words[at + 1], words[at + 2], words[at + 3]);
  }
}
