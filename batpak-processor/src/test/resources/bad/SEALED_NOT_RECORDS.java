package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(category = 1, type = 1)
record Drawn(Shape shape) {}

sealed interface Shape permits Circle, Square {} // here

record Circle(double radius) implements Shape {}

final class Square implements Shape {}
