package io.batpak;

import io.batpak.event.EventId;
import io.batpak.event.EventKind;
import io.batpak.event.Names;
import io.batpak.query.EntityMatch;
import io.batpak.query.KindMatch;
import io.batpak.query.Query;
import io.batpak.query.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a store must answer to a [Request], found by looking through a plain list.
sealed interface Prediction {

  /// The events are appended.
  record Fresh() implements Prediction {}

  /// The events have been appended before.
  ///
  /// @param sequences where they stand
  record Again(List<Integer> sequences) implements Prediction {}

  /// Nothing is appended.
  ///
  /// @param refusal why
  record Refused(Refusal refusal) implements Prediction {}

  /// Somebody else's fence is active.
  record FenceStands() implements Prediction {}

  /// The fence that the request belongs to has ended.
  record FenceOver() implements Prediction {}

  /// {@return what must be answered to a request, as the log is now}
  static Prediction of(LogModel log, Request request) {
    for (int i = 0; i < request.items().size(); i++) {
      Wanted wanted = request.items().get(i).wanted();
      int known = wanted.key().isEmpty() ? -1 : log.withKey(wanted.key().get());
      if (known >= 0) {
        return known(log, request, i, known);
      }
    }
    return refusal(log, request).<Prediction>map(Refused::new).orElseGet(Fresh::new);
  }

  private static Prediction known(LogModel log, Request request, int item, int known) {
    int first = known - item;
    int count = request.items().size();
    boolean same = first >= 0 && (count == 1 || log.wholeBatch(first, count));
    for (int i = 0; same && i < count; i++) {
      Wanted wanted = request.items().get(i).wanted();
      same =
          sameContent(wanted, log.wanted(first + i))
              && (wanted.key().isEmpty() || log.withKey(wanted.key().get()) == first + i);
    }
    if (!same) {
      return new Refused(
          new KeyReused(
              item, request.items().get(item).wanted().key().orElseThrow(), known, log.id(known)));
    }
    var sequences = new ArrayList<Integer>();
    for (int i = 0; i < count; i++) {
      sequences.add(first + i);
    }
    return new Again(sequences);
  }

  private static boolean sameContent(Wanted wanted, Wanted found) {
    return wanted.coordinate().equals(found.coordinate())
        && wanted.kind().equals(found.kind())
        && wanted.payload().equals(found.payload());
  }

  private static Optional<Refusal> refusal(LogModel log, Request request) {
    Stream<Refusal> ofWhole =
        parts(request.condition()).flatMap(one -> conflict(log, request, -1, one).stream());
    Stream<Refusal> ofItems =
        Stream.iterate(0, i -> i + 1)
            .limit(request.items().size())
            .flatMap(i ->
                parts(request.items().get(i).condition())
                    .flatMap(one -> conflict(log, request, i, one).stream()));
    return Stream.concat(ofWhole, ofItems).findFirst();
  }

  private static Stream<Condition> parts(Condition condition) {
    return condition instanceof Condition.All all
        ? all.conditions().stream().flatMap(Prediction::parts)
        : Stream.of(condition);
  }

  private static Optional<Refusal> conflict(
      LogModel log, Request request, int item, Condition condition) {
    return switch (condition) {
      case Expected expected ->
          item < 0
              ? Optional.empty()
              : revision(log, request, item, entity(request, item), expected);
      case Condition.Revision other ->
          revision(log, request, item, other.entity(), other.expected());
      case Condition.NoneMatches none -> match(log, item, none);
      case Transition<?, ?> transition -> state(log, request, item, transition);
      case Condition.All all -> throw new AssertionError(all);
    };
  }

  private static String entity(Request request, int item) {
    return request.items().get(item).wanted().entity();
  }

  private static Optional<Refusal> revision(
      LogModel log, Request request, int item, String entity, Expected expected) {
    int earlier = 0;
    for (int i = 0; i < item; i++) {
      earlier += entity(request, i).equals(entity) ? 1 : 0;
    }
    int last = log.last(entity);
    long actual = earlier > 0 ? log.count(entity) - 1 + earlier : last < 0 ? -1 : log.clock(last);
    boolean holds =
        switch (expected) {
          case Expected.Any _ -> true;
          case Expected.NoStream _ -> actual < 0;
          case Expected.Exactly exactly -> actual == exactly.clock();
          case Expected.At at -> earlier == 0 && last == at.position();
        };
    if (holds) {
      return Optional.empty();
    }
    Optional<EventId> event =
        earlier > 0 || last < 0 ? Optional.empty() : Optional.of(log.id(last));
    Expected found =
        actual < 0
            ? Expected.noStream()
            : expected instanceof Expected.At && earlier == 0
                ? Expected.at(last)
                : Expected.exactly(actual);
    return Optional.of(new Conflict.Revision(item, entity, expected, found, event));
  }

  private static Optional<Refusal> match(LogModel log, int item, Condition.NoneMatches none) {
    for (int i = log.end() - 1; i >= none.from(); i--) {
      if (log.counts(i) && matches(none.query(), i, log.wanted(i))) {
        return Optional.of(
            new Conflict.Match(item, none.query(), none.from(), i, Optional.of(log.id(i))));
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> state(
      LogModel log, Request request, int item, Transition<?, ?> transition) {
    String entity = entity(request, item);
    Optional<EventKind> kind = Optional.empty();
    Optional<EventId> event = Optional.empty();
    for (int i = item - 1; i >= 0 && kind.isEmpty(); i--) {
      Wanted earlier = request.items().get(i).wanted();
      if (earlier.entity().equals(entity)) {
        kind = Phase.codec(earlier.kind()).map(Phase.Codec::kind);
      }
    }
    int last = kind.isPresent() ? -1 : log.state(entity);
    if (last >= 0) {
      kind = Optional.of(log.wanted(last).kind());
      event = Optional.of(log.id(last));
    }
    return left(transition, kind)
        ? Optional.empty()
        : Optional.of(new Conflict.State(item, entity, transition, kind, event));
  }

  /// {@return whether a transition leaves the state of a kind}
  private static boolean left(Transition<?, ?> transition, Optional<EventKind> kind) {
    if (kind.isEmpty() || transition.source() == Start.class) {
      return kind.isEmpty() && transition.source() == Start.class;
    }
    Class<?> state = Phase.codec(kind.get()).orElseThrow().type();
    return transition.source().isAssignableFrom(state);
  }

  /// {@return whether a query means an event}
  static boolean matches(Query query, int sequence, Wanted wanted) {
    return query.regions().stream().anyMatch(region -> matches(region, sequence, wanted));
  }

  private static boolean matches(Region region, int sequence, Wanted wanted) {
    return ofEntity(region.entity(), wanted.entity())
        && region.scope().map(wanted.coordinate().scope()::equals).orElse(true)
        && ofKinds(region.kinds(), wanted.kind())
        && wanted.tags().containsAll(region.tags())
        && sequence >= region.fromSequence()
        && sequence < region.untilSequence()
        && (!wanted.own() || asksForOwn(region));
  }

  private static boolean ofEntity(EntityMatch match, String entity) {
    return switch (match) {
      case EntityMatch.Any _ -> true;
      case EntityMatch.Exact exact -> entity.equals(exact.name());
      case EntityMatch.Namespace(String name) ->
          entity.equals(name) || entity.startsWith(name + ":") || entity.startsWith(name + "/");
    };
  }

  private static boolean ofKinds(KindMatch match, EventKind kind) {
    return switch (match) {
      case KindMatch.Any _ -> true;
      case KindMatch.Exact exact -> kind.equals(exact.kind());
      case KindMatch.Category category -> kind.category() == category.category();
    };
  }

  private static boolean asksForOwn(Region region) {
    return !(region.entity() instanceof EntityMatch.Any)
        || !(region.kinds() instanceof KindMatch.Any)
        || region.scope().map(scope -> scope.startsWith(Names.RESERVED_PREFIX)).orElse(false);
  }
}
