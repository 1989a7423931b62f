/// The demo: every change of every time zone's offset as an event, checked against the platform.
@NullMarked
package io.batpak.examples.zones;

import org.jspecify.annotations.NullMarked;
