/// Annotated source → model, with problems reported at the source element.
@NullMarked
package io.batpak.processor.read;

import org.jspecify.annotations.NullMarked;
