package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(category = 1, type = 0) // here
record Zero(int value) {}
