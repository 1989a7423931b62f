package bad;

import io.batpak.annotations.*;
import java.util.*;

final class Outer {
  @EventPayload(category = 1, type = 1)
  private record Hidden(int value) {} // here

  private static final class Inner {
    @EventPayload(category = 1, type = 2)
    record Within(int value) {} // here
  }
}
