/// What is done to a log beside appending and reading: it is verified.
@NullMarked
package io.batpak.engine.upkeep;

import org.jspecify.annotations.NullMarked;
