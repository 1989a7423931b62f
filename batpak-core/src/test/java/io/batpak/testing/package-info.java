/// What tests share: seeded randomness that shrinks, waiting, and the measures of the house.
@NullMarked
package io.batpak.testing;

import org.jspecify.annotations.NullMarked;
