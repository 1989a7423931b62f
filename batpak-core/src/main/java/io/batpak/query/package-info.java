/// Which events are meant: regions.
@NullMarked
package io.batpak.query;

import org.jspecify.annotations.NullMarked;
