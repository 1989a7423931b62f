package io.batpak.engine.index;

import io.batpak.engine.frame.EventHasher;
import io.batpak.engine.frame.FrameEncoder;
import io.batpak.event.Hash;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The event hashes of a segment being written, with the lengths of the headers that they are
/// worked out from.
///
/// An event hash is a function of bytes that are fixed when the frame has been encoded, so nothing
/// waits for it but the entity's next event. Rows below {@link #ready} have theirs; the others get
/// it from the {@link Source}, in order. Pages are published by the visible end like all columns;
/// hashes by `ready`, with release semantics.
public final class HashColumn implements EventHasher.Rows {

  private static final VarHandle READY;

  static {
    try {
      READY = MethodHandles.lookup().findVarHandle(HashColumn.class, "ready", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// Works out hashes that are not there yet.
  public interface Source {

    /// {@return the event hash of a row}
    ///
    /// @param row a row whose frame has been written
    Hash hash(int row);
  }

  private final long first;
  private volatile HashPage[] pages = new HashPage[16];
  private int pageCount;

  @SuppressWarnings("unused") // through READY
  private int ready;

  private volatile @Nullable Source source;

  HashColumn(long first) {
    this.first = first;
  }

  /// Sets who works out hashes.
  ///
  /// @param source for rows at or above {@link #ready}
  public void source(Source source) {
    this.source = source;
  }

  /// {@return how many rows have their hash}
  public int ready() {
    return (int) READY.getAcquire(this);
  }

  void reserve(int rows) {
    while (rows > pageCount << HashPage.SHIFT) {
      if (pageCount == pages.length) {
        pages = Arrays.copyOf(pages, pageCount * 2);
      }
      pages[pageCount] = new HashPage(this, first + ((long) pageCount << HashPage.SHIFT));
      pageCount++;
    }
  }

  HashPage page(int row) {
    return pages[row >>> HashPage.SHIFT];
  }

  @Override
  public int headerBytes(int row) {
    return page(row).headerBytes[row & HashPage.MASK];
  }

  int rowOf(long sequence) {
    return (int) (sequence - first);
  }

  /// {@return the event hash of a row}
  ///
  /// @param row a row whose frame has been written
  public Hash hash(int row) {
    if (row < ready()) {
      return page(row).read(row & HashPage.MASK);
    }
    Source known = source;
    if (known == null) {
      throw new AssertionError("row " + row + " has no hash, and nobody works it out");
    }
    return known.hash(row);
  }

  /// Hands over a hash that is there.
  ///
  /// @param row below {@link #ready}
  /// @param stamp gets it as the previous hash
  public void previous(int row, FrameEncoder.Stamp stamp) {
    long[] words = page(row).words;
    int at = (row & HashPage.MASK) * HashPage.WORDS;
    stamp.previous(words[at], words[at + 1], words[at + 2], words[at + 3]);
  }

  @Override
  public void hash(int row, long word0, long word1, long word2, long word3) {
    long[] words = page(row).words;
    int at = (row & HashPage.MASK) * HashPage.WORDS;
    words[at] = word0;
    words[at + 1] = word1;
    words[at + 2] = word2;
    words[at + 3] = word3;
  }

  /// Adds a hash that is known, behind the others.
  ///
  /// @param hash of the row behind those that have theirs
  public void add(Hash hash) {
    int row = ready();
    hash(row, hash.word0(), hash.word1(), hash.word2(), hash.word3());
    publish(row + 1);
  }

  /// Publishes hashes. For one thread at a time.
  ///
  /// @param rows how many rows have theirs now
  public void publish(int rows) {
    int before = ready();
    READY.setRelease(this, rows);
    for (int page = before >>> HashPage.SHIFT; page < rows >>> HashPage.SHIFT; page++) {
      pages[page].complete();
    }
  }

  /// Notes that no row is added any more: receipts keep their page alive and no more than that.
  ///
  /// All rows have their hash.
  public void end() {
    source = null;
    for (int page = 0; page < pageCount; page++) {
      pages[page].complete();
    }
  }
}
