package io.batpak.engine.search;

import io.batpak.engine.index.NameKey;
import io.batpak.engine.index.Postings;
import io.batpak.engine.index.SegmentIndex;

/// A condition of a region that is one look-up in a segment. A namespace and a category are
/// several.
sealed interface Lookup {

  /// {@return the rows of a segment that meet it}
  Postings in(SegmentIndex index);

  /// {@return whether a row meets it}
  boolean holds(SegmentIndex index, int row);

  /// One entity.
  record OfEntity(NameKey name) implements Lookup {

    @Override
    public Postings in(SegmentIndex index) {
      return index.ofEntity(name);
    }

    @Override
    public boolean holds(SegmentIndex index, int row) {
      return index.entity(row).equals(name.text());
    }
  }

  /// One scope.
  record OfScope(NameKey name) implements Lookup {

    @Override
    public Postings in(SegmentIndex index) {
      return index.ofScope(name);
    }

    @Override
    public boolean holds(SegmentIndex index, int row) {
      return index.scope(row).equals(name.text());
    }
  }

  /// One kind.
  record OfKind(int bits) implements Lookup {

    @Override
    public Postings in(SegmentIndex index) {
      return index.ofKind(bits);
    }

    @Override
    public boolean holds(SegmentIndex index, int row) {
      return index.kind(row) == bits;
    }
  }

  /// One tag.
  record WithTag(NameKey name) implements Lookup {

    @Override
    public Postings in(SegmentIndex index) {
      return index.withTag(name);
    }

    @Override
    public boolean holds(SegmentIndex index, int row) {
      return index.withTag(name).contains(row);
    }
  }
}
