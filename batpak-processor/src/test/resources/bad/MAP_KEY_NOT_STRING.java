package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(category = 1, type = 1)
record Keys(
    Map<Integer, String> integers, // here
    List<Map<UUID, String>> ids) {} // here
