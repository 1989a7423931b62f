package io.batpak.query;

import io.batpak.event.EventLimits;
import io.batpak.event.Names;

/// Which entities a region means.
public sealed interface EntityMatch {

  /// Every entity.
  record Any() implements EntityMatch {}

  /// One entity.
  ///
  /// @param name the entity
  record Exact(String name) implements EntityMatch {

    /// Checks the name.
    public Exact {
      var _ = Names.check("entity", name, EventLimits.NAME_BYTES_MAX);
    }
  }

  /// An entity and everything below it: `order` means `order`, `order:1` and `order/1`, never
  /// `orders`.
  ///
  /// @param name the namespace
  record Namespace(String name) implements EntityMatch {

    /// Checks the name.
    public Namespace {
      var _ = Names.check("namespace", name, EventLimits.NAME_BYTES_MAX);
    }
  }
}
