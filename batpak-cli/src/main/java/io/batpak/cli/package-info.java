/// The command line: looks at a store's directory and changes nothing.
@NullMarked
package io.batpak.cli;

import org.jspecify.annotations.NullMarked;
