package good;

import io.batpak.annotations.EventPayload;
import java.util.List;
import java.util.Map;
import java.util.Set;

final class Shapes {

  sealed interface Shape permits Circle, Group {}

  record Circle(double radius) implements Shape {}

  record Group(List<Shape> parts) implements Shape {}

  /// Its own classes are called like those that generated code imports.
  record Optional(boolean there) {}

  record List_(int count) {}

  @EventPayload(category = 0xF, type = 0xFFF)
  record Drawn(Shape shape, Map<String, Set<Byte>> layers, Optional optional, Set<List_> lists) {}

  @EventPayload(category = 0xF, type = 1)
  record Cleared() {}
}
