/// The annotation processor: read the declarations, check them, write their codecs.
@NullMarked
package io.batpak.processor;

import org.jspecify.annotations.NullMarked;
