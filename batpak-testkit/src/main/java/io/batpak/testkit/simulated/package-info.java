/// The outside of a store as a simulation: a disk, a clock, threads and entropy that do exactly
/// what a test wants, and no more than the interfaces of `io.batpak.engine.platform` promise.
@NullMarked
package io.batpak.testkit.simulated;

import org.jspecify.annotations.NullMarked;
