package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(category = 1, type = 1)
record One(int value) {}

@EventPayload(category = 1, type = 1, version = 3)
record Three(int value) {
  @Upcast
  static Three of(One before) { // here
    return new Three(before.value());
  }
}

@EventPayload(category = 1, type = 2, version = 2)
record Other(int value) {
  @Upcast
  static Other of(One before) { // here
    return new Other(before.value());
  }
}

@EventPayload(category = 1, type = 3, version = 2)
record Plain(int value) {
  @Upcast
  static Plain of(String before) { // here
    return new Plain(before.length());
  }
}
