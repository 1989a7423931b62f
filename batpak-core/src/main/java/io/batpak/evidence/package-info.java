/// What a store says of itself: reports of opening and of verification.
@NullMarked
package io.batpak.evidence;

import org.jspecify.annotations.NullMarked;
