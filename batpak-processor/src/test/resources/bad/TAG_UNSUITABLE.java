package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(category = 1, type = 1)
record Tagged(
    @Tag double number, // here
    @Tag List<String> list, // here
    Part part) {}

record Part(
    @Tag String within) {} // here
