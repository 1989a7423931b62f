package io.batpak.engine.platform;

/// Everything a store needs from outside.
///
/// @param disk the store directory
/// @param clock time
/// @param threads background work and waiting
/// @param entropy randomness for ids
public record Platform(Disk disk, Clock clock, Threads threads, Entropy entropy) {}
