/// What a payload declares, without any type of the compiler.
@NullMarked
package io.batpak.processor.model;

import org.jspecify.annotations.NullMarked;
