/// What tests share: seeded randomness that shrinks, and a simulated outside that crashes.
@NullMarked
package io.batpak.testing;

import org.jspecify.annotations.NullMarked;
