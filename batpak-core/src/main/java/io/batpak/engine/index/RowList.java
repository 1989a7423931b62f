package io.batpak.engine.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// A growing list of rows with one writer and any number of readers.
///
/// The writer stores the array, then the element, then the count; a reader loads the count, then
/// the array, so that the array it sees holds at least that many. What a count promises a reader is
/// bounded by the visible end besides.
final class RowList implements Postings {

  private static final int FIRST_CAPACITY = 4;

  private static final VarHandle ROWS;
  private static final VarHandle COUNT;

  static {
    try {
      ROWS = MethodHandles.lookup().findVarHandle(RowList.class, "rows", int[].class);
      COUNT = MethodHandles.lookup().findVarHandle(RowList.class, "count", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private int[] rows = new int[FIRST_CAPACITY];
  private int count;

  @Override
  public int count() {
    return (int) COUNT.getAcquire(this);
  }

  @Override
  public int row(int i) {
    return ((int[]) ROWS.getAcquire(this))[i];
  }

  /// Makes room for more, so that {@link #add} cannot fail.
  void reserve(int more) {
    int needed = count + more;
    if (needed > rows.length) {
      ROWS.setRelease(
          this, Arrays.copyOf(rows, Math.max(needed, rows.length + (rows.length >> 1))));
    }
  }

  void add(int row) {
    int at = count;
    rows[at] = row;
    COUNT.setRelease(this, at + 1);
  }
}
