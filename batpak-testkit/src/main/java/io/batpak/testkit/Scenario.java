package io.batpak.testkit;

import io.batpak.Decoded;
import io.batpak.EventEntry;
import io.batpak.Store;
import io.batpak.config.StoreConfig;
import io.batpak.event.Coordinate;
import io.batpak.payload.Catalogue;
import io.batpak.query.Region;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is given before a fold or a decision is tried: the events of a store in memory.
///
/// ```java
/// @EventPayload(category = 0x1, type = 0x001)
/// record Counted(int by) {}
/// ```
///
/// ```java
/// var counter = Coordinate.of("counter:1", "docs");
///
/// Scenario.given(counter, new Counted(2), new Counted(3))
///     .whenFolded(Counted.class, 0, (sum, counted) -> sum + counted.by())
///     .thenState(5);
///
/// Scenario.given(counter, new Counted(2))
///     .when(store -> store.append(counter, new Counted((int) store.end())).clock())
///     .thenReturned(1L)
///     .thenAppended(new Counted(1))
///     .thenSurvivesEveryCrash(
///         store -> {
///           assert store.at(0).payload(Counted.class).by() == 2;
///         });
/// ```
///
/// Immutable. The events go through the store, so that their codecs are tried as well. An
/// expectation that is not met is an [AssertionError].
public final class Scenario {

  /// The seed of the runs without a crash.
  static final long SEED = 1;

  private final List<Consumer<Store>> history;
  private final StoreConfig config;
  private final Optional<Catalogue> catalogue;

  private Scenario(
      List<Consumer<Store>> history, StoreConfig config, Optional<Catalogue> catalogue) {
    this.history = history;
    this.config = config;
    this.catalogue = catalogue;
  }

  /// {@return an empty store}
  public static Scenario givenNothing() {
    return new Scenario(List.of(), Simulation.config(), Optional.empty());
  }

  /// {@return a store with some events}
  ///
  /// @param coordinate where they live
  /// @param payloads in order
  public static Scenario given(Coordinate coordinate, Record... payloads) {
    return givenNothing().and(coordinate, payloads);
  }

  /// {@return the same with further events}
  ///
  /// @param coordinate where they live
  /// @param payloads in order
  public Scenario and(Coordinate coordinate, Record... payloads) {
    List<Record> copied = List.of(payloads);
    return and(store -> copied.forEach(payload -> store.append(coordinate, payload)));
  }

  /// {@return the same with a further history}
  ///
  /// @param more appends what it likes; called for each run, and must do the same each time
  public Scenario and(Consumer<Store> more) {
    return new Scenario(
        Stream.concat(history.stream(), Stream.of(more)).toList(), config, catalogue);
  }

  /// {@return the same with other payload codecs than those of the class path or module path}
  ///
  /// @param codecs the payload codecs
  public Scenario with(Catalogue codecs) {
    return new Scenario(history, config, Optional.of(codecs));
  }

  /// {@return the same with other settings than those of [Simulation#config()]}
  ///
  /// @param settings of the store; the directory is only a name
  public Scenario with(StoreConfig settings) {
    return new Scenario(history, settings, catalogue);
  }

  /// Folds the payloads of what was given, in the order of the store.
  ///
  /// @param type events whose payload is not of this type are passed over
  /// @param initial the state before the first event
  /// @param step the state after an event, from the state before it
  /// @param <E> the payloads that are folded: a record, or an interface of records
  /// @param <S> the state
  /// @return the state after the last event
  public <E, S> Folded<S> whenFolded(
      Class<E> type, S initial, BiFunction<? super S, ? super E, ? extends S> step) {
    try (Stage stage = stage(SEED)) {
      S state = initial;
      for (EventEntry entry : stage.store().query(Region.all())) {
        if (entry.decode() instanceof Decoded.Known(Record payload) && type.isInstance(payload)) {
          state = step.apply(state, type.cast(payload));
        }
      }
      return new Folded<>(state, EventLine.all(stage.store()));
    }
  }

  /// Tries a decision on what was given.
  ///
  /// @param decision the code under test
  /// @param <T> what its caller is told
  /// @return what came of it
  public <T extends @Nullable Object> Decided<T> when(Decision<T> decision) {
    return Decided.by(this, decision);
  }

  /// Tries a decision that tells its caller nothing.
  ///
  /// @param decision the code under test
  /// @return what came of it
  public Decided<@Nullable Void> whenRun(Consumer<Store> decision) {
    return when(store -> {
      decision.accept(store);
      return null;
    });
  }

  Catalogue catalogue() {
    return catalogue.orElseGet(Catalogue::load);
  }

  /// Sets the stage for one run: a machine whose store holds what was given, durably.
  Stage stage(long seed) {
    Simulation simulation = Simulation.of(seed, config);
    try {
      Store store = simulation.open(catalogue());
      history.forEach(part -> part.accept(store));
      store.sync();
      simulation.settle();
      return new Stage(simulation, store);
    } catch (RuntimeException | Error e) {
      simulation.close();
      throw e;
    }
  }

  /// One run's machine, and the store of its first process.
  record Stage(Simulation simulation, Store store) implements AutoCloseable {

    @Override
    public void close() {
      simulation.close();
    }
  }
}
