package io.batpak.payload;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Random values of any type that a payload may have, made by reflection from its declaration.
final class Specimens {

  private final RandomGenerator random;
  private final int size;
  private int depth;

  Specimens(RandomGenerator random, int size) {
    this.random = random;
    this.size = size;
  }

  <T extends Record> T any(Class<T> type) {
    return type.cast(record(type));
  }

  private Object value(Type type) {
    if (type instanceof ParameterizedType generic) {
      return collection(generic);
    }
    Class<?> raw = (Class<?>) type;
    if (raw.isRecord()) {
      return record(raw);
    }
    if (raw.isEnum()) {
      return pick(Arrays.asList(raw.getEnumConstants()));
    }
    if (raw.isSealed()) {
      // the last alternative of the samples has no parts
      Class<?>[] alternatives = raw.getPermittedSubclasses();
      return record(
          depth > 4 ? alternatives[alternatives.length - 1] : pick(List.of(alternatives)));
    }
    return scalar(raw.getSimpleName());
  }

  private Object record(Class<?> type) {
    depth++;
    try {
      RecordComponent[] components = type.getRecordComponents();
      Class<?>[] parameters =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      Constructor<?> constructor = type.getDeclaredConstructor(parameters);
      constructor.setAccessible(true);
      return constructor.newInstance(
          Arrays.stream(components).map(it -> value(it.getGenericType())).toArray());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    } finally {
      depth--;
    }
  }

  private Object collection(ParameterizedType type) {
    Type[] arguments = type.getActualTypeArguments();
    int count = depth > 4 ? 0 : random.nextInt(1 + Math.min(size, depth > 1 ? 3 : 40));
    if (type.getRawType() == Optional.class) {
      return count == 0 ? Optional.empty() : Optional.of(value(arguments[0]));
    }
    if (type.getRawType() == Map.class) {
      Map<String, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        map.put(text(), value(arguments[1]));
      }
      return map;
    }
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      list.add(value(arguments[0]));
    }
    return type.getRawType() == Set.class ? new LinkedHashSet<>(list) : list;
  }

  private Object scalar(String type) {
    return switch (type) {
      case "boolean", "Boolean" -> random.nextBoolean();
      case "byte", "Byte" -> (byte) integer();
      case "short", "Short" -> (short) integer();
      case "int", "Integer" -> (int) integer();
      case "long", "Long" -> integer();
      case "char", "Character" -> (char) random.nextInt(0x10000);
      case "float", "Float" -> number(Float.intBitsToFloat(random.nextInt()));
      case "double", "Double" -> number(Double.longBitsToDouble(random.nextLong()));
      case "String" -> text();
      case "byte[]" -> bytes();
      case "UUID" -> new UUID(random.nextLong(), random.nextLong());
      case "Instant" -> instant();
      case "Duration" -> Duration.ofSeconds(integer(), random.nextInt(1_000_000_000));
      case "LocalDate" ->
          LocalDate.ofEpochDay(random.nextInt() >> random.nextInt(32)).plusYears(1000);
      case "BigDecimal" ->
          new BigDecimal(new BigInteger(bytes(1)), random.nextInt() >> random.nextInt(32));
      case "BigInteger" -> new BigInteger(bytes(1));
      default -> throw new IllegalArgumentException(type);
    };
  }

  /// NaN equals nothing, which would spoil comparisons.
  private static float number(float value) {
    return Float.isNaN(value) ? 0.5f : value;
  }

  private static double number(double value) {
    return Double.isNaN(value) ? 0.1 : value;
  }

  long integer() {
    return (random.nextLong() >> random.nextInt(64)) + random.nextInt(-1, 2);
  }

  Instant instant() {
    long range = random.nextBoolean() ? 1L << 36 : Instant.MAX.getEpochSecond();
    long seconds = random.nextLong(-range, range);
    boolean small = random.nextBoolean();
    return Instant.ofEpochSecond(
        small ? Math.abs(seconds) & 0xFFFF_FFFFL : seconds,
        random.nextBoolean() ? 0 : random.nextInt(1_000_000_000));
  }

  String text() {
    int length = length();
    int kind = random.nextInt(4);
    var text = new StringBuilder();
    while (text.length() < length) {
      text.appendCodePoint(
          switch (random.nextInt(kind + 1)) {
            case 0 -> random.nextInt(0x80);
            case 1 -> random.nextInt(0x80, 0x800);
            case 2 -> random.nextInt(0xE000, 0x1_0000);
            default -> random.nextInt(0x1_0000, Character.MAX_CODE_POINT + 1);
          });
    }
    return text.toString();
  }

  byte[] bytes() {
    return bytes(0);
  }

  private byte[] bytes(int countMin) {
    byte[] bytes = new byte[countMin + random.nextInt(size + 1)];
    random.nextBytes(bytes);
    return bytes;
  }

  /// Lengths where the form of a str changes, now and then.
  private int length() {
    if (random.nextInt(200) == 0 && depth < 3) {
      return pick(List.of(31, 32, 255, 256, 65_535, 65_536));
    }
    return random.nextInt(size + 1);
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
