package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(
    category = 0x10, // here
    type = 1)
record TooLarge(int value) {}

@EventPayload(category = -1, type = 1) // here
record Negative(int value) {}
