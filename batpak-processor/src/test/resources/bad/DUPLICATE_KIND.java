package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(category = 1, type = 1)
record One(int value) {}

@EventPayload(category = 1, type = 1)
record Other(int value) {} // here
