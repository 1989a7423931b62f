package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(category = 1, type = 1, version = 0) // here
record Zero(int value) {}
