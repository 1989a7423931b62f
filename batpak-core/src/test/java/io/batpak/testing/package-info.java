/// What tests share: seeded randomness that shrinks.
@NullMarked
package io.batpak.testing;

import org.jspecify.annotations.NullMarked;
