/// Sample bytes of every payload version, kept beside the sources so that old events keep decoding.
@NullMarked
package io.batpak.processor.frozen;

import org.jspecify.annotations.NullMarked;
