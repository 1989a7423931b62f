/// Tests of code that uses a store: in memory, repeatable, with the faults of a real disk.
@NullMarked
package io.batpak.testkit;

import org.jspecify.annotations.NullMarked;
