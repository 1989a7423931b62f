/// Single steps of an append or a read, measured by JMH.
@NullMarked
package io.batpak.benches.jmh;

import org.jspecify.annotations.NullMarked;
