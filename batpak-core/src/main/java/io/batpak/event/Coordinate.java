package io.batpak.event;

/// Where an event lives: the entity whose chain it extends, and the scope it belongs to.
///
/// Both are names of 1 to 1 024 bytes of UTF-8 without control characters; `/` and `:` separate
/// namespaces. The prefix `batpak:` is the library's own.
///
/// @param entity the stream key
/// @param scope the group the entity is seen in
public record Coordinate(String entity, String scope) {

  /// Checks both names.
  ///
  /// @throws io.batpak.failure.InvalidName if a name is empty, has control characters or unpaired
  ///   surrogates
  /// @throws io.batpak.failure.LimitExceeded if a name is too long
  public Coordinate {
    Names.check("entity", entity, EventLimits.NAME_BYTES_MAX);
    Names.check("scope", scope, EventLimits.NAME_BYTES_MAX);
  }

  /// {@return the coordinate}
  ///
  /// @param entity the stream key
  /// @param scope the group the entity is seen in
  public static Coordinate of(String entity, String scope) {
    return new Coordinate(entity, scope);
  }

  @Override
  public String toString() {
    return entity + "@" + scope;
  }
}
