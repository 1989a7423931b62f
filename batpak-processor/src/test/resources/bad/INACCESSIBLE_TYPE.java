package bad;

import io.batpak.annotations.*;
import java.util.*;

final class Outer {
  @EventPayload(category = 1, type = 1)
  record Seen(
      Unseen unseen) {} // here

  private record Unseen(int value) {}
}
