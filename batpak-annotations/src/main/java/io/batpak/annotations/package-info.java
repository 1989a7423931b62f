/// What a payload says of itself, read by the annotation processor at compile time and by nobody at
/// run time.
package io.batpak.annotations;
