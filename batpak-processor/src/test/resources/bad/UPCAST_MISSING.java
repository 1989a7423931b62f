package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(category = 1, type = 1)
record One(int value) {}

@EventPayload(category = 1, type = 1, version = 2)
record Two(int value) {} // here
