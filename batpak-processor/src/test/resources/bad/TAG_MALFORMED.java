package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(category = 1, type = 1)
record Tagged(
    @Tag("a:b") String colon, // here
    @Tag("a\nb") String control) {} // here
