package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(category = 1, type = 1)
record Tagged(
    @Tag String customer,
    @Tag("customer") String other) {} // here
