/// Region → segments → postings → rows.
@NullMarked
package io.batpak.engine.search;

import org.jspecify.annotations.NullMarked;
