package io.batpak;

import io.batpak.engine.commit.Check;
import io.batpak.engine.commit.CommitRequest;
import io.batpak.engine.commit.FenceTicket;
import io.batpak.engine.frame.FrameDraft;
import io.batpak.engine.search.PreparedQuery;
import io.batpak.event.Bytes;
import io.batpak.event.Coordinate;
import io.batpak.event.EventId;
import io.batpak.event.EventLimits;
import io.batpak.event.Names;
import io.batpak.failure.InvalidName;
import io.batpak.failure.LimitExceeded;
import io.batpak.payload.Catalogue;
import io.batpak.payload.MessageWriter;
import io.batpak.payload.PayloadCodec;
import io.batpak.query.Query;
import io.batpak.query.Region;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// From what a caller wants to what the engine commits: events become drafts, conditions checks.
/// All of it happens on the caller's thread.
final class Requests {

  private static final int NO_ITEM = -1;

  private final Catalogue catalogue;

  Requests(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /// {@return the request for one event}
  CommitRequest of(NewEvent event, boolean durable, @Nullable FenceTicket fence) {
    if (event.cause().isPresent()) {
      throw new IllegalArgumentException("only an event of a batch is caused by an item");
    }
    AppendOptions options = event.options();
    FrameDraft draft =
        draft(new Placed(event, options.key().orElse(null), NO_ITEM, options.correlation()));
    List<Check> checks = List.of();
    if (!(event.condition() instanceof Expected.Any)) {
      checks = new ArrayList<>();
      addChecks(0, event, checks);
    }
    return new CommitRequest(List.of(draft), checks, durable, fence);
  }

  /// {@return the request for a batch}
  CommitRequest of(
      List<NewEvent> events, BatchOptions options, boolean durable, @Nullable FenceTicket fence) {
    if (events.isEmpty()) {
      throw new IllegalArgumentException("a batch without events");
    }
    if (events.size() > EventLimits.BATCH_COUNT_MAX) {
      throw new LimitExceeded("events in a batch", EventLimits.BATCH_COUNT_MAX, events.size());
    }
    var checks = new ArrayList<Check>();
    addWholeChecks(options.condition(), checks);
    int[] roots = conversations(events);
    var drafts = new ArrayList<FrameDraft>(events.size());
    var keys = new HashSet<Bytes>();
    for (int i = 0; i < events.size(); i++) {
      NewEvent event = events.get(i);
      refuseLevel(event);
      Bytes key = key(event, i, options, keys);
      Optional<EventId> correlation = events.get(roots[i]).options().correlation();
      drafts.add(draft(new Placed(event, key, roots[i], correlation)));
      addChecks(i, event, checks);
      if (checks.size() > Condition.BATCH_COUNT_MAX) {
        throw new LimitExceeded("conditions of a batch", Condition.BATCH_COUNT_MAX, checks.size());
      }
    }
    return new CommitRequest(drafts, checks, durable, fence);
  }

  private static @Nullable Bytes key(
      NewEvent event, int item, BatchOptions options, Set<Bytes> earlier) {
    Optional<Bytes> own = event.options().key();
    Optional<Bytes> whole = item == 0 ? options.key() : Optional.empty();
    if (own.isPresent() && whole.isPresent()) {
      throw new IllegalArgumentException(
          "the key of the batch stands on its first event, which has one of its own");
    }
    Bytes key = whole.or(() -> own).orElse(null);
    if (key != null && !earlier.add(key)) {
      throw new IllegalArgumentException("two events of the batch have the key " + key);
    }
    return key;
  }

  /// {@return for each event of a batch which one began its conversation, in the end by itself}
  private static int[] conversations(List<NewEvent> events) {
    int[] roots = new int[events.size()];
    for (int i = 0; i < roots.length; i++) {
      NewEvent event = events.get(i);
      roots[i] = i;
      if (event.cause().isPresent()) {
        int cause = event.cause().getAsInt();
        AppendOptions options = event.options();
        if (cause >= i || options.causation().isPresent() || options.correlation().isPresent()) {
          throw new IllegalArgumentException(
              "item "
                  + i
                  + ": caused by item "
                  + cause
                  + ", which must stand before it and be all that is said of its cause");
        }
        roots[i] = roots[cause];
      }
    }
    return roots;
  }

  private static void refuseLevel(NewEvent event) {
    if (event.options().level().isPresent()) {
      throw new IllegalArgumentException(
          "an event of a batch has no level of its own: give it to the batch");
    }
  }

  private void addWholeChecks(Condition condition, List<Check> checks) {
    switch (condition) {
      case Expected.Any _ -> {}
      case Expected _ ->
          throw new IllegalArgumentException(
              "a batch has no entity of its own: expect it of an event, or name the entity");
      case Transition<?, ?> _ ->
          throw new IllegalArgumentException("a transition is made by an event of the batch");
      case Condition.All all -> all.conditions().forEach(one -> addWholeChecks(one, checks));
      case Condition.Revision revision -> addChecks(Check.WHOLE, "", revision, checks);
      case Condition.NoneMatches none -> addChecks(Check.WHOLE, "", none, checks);
    }
    refuseTooMany(checks.size());
  }

  private void addChecks(int item, NewEvent event, List<Check> checks) {
    refuseOtherState(event.condition(), event.payload());
    int before = checks.size();
    addChecks(item, event.coordinate().entity(), event.condition(), checks);
    refuseTooMany(checks.size() - before);
  }

  /// An event that enters one state cannot make the transition into another.
  private static void refuseOtherState(Condition condition, Object payload) {
    switch (condition) {
      case Transition<?, ?> transition -> {
        if (transition.machine().states().isInstance(payload)
            && !transition.target().isInstance(payload)) {
          throw new IllegalArgumentException(
              "the transition " + transition + " cannot be made by " + payload);
        }
      }
      case Condition.All all -> all.conditions().forEach(one -> refuseOtherState(one, payload));
      case Expected _, Condition.Revision _, Condition.NoneMatches _ -> {}
    }
  }

  private static void refuseTooMany(int count) {
    if (count > Condition.COUNT_MAX) {
      throw new LimitExceeded("conditions", Condition.COUNT_MAX, count);
    }
  }

  private void addChecks(int item, String entity, Condition condition, List<Check> checks) {
    switch (condition) {
      case Expected.Any _ -> {}
      case Expected.NoStream _ ->
          checks.add(new Check.Revision(item, entity, Check.Revision.NO_STREAM));
      case Expected.Exactly exactly ->
          checks.add(new Check.Revision(item, entity, exactly.clock()));
      case Expected.At at -> checks.add(new Check.At(item, entity, at.position()));
      case Condition.Revision other -> addChecks(item, other.entity(), other.expected(), checks);
      case Condition.NoneMatches none ->
          checks.add(new Check.NoneMatches(item, PreparedQuery.of(none.query()), none.from()));
      case Transition<?, ?> transition ->
          checks.add(inState(item, transitionsOf(item, checks), entity, transition));
      case Condition.All all ->
          all.conditions().forEach(one -> addChecks(item, entity, one, checks));
    }
  }

  private static int transitionsOf(int item, List<Check> checks) {
    int count = 0;
    for (int i = checks.size() - 1; i >= 0 && checks.get(i).item() == item; i--) {
      count += checks.get(i) instanceof Check.InState ? 1 : 0;
    }
    return count;
  }

  private Check inState(int item, int which, String entity, Transition<?, ?> transition) {
    Set<Integer> allowed =
        transition.source() == Start.class
            ? Set.of(Check.InState.NO_STATE)
            : catalogue.kinds(transition.source());
    return new Check.InState(
        item,
        which,
        entity,
        PreparedQuery.of(Query.of(Region.entity(entity))),
        catalogue.kinds(transition.machine().states()),
        allowed);
  }

  /// An event with what its batch adds to it.
  ///
  /// @param event what the caller wants
  /// @param key its idempotency key, or null
  /// @param root which event of the batch began the conversation
  /// @param correlation what that one says of it What a batch adds to an event's own options.
  private record Placed(
      NewEvent event, @Nullable Bytes key, int root, Optional<EventId> correlation) {}

  private FrameDraft draft(Placed placed) {
    NewEvent event = placed.event;
    var draft = new FrameDraft();
    begin(draft, event.coordinate(), event.payload(), event.options());
    event
        .cause()
        .ifPresent(
            cause -> draft.answers(cause, placed.correlation.isPresent() ? NO_ITEM : placed.root));
    AppendOptions options = event.options();
    MessageWriter out =
        draft.options(
            options.position(),
            placed.correlation.orElse(null),
            options.causation().orElse(null),
            tags(options.tags(), event.payload()),
            placed.key,
            options.extensions());
    write(event.payload(), out);
    check(draft);
    return draft;
  }

  /// Fills a draft with an event that has no key.
  void fill(FrameDraft draft, Coordinate coordinate, Object payload, AppendOptions options) {
    begin(draft, coordinate, payload, options);
    MessageWriter out =
        draft.options(
            options.position(),
            options.correlation().orElse(null),
            options.causation().orElse(null),
            tags(options.tags(), payload),
            null,
            options.extensions());
    write(payload, out);
    check(draft);
  }

  private void begin(
      FrameDraft draft, Coordinate coordinate, Object payload, AppendOptions options) {
    refuseReserved(coordinate);
    if (payload instanceof RawPayload raw) {
      draft.begin(coordinate, raw.kind().bits(), raw.version(), options.flags());
    } else {
      PayloadCodec<?> codec = codec(payload);
      draft.begin(coordinate, codec.kind().bits(), codec.version(), options.flags());
    }
  }

  private void write(Object payload, MessageWriter out) {
    if (payload instanceof RawPayload raw) {
      byte[] bytes = raw.shared();
      out.writeRaw(bytes, 0, bytes.length);
    } else {
      codec(payload).write((Record) payload, out);
    }
  }

  private List<String> tags(List<String> ofOptions, Object payload) {
    return payload instanceof RawPayload
        ? tags(ofOptions, List.of())
        : tags(ofOptions, codec(payload).tags((Record) payload));
  }

  @SuppressWarnings("unchecked") // a record's class is the class of its payload type
  private PayloadCodec<Record> codec(Object payload) {
    return catalogue.codec((Class<Record>) payload.getClass());
  }

  private static List<String> tags(List<String> ofOptions, List<String> ofPayload) {
    if (ofOptions.isEmpty() && ofPayload.isEmpty()) {
      return List.of();
    }
    var sorted = new TreeSet<>(ofOptions);
    for (String tag : ofPayload) {
      var _ = Names.check("tag", tag, EventLimits.TAG_BYTES_MAX);
      sorted.add(tag);
    }
    if (sorted.size() > EventLimits.TAG_COUNT_MAX) {
      throw new LimitExceeded("tags", EventLimits.TAG_COUNT_MAX, sorted.size());
    }
    return List.copyOf(sorted);
  }

  private static void check(FrameDraft draft) {
    draft.refuseErasedForm();
    if (draft.payloadBytes() > EventLimits.PAYLOAD_BYTES_MAX) {
      throw new LimitExceeded("payload bytes", EventLimits.PAYLOAD_BYTES_MAX, draft.payloadBytes());
    }
  }

  private static void refuseReserved(Coordinate coordinate) {
    if (coordinate.entity().startsWith(Names.RESERVED_PREFIX)
        || coordinate.scope().startsWith(Names.RESERVED_PREFIX)) {
      throw new InvalidName(
          coordinate.entity().startsWith(Names.RESERVED_PREFIX) ? "entity" : "scope",
          "begins with "
              + Names.RESERVED_PREFIX
              + ", which is the library's own; choose another beginning");
    }
  }
}
