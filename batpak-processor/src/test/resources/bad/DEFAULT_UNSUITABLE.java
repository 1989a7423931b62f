package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(category = 1, type = 1)
record Defaults(
    @Default("") Optional<String> text, // here
    @Default("") Part part) {} // here

record Part(int value) {}
