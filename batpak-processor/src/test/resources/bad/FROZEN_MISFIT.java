package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(category = 1, type = 1)
record Narrowed(
    String text,
    int value) {} // here

@EventPayload(category = 1, type = 2)
record Extended(
    int value,
    String added) {} // here
