package io.batpak;

import io.batpak.event.Coordinate;
import java.util.Objects;
import java.util.OptionalInt;

/// An event as its caller wants it, before it has its place in the log. Immutable.
///
/// ```java
/// @EventPayload(category = 0x1, type = 1)
/// record Deposited(long cents) {}
/// ```
///
/// ```java
/// NewEvent event =
///     NewEvent.of(Coordinate.of("account:7", "bank"), new Deposited(500))
///         .when(Expected.noStream())
///         .key("request:81");
/// Appended answer = store.appendIf(event);
/// ```
public final class NewEvent {

  private final Coordinate coordinate;
  private final Object payload;
  private final Condition condition;
  private final AppendOptions options;
  private final OptionalInt cause;

  private NewEvent(
      Coordinate coordinate,
      Object payload,
      Condition condition,
      AppendOptions options,
      OptionalInt cause) {
    this.coordinate = Objects.requireNonNull(coordinate);
    this.payload = Objects.requireNonNull(payload);
    this.condition = Objects.requireNonNull(condition);
    this.options = Objects.requireNonNull(options);
    this.cause = cause;
  }

  /// {@return an event without conditions and options}
  ///
  /// @param coordinate where it will live
  /// @param payload a record with `@EventPayload`
  public static NewEvent of(Coordinate coordinate, Record payload) {
    return of(coordinate, (Object) payload);
  }

  /// {@return an event without conditions and options, whose payload has no class}
  ///
  /// @param coordinate where it will live
  /// @param payload kind and MessagePack
  public static NewEvent of(Coordinate coordinate, RawPayload payload) {
    return of(coordinate, (Object) payload);
  }

  private static NewEvent of(Coordinate coordinate, Object payload) {
    return new NewEvent(
        coordinate, payload, Expected.any(), AppendOptions.none(), OptionalInt.empty());
  }

  /// {@return the same under a condition, instead of the one it had}
  ///
  /// @param condition what must be true
  public NewEvent when(Condition condition) {
    return new NewEvent(coordinate, payload, condition, options, cause);
  }

  /// {@return the same under a further condition}
  ///
  /// @param further what must be true besides
  public NewEvent and(Condition further) {
    return when(Condition.all(condition, further));
  }

  /// {@return the same with options, instead of those it had}
  ///
  /// @param options tags, key, causes and more
  public NewEvent options(AppendOptions options) {
    return new NewEvent(coordinate, payload, condition, options, cause);
  }

  /// {@return the same with an idempotency key}
  ///
  /// @param key see {@link AppendOptions#key(String)}
  public NewEvent key(String key) {
    return options(options.key(key));
  }

  /// {@return the same, caused by an earlier event of the batch and in its conversation}
  ///
  /// @param item which event, from 0
  public NewEvent causedBy(int item) {
    if (item < 0) {
      throw new IllegalArgumentException("item " + item + " is negative");
    }
    return new NewEvent(coordinate, payload, condition, options, OptionalInt.of(item));
  }

  /// {@return where it will live}
  public Coordinate coordinate() {
    return coordinate;
  }

  /// {@return a record with `@EventPayload`, or a {@link RawPayload}}
  public Object payload() {
    return payload;
  }

  /// {@return what must be true}
  public Condition condition() {
    return condition;
  }

  /// {@return tags, key, causes and more}
  public AppendOptions options() {
    return options;
  }

  /// {@return the earlier event of the batch that causes it, from 0}
  public OptionalInt cause() {
    return cause;
  }

  /// {@return coordinate and payload}
  @Override
  public String toString() {
    return coordinate + " " + payload;
  }
}
