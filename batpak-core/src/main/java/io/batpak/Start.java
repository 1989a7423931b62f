package io.batpak;

/// Where an entity is before its first state. See {@link After}.
public final class Start {

  private Start() {}
}
