package io.batpak.processor.model;

/// What a component takes when its field is missing.
///
/// @param value the boxed primitive, the string, the enum constant's name, the value of
///   `java.time`, `java.util` or `java.math`, or the empty string for anything empty
public record Fallback(Object value) {}
