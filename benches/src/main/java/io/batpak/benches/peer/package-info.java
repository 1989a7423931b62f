/// Peers: other embedded logs and stores, each used as its own documentation says.
@NullMarked
package io.batpak.benches.peer;

import org.jspecify.annotations.NullMarked;
