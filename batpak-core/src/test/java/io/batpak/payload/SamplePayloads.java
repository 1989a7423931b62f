package io.batpak.payload;

import io.batpak.annotations.Default;
import io.batpak.annotations.EventPayload;
import io.batpak.annotations.Tag;
import io.batpak.annotations.Upcast;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Payloads that have, between them, every component type.
final class SamplePayloads {

  private SamplePayloads() {}

  enum Color {
    RED,
    GREEN,
    BLUE {
      @Override
      public String toString() {
        return "the blue one";
      }
    }
  }

  record Line(String article, int count, Optional<BigDecimal> price) {}

  sealed interface Shape {
    record Circle(double radius) implements Shape {}

    record Group(String name, List<Shape> parts) implements Shape {}

    record Nothing() implements Shape {}
  }

  @EventPayload(category = 0xE, type = 0x001)
  record Six(String customer, long cents, int count, boolean paid, Instant at, Color color) {}

  @EventPayload(category = 0xE, type = 0x002)
  record Primitives(
      boolean aBoolean,
      byte aByte,
      short aShort,
      int anInt,
      long aLong,
      char aChar,
      float aFloat,
      double aDouble) {}

  @EventPayload(category = 0xE, type = 0x003)
  record Boxes(
      Boolean aBoolean,
      Byte aByte,
      Short aShort,
      Integer anInt,
      Long aLong,
      Character aChar,
      Float aFloat,
      Double aDouble) {}

  @EventPayload(category = 0xE, type = 0x004)
  record Scalars(
      String text,
      UUID id,
      Instant at,
      Duration duration,
      LocalDate date,
      BigDecimal decimal,
      BigInteger integer,
      Color color) {}

  @SuppressWarnings("ArrayRecordComponent")
  @EventPayload(category = 0xE, type = 0x005)
  record Bytes(byte[] bytes, List<byte[]> more) {}

  @EventPayload(category = 0xE, type = 0x006)
  record Collections(
      List<Integer> integers,
      Set<String> strings,
      Map<String, Long> longs,
      Optional<List<Line>> lines,
      Map<String, Set<Color>> colors,
      List<List<Optional<Byte>>> deep,
      Set<UUID> ids) {}

  @EventPayload(category = 0xE, type = 0x007)
  record Tree(String name, List<Tree> children, Shape shape, Optional<Shape> other) {}

  @EventPayload(category = 0xE, type = 0x008)
  record Defaults(
      @Default("true") boolean aBoolean,
      @Default("-7") byte aByte,
      @Default("300") short aShort,
      @Default("-70000") int anInt,
      @Default("5000000000") long aLong,
      @Default("\u20ac") char aChar,
      @Default("1.5") float aFloat,
      @Default("-0.1") double aDouble,
      @Default("a \"b\"\\\n\u0001\u20ac\u0085") String text,
      @Default("123e4567-e89b-12d3-a456-426614174000") UUID id,
      @Default("1969-12-31T23:59:59.5Z") Instant at,
      @Default("PT-1.5S") Duration duration,
      @Default("2024-02-29") LocalDate date,
      @Default("1.10") BigDecimal decimal,
      @Default("123456789012345678901234567890") BigInteger integer,
      @Default("BLUE") Color color,
      @Default("") List<Line> lines,
      @Default("") Set<String> names,
      @Default("") Map<String, Line> byName,
      Optional<Shape> shape) {}

  @EventPayload(category = 0xE, type = 0x009)
  record Tagged(
      @Tag String customer,
      @Tag("colour") Color color,
      @Tag Optional<UUID> id,
      @Tag Long number,
      String plain) {}

  @EventPayload(category = 0xE, type = 0x00A)
  record Empty() {}

  /// Its component names are those of the generated code's own variables.
  @EventPayload(category = 0xE, type = 0x00B)
  record Awkward(int in, long out, String seen, int field, int left, String value, int in_) {}

  @EventPayload(category = 0xE, type = 0x00C)
  record MovedV1(String name) {}

  @EventPayload(category = 0xE, type = 0x00C, version = 2)
  record MovedV2(String first, String last) {
    @Upcast
    static MovedV2 of(MovedV1 before) {
      int space = before.name().indexOf(' ');
      return new MovedV2(before.name().substring(0, space), before.name().substring(space + 1));
    }
  }

  @EventPayload(category = 0xE, type = 0x00C, version = 3)
  record Moved(String first, String last, Optional<Color> color) {
    @Upcast
    static Moved of(MovedV2 before) {
      return new Moved(before.first(), before.last(), Optional.empty());
    }
  }

  /// Its constructor refuses some values.
  @EventPayload(category = 0xE, type = 0x00D)
  record Positive(int value) {
    Positive {
      if (value <= 0) {
        throw new IllegalArgumentException("value " + value + " is not positive");
      }
    }
  }
}
