/// Floors: the least that a file can do, without anything that makes a store.
@NullMarked
package io.batpak.benches.floor;

import org.jspecify.annotations.NullMarked;
