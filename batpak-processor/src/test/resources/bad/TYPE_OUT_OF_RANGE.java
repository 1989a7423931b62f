package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(
    category = 1,
    type = 0x1000) // here
record TooLarge(int value) {}
