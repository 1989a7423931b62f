/// One event's bytes.
@NullMarked
package io.batpak.engine.frame;

import org.jspecify.annotations.NullMarked;
