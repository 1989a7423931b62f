package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(category = 1, type = 1)
record One(int value) {}

@EventPayload(category = 1, type = 1, version = 2)
record Two(int value) {
  @Upcast
  static One of(One before) { // here
    return before;
  }
}

@EventPayload(category = 1, type = 1, version = 3)
record Three(int value) {
  @Upcast
  private static Three of(Two before) { // here
    return new Three(before.value());
  }
}
