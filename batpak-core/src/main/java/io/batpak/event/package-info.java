/// What is stored: identifiers, kinds, coordinates, times, hashes and the header that carries them.
@NullMarked
package io.batpak.event;

import org.jspecify.annotations.NullMarked;
