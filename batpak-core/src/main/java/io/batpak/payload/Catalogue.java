package io.batpak.payload;

import io.batpak.event.EventKind;
import io.batpak.failure.BadConfiguration;
import io.batpak.failure.UnregisteredPayload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The payload codecs of an application, by class and by kind. Immutable.
public final class Catalogue {

  private final Map<Class<?>, PayloadCodec<?>> byType = new HashMap<>();
  private final Map<EventKind, PayloadCodec<?>> byKind = new HashMap<>();

  /// Answers of {@link #kinds}, kept.
  private final Map<Class<?>, Set<Integer>> kindsOfType = new ConcurrentHashMap<>();

  private Catalogue(List<PayloadCodec<?>> codecs) {
    for (PayloadCodec<?> codec : codecs) {
      PayloadCodec<?> other = byKind.putIfAbsent(codec.kind(), codec);
      if (other != null) {
        throw new BadConfiguration(
            "payloads",
            codec.type().getName()
                + " and "
                + other.type().getName()
                + " both have kind "
                + codec.kind()
                + "; give one of them another",
            null);
      }
      if (codec.kind().reserved()) {
        throw new BadConfiguration(
            "payloads", codec.type().getName() + " has the reserved kind " + codec.kind(), null);
      }
      byType.put(codec.type(), codec);
    }
  }

  /// {@return a catalogue of exactly these codecs}
  ///
  /// @param codecs one per kind
  /// @throws BadConfiguration if two have one kind
  public static Catalogue of(List<PayloadCodec<?>> codecs) {
    return new Catalogue(codecs);
  }

  /// {@return a catalogue of all codecs that the class path or module path of the calling thread's
  /// context class loader announces}
  ///
  /// @throws BadConfiguration if two have one kind, or one cannot be loaded
  public static Catalogue load() {
    var codecs = new ArrayList<PayloadCodec<?>>();
    try {
      for (PayloadCodec<?> codec : ServiceLoader.load(PayloadCodec.class)) {
        codecs.add(codec);
      }
    } catch (ServiceConfigurationError e) {
      throw new BadConfiguration("payloads", "a codec cannot be loaded: " + e.getMessage(), e);
    }
    return new Catalogue(codecs);
  }

  /// {@return the codec of a payload class}
  ///
  /// @param type the record
  /// @param <T> the record
  /// @throws UnregisteredPayload if there is none
  public <T extends Record> PayloadCodec<T> codec(Class<T> type) {
    PayloadCodec<?> codec = byType.get(type);
    if (codec == null) {
      throw new UnregisteredPayload(type.getName());
    }
    @SuppressWarnings("unchecked") // the key is the codec's own type()
    PayloadCodec<T> typed = (PayloadCodec<T>) codec;
    return typed;
  }

  /// {@return the kinds, 16 bits each, of all payload classes that are of a type}
  ///
  /// @param type a payload record, or an interface over several
  /// @throws UnregisteredPayload if there is none
  public Set<Integer> kinds(Class<?> type) {
    return kindsOfType.computeIfAbsent(type, this::collectKinds);
  }

  private Set<Integer> collectKinds(Class<?> type) {
    var kinds = new HashSet<Integer>();
    for (PayloadCodec<?> codec : byKind.values()) {
      if (type.isAssignableFrom(codec.type())) {
        kinds.add(codec.kind().bits());
      }
    }
    if (kinds.isEmpty()) {
      throw new UnregisteredPayload(type.getName());
    }
    return Set.copyOf(kinds);
  }

  /// {@return the codec of a kind, if there is one}
  ///
  /// @param kind the kind
  public Optional<PayloadCodec<?>> codec(EventKind kind) {
    return Optional.ofNullable(byKind.get(Objects.requireNonNull(kind)));
  }
}
