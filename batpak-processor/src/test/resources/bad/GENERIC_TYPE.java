package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(category = 1, type = 1)
record Pairs(
    Pair<String> pair) {} // here

record Pair<T>(T left, T right) {}
