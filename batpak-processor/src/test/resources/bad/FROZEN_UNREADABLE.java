package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(category = 1, type = 1)
record Garbled(int value) {} // here

@EventPayload(category = 1, type = 2)
record CutOff(int value) {} // here
