/// The store itself: as a subject of the load, and the surfaces that only it has.
@NullMarked
package io.batpak.benches.store;

import org.jspecify.annotations.NullMarked;
