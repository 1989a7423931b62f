/// Everything that can go wrong and is not an ordinary answer, as types with fields.
///
/// @serial exclude
@NullMarked
package io.batpak.failure;

import org.jspecify.annotations.NullMarked;
