/// Model → text of the generated sources.
@NullMarked
package io.batpak.processor.write;

import org.jspecify.annotations.NullMarked;
