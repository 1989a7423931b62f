package io.batpak.query;

import io.batpak.event.EventKind;
import java.util.Objects;

/// Which kinds a region means.
public sealed interface KindMatch {

  /// Every kind.
  record Any() implements KindMatch {}

  /// One kind.
  ///
  /// @param kind the kind
  record Exact(EventKind kind) implements KindMatch {

    /// Refuses null.
    public Exact {
      Objects.requireNonNull(kind);
    }
  }

  /// All kinds of a category.
  ///
  /// @param category 0x0 to 0xF
  record Category(int category) implements KindMatch {

    /// Checks the range.
    public Category {
      if (category < 0 || category > 0xF) {
        throw new IllegalArgumentException("category " + category + " is outside 0x0..0xF");
      }
    }
  }
}
