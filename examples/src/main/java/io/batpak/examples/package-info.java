/// Small programs, one idea each.
@NullMarked
package io.batpak.examples;

import org.jspecify.annotations.NullMarked;
