/// Which events are meant: regions, and queries of several.
@NullMarked
package io.batpak.query;

import org.jspecify.annotations.NullMarked;
