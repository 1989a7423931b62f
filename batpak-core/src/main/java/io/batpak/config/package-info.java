/// Every setting of a store, as records.
@NullMarked
package io.batpak.config;

import org.jspecify.annotations.NullMarked;
