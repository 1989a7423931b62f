package io.batpak.testkit;

import io.batpak.Store;
import org.jspecify.annotations.Nullable;

/// Code under test that reads a store, decides, and appends or does not.
///
/// @param <T> what its caller is told
@FunctionalInterface
public interface Decision<T extends @Nullable Object> {

  /// Decides. A [Scenario] calls it again and again, each time with another store.
  ///
  /// @param store holds what was given
  /// @return what its caller is told
  /// @throws Exception if it refuses in this way
  T decide(Store store) throws Exception;
}
