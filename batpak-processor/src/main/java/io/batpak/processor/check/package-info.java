/// Everything that a declaration can have wrong.
@NullMarked
package io.batpak.processor.check;

import org.jspecify.annotations.NullMarked;
