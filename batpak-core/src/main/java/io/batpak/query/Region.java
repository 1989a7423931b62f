package io.batpak.query;

import io.batpak.event.EventKind;
import io.batpak.event.EventLimits;
import io.batpak.event.Names;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Which events are meant: all conditions hold together. Immutable; each method gives a narrower
/// region.
///
/// ```java
/// Region region = Region.namespace("order").category(0x1).tag("customer:42").sequences(0, 1_000);
/// ```
///
/// The library writes events about the store itself: category 0x0, on entities that begin with
/// {@link Names#RESERVED_PREFIX}. They are left out, unless a region asks for them: it names such
/// an entity or a namespace of them, a scope that begins so, or the category or one of its kinds.
/// What the library writes on an application's entity is not left out.
///
/// @param entity which entities
/// @param scope which scope; empty for every one
/// @param kinds which kinds
/// @param tags the tags that an event must all have
/// @param fromSequence the first sequence
/// @param untilSequence the sequence behind the last
/// @param fromMillis the first wall time, milliseconds since the epoch
/// @param untilMillis the wall time behind the last
public record Region(
    EntityMatch entity,
    Optional<String> scope,
    KindMatch kinds,
    List<String> tags,
    long fromSequence,
    long untilSequence,
    long fromMillis,
    long untilMillis) {

  private static final Instant FIRST_MILLI = Instant.ofEpochMilli(Long.MIN_VALUE);
  private static final Instant LAST_MILLI = Instant.ofEpochMilli(Long.MAX_VALUE);

  private static final Region ALL =
      new Region(
          new EntityMatch.Any(),
          Optional.empty(),
          new KindMatch.Any(),
          List.of(),
          0,
          Long.MAX_VALUE,
          0,
          Long.MAX_VALUE);

  /// Checks names and ranges.
  public Region {
    Objects.requireNonNull(entity);
    Objects.requireNonNull(kinds);
    scope.ifPresent(name -> check("scope", name, EventLimits.NAME_BYTES_MAX));
    tags = List.copyOf(tags);
    tags.forEach(tag -> check("tag", tag, EventLimits.TAG_BYTES_MAX));
    if (fromSequence < 0 || untilSequence < fromSequence) {
      throw new IllegalArgumentException("sequences " + fromSequence + " until " + untilSequence);
    }
    if (untilMillis < fromMillis) {
      throw new IllegalArgumentException("times " + fromMillis + " until " + untilMillis);
    }
  }

  private static void check(String field, String name, int bytesMax) {
    var _ = Names.check(field, name, bytesMax);
  }

  /// {@return every event}
  public static Region all() {
    return ALL;
  }

  /// {@return the events of one entity}
  ///
  /// @param name the entity
  public static Region entity(String name) {
    return ALL.withEntity(new EntityMatch.Exact(name));
  }

  /// {@return the events of an entity and everything below it, divided by `/` or `:`}
  ///
  /// @param name the namespace
  public static Region namespace(String name) {
    return ALL.withEntity(new EntityMatch.Namespace(name));
  }

  /// {@return the same, for other entities}
  ///
  /// @param match which entities
  public Region withEntity(EntityMatch match) {
    return new Region(
        match, scope, kinds, tags, fromSequence, untilSequence, fromMillis, untilMillis);
  }

  /// {@return the part of one scope}
  ///
  /// @param name the scope
  public Region scope(String name) {
    return new Region(
        entity,
        Optional.of(name),
        kinds,
        tags,
        fromSequence,
        untilSequence,
        fromMillis,
        untilMillis);
  }

  /// {@return the part of one kind}
  ///
  /// @param kind the kind
  public Region kind(EventKind kind) {
    return withKinds(new KindMatch.Exact(kind));
  }

  /// {@return the part of all kinds of a category}
  ///
  /// @param category 0x0 to 0xF
  public Region category(int category) {
    return withKinds(new KindMatch.Category(category));
  }

  private Region withKinds(KindMatch match) {
    return new Region(
        entity, scope, match, tags, fromSequence, untilSequence, fromMillis, untilMillis);
  }

  /// {@return the part with a further tag}
  ///
  /// @param tag in the form `name:value`
  public Region tag(String tag) {
    List<String> all = Stream.concat(tags.stream(), Stream.of(tag)).distinct().toList();
    return new Region(
        entity, scope, kinds, all, fromSequence, untilSequence, fromMillis, untilMillis);
  }

  /// {@return the part in a range of sequences}
  ///
  /// @param from the first sequence
  /// @param until the sequence behind the last
  public Region sequences(long from, long until) {
    return new Region(entity, scope, kinds, tags, from, until, fromMillis, untilMillis);
  }

  /// {@return the part in a range of commit times}
  ///
  /// @param from the first time, to the millisecond
  /// @param until the time behind the last
  public Region between(Instant from, Instant until) {
    return new Region(
        entity, scope, kinds, tags, fromSequence, untilSequence, millis(from), millis(until));
  }

  /// Times so far away that they do not count in milliseconds are before or behind every event.
  private static long millis(Instant time) {
    if (time.isBefore(FIRST_MILLI)) {
      return Long.MIN_VALUE;
    }
    return time.isAfter(LAST_MILLI) ? Long.MAX_VALUE : time.toEpochMilli();
  }
}
