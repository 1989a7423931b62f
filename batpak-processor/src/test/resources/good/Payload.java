package good;

import io.batpak.annotations.EventPayload;
import io.batpak.annotations.Upcast;
import java.util.List;

/// Its codec is called like the interface that it implements.
@EventPayload(category = 4, type = 1, version = 2)
record Payload(int in, List<String> seen) {

  @Upcast
  static Payload of(First before) {
    return new Payload(before.in(), List.of());
  }

  @EventPayload(category = 4, type = 1)
  record First(int in) {}
}
