package io.batpak.engine.index;

/// The rows that share a property, ascending, without duplicates.
public interface Postings {

  /// No rows.
  Postings NONE =
      new Postings() {
        @Override
        public int count() {
          return 0;
        }

        @Override
        public int row(int i) {
          throw new IndexOutOfBoundsException(i);
        }
      };

  /// {@return how many rows}
  int count();

  /// {@return one of the rows}
  ///
  /// @param i 0 to count - 1
  int row(int i);

  /// {@return how many of the rows are below a row, by binary search}
  ///
  /// @param row any row
  default int countBelow(int row) {
    int low = 0;
    int high = count();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (row(middle) < row) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// {@return whether a row is among them, by binary search}
  ///
  /// @param row any row
  default boolean contains(int row) {
    int i = countBelow(row);
    return i < count() && row(i) == row;
  }
}
