/// Load harness: whole shapes of appending, measured beside their floors and peers in one run.
///
/// {@link io.batpak.benches.Bench} plans and prints, a {@link io.batpak.benches.Trial} measures one
/// subject in one shape in a JVM of its own, {@link io.batpak.benches.Entrants} is the list of who
/// takes part.
@NullMarked
package io.batpak.benches;

import org.jspecify.annotations.NullMarked;
