package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(category = 1, type = 1)
record One(int value) {
  @Upcast
  static One of(String before) { // here
    return new One(before.length());
  }
}

@EventPayload(category = 1, type = 1, version = 2)
record Two(int value) {
  @Upcast
  static Two of(One before) {
    return new Two(before.value());
  }

  @Upcast
  static Two again(One before) { // here
    return new Two(before.value());
  }
}
