/// The outside as interfaces: disk, clock, threads, entropy. Nothing else in the project says
/// `FileChannel`, `System.nanoTime` or `Thread`, so that a simulation can replace all of it.
///
/// Each interface has two implementations: the real one beside it, and the simulated one in the
/// test kit, the only other module that sees this package.
@NullMarked
package io.batpak.engine.platform;

import org.jspecify.annotations.NullMarked;
