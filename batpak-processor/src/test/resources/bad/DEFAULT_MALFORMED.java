package bad;

import io.batpak.annotations.*;
import java.util.*;

import java.time.*;

@EventPayload(category = 1, type = 1)
record Defaults(
    @Default("300") byte aByte, // here
    @Default("yes") boolean aBoolean, // here
    @Default("ab") char aChar, // here
    @Default("1,5") double aDouble, // here
    @Default("yesterday") Instant at, // here
    @Default("1-2-3-4-5") UUID id, // here
    @Default("PINK") Color color, // here
    @Default("[]") List<String> list, // here
    @Default("00") byte[] bytes) {} // here

enum Color {
  RED,
  GREEN
}
