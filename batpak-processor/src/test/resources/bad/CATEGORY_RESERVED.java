package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(category = 0x0, type = 1) // here
record System(int value) {}

@EventPayload(category = 0xD, type = 1) // here
record Effect(int value) {}
