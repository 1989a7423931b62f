package io.batpak.processor.model;

/// The way from the version before.
///
/// @param source the payload record of the version before
/// @param method the static method of the newer record that takes it
public record Upcaster(TypeName source, String method) {}
