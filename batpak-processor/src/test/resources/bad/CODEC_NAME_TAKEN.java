package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(category = 1, type = 1)
record Taken(int value) {} // here

final class TakenCodec {}
