package io.batpak.payload;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.msgpack.value.Value;
import org.msgpack.value.ValueFactory;

/// What a payload should look like on the wire, as the package page says it: written against
/// msgpack-java and reflection, sharing nothing with generated codecs.
final class WireForm {

  /// What each record has besides its components.
  private final Supplier<Map<Value, Value>> strangers;

  private WireForm(Supplier<Map<Value, Value>> strangers) {
    this.strangers = strangers;
  }

  static Value of(Record payload) {
    return new WireForm(Map::of).record(payload);
  }

  /// {@return a payload with unknown fields in every record}
  static Value withStrangers(Record payload, Supplier<Map<Value, Value>> strangers) {
    return new WireForm(strangers).record(payload);
  }

  private Value of(Object value, Type type) {
    if (type instanceof ParameterizedType generic) {
      Type element = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      return switch (value) {
        case Optional<?> optional ->
            optional.<Value>map(it -> of(it, element)).orElse(ValueFactory.newNil());
        case Collection<?> elements ->
            ValueFactory.newArray(elements.stream().map(it -> of(it, element)).toList());
        case Map<?, ?> entries -> {
          var map = new LinkedHashMap<Value, Value>();
          entries.forEach(
              (key, it) -> map.put(ValueFactory.newString((String) key), of(it, element)));
          yield ValueFactory.newMap(map);
        }
        default -> throw new IllegalArgumentException(value.toString());
      };
    }
    if (((Class<?>) type).isSealed() && !((Class<?>) type).isEnum()) {
      return ValueFactory.newMap(
          Map.of(ValueFactory.newString(value.getClass().getSimpleName()), record((Record) value)));
    }
    return scalar(value);
  }

  private Value record(Record value) {
    var fields = new LinkedHashMap<>(strangers.get());
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      fields.put(
          ValueFactory.newString(component.getName()),
          of(component(value, component), component.getGenericType()));
    }
    return ValueFactory.newMap(fields);
  }

  private static Object component(Record value, RecordComponent component) {
    try {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Value scalar(Object value) {
    return switch (value) {
      case Record record -> record(record);
      case Boolean b -> ValueFactory.newBoolean(b);
      case Byte b -> ValueFactory.newInteger(b);
      case Short s -> ValueFactory.newInteger(s);
      case Integer i -> ValueFactory.newInteger(i);
      case Long l -> ValueFactory.newInteger(l);
      case Character c -> ValueFactory.newInteger(c);
      case Float f -> ValueFactory.newFloat(f);
      case Double d -> ValueFactory.newFloat(d);
      case String s -> ValueFactory.newString(s);
      case Enum<?> e -> ValueFactory.newString(e.name());
      case byte[] b -> ValueFactory.newBinary(b);
      case UUID id ->
          ValueFactory.newBinary(
              ByteBuffer.allocate(16)
                  .putLong(id.getMostSignificantBits())
                  .putLong(id.getLeastSignificantBits())
                  .array());
      case Instant at -> ValueFactory.newTimestamp(at);
      case Duration d ->
          ValueFactory.newArray(
              ValueFactory.newInteger(d.getSeconds()), ValueFactory.newInteger(d.getNano()));
      default -> ValueFactory.newString(value.toString());
    };
  }
}
