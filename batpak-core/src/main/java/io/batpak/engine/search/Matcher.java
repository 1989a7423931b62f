package io.batpak.engine.search;

import io.batpak.engine.index.NameKey;
import io.batpak.engine.index.Postings;
import io.batpak.engine.index.SegmentIndex;
import io.batpak.event.Names;
import io.batpak.query.EntityMatch;
import io.batpak.query.KindMatch;
import io.batpak.query.Region;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A region made ready for any number of segments and threads: names with their bytes and
/// fingerprints. In each segment the condition with the fewest rows drives the search; the others
/// are asked row by row from the columns.
final class Matcher {

  /// As few rows as this are asked one by one, rather than looking up every name of a namespace.
  static final int FEW_ROWS = 64;

  /// Divides namespaces.
  private static final String DIVIDERS = "/:";

  /// Of the library's own events, and of others.
  private static final int SYSTEM_CATEGORY = 0x0;

  /// More than the largest segment can hold: a footer that says more was not made by a writer, and
  /// must not cost the memory that it asks for.
  private static final int ROWS_MAX = 1 << 24;

  private final Region region;
  private final @Nullable NameKey entity;
  private final List<NameKey> namespace;
  private final @Nullable NameKey scope;
  private final List<Lookup> lookups;

  /// Asked of a segment's filter before anything else.
  private final @Nullable NameKey tag;

  private final boolean leavesOwnOut;

  Matcher(Region region) {
    this.region = region;
    this.entity =
        switch (region.entity()) {
          case EntityMatch.Any any -> null;
          case EntityMatch.Exact exact -> new NameKey(exact.name());
          case EntityMatch.Namespace below -> new NameKey(below.name());
        };
    this.namespace =
        region.entity() instanceof EntityMatch.Namespace below
            ? DIVIDERS
                .chars()
                .mapToObj(divider -> new NameKey(below.name() + (char) divider))
                .toList()
            : List.of();
    this.scope = region.scope().map(NameKey::new).orElse(null);
    this.tag = region.tags().isEmpty() ? null : new NameKey(region.tags().getFirst());
    this.lookups = prepare();
    boolean ownScope = scope != null && scope.text().startsWith(Names.RESERVED_PREFIX);
    this.leavesOwnOut = entity == null && region.kinds() instanceof KindMatch.Any && !ownScope;
  }

  private List<Lookup> prepare() {
    var found = new ArrayList<Lookup>();
    if (entity != null && namespace.isEmpty()) {
      found.add(new Lookup.OfEntity(entity));
    }
    if (scope != null) {
      found.add(new Lookup.OfScope(scope));
    }
    if (region.kinds() instanceof KindMatch.Exact exact) {
      found.add(new Lookup.OfKind(exact.kind().bits()));
    }
    for (String tag : region.tags()) {
      found.add(new Lookup.WithTag(new NameKey(tag)));
    }
    return List.copyOf(found);
  }

  Region region() {
    return region;
  }

  /// {@return every condition that is one look-up}
  List<Lookup> lookups() {
    return lookups;
  }

  /// {@return whether a segment has no row of the region, as far as a filter knows: for most
  /// segments the only question}
  boolean misses(SegmentIndex index) {
    if (tag != null) {
      return !index.mayHaveTag(tag);
    }
    return entity != null && namespace.isEmpty() && !index.mayHaveEntity(entity);
  }

  /// {@return the first row of a segment in the region's times, and not before a row}
  int firstRow(SegmentIndex index, int rows, long wanted) {
    int low = (int) Math.min(rows, Math.max(0, wanted));
    return region.fromMillis() > 0
        ? Math.max(low, firstRowAt(index, rows, region.fromMillis()))
        : low;
  }

  /// {@return the row behind the last of a segment in the region's times, and not behind a row}
  int endRow(SegmentIndex index, int rows, long wanted) {
    int high = (int) Math.min(rows, Math.max(0, wanted));
    return region.untilMillis() < Long.MAX_VALUE
        ? Math.min(high, firstRowAt(index, rows, region.untilMillis()))
        : high;
  }

  /// {@return the first row at or behind a wall time}
  private static int firstRowAt(SegmentIndex index, int rows, long wallMillis) {
    int low = 0;
    int high = rows;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (index.wallMillis(middle) < wallMillis) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// The rows of one segment that can match, and what each must still be asked.
  ///
  /// @param driver the rows; null for all
  /// @param answered the condition that the driver answers by itself
  /// @param tagRows the rows of each tag, but that of the driver
  record Candidates(@Nullable Postings driver, Condition answered, List<Postings> tagRows) {}

  /// What a driver can answer by itself.
  enum Condition {
    ENTITY,
    SCOPE,
    KIND,
    TAG,
    NONE
  }

  /// {@return the candidates of a segment, or null if no row can match}
  @Nullable Candidates candidates(SegmentIndex index) {
    Postings fewest = null;
    Condition answered = Condition.NONE;
    var tagRows = new ArrayList<Postings>();
    for (Lookup lookup : lookups) {
      Postings rows = lookup.in(index);
      int count = rows.count();
      if (count == 0) {
        return null;
      }
      if (lookup instanceof Lookup.WithTag) {
        tagRows.add(rows);
      }
      if (fewest == null || count < fewest.count()) {
        fewest = rows;
        answered = condition(lookup);
      }
    }
    if (severalNames() && (fewest == null || fewest.count() > FEW_ROWS)) {
      Several several = several(index);
      long count = several.count();
      if (count == 0) {
        return null;
      }
      if (fewest == null || count < fewest.count()) {
        return new Candidates(union(several.lists), several.condition, tagRows);
      }
    }
    if (answered == Condition.TAG) {
      var _ = tagRows.remove(fewest);
    }
    return new Candidates(fewest, answered, tagRows);
  }

  private static Condition condition(Lookup lookup) {
    return switch (lookup) {
      case Lookup.OfEntity _ -> Condition.ENTITY;
      case Lookup.OfScope _ -> Condition.SCOPE;
      case Lookup.OfKind _ -> Condition.KIND;
      case Lookup.WithTag _ -> Condition.TAG;
    };
  }

  /// The rows of each name of a condition that is several look-ups.
  ///
  /// @param condition which
  /// @param lists ascending each, disjoint
  record Several(Condition condition, List<Postings> lists) {

    long count() {
      long count = 0;
      for (Postings list : lists) {
        count += list.count();
      }
      return count;
    }
  }

  /// {@return whether there is a namespace or a category}
  boolean severalNames() {
    return !namespace.isEmpty() || region.kinds() instanceof KindMatch.Category;
  }

  /// {@return the namespace or the category, whichever has fewer rows; there is one}
  Several several(SegmentIndex index) {
    Several entities = null;
    if (entity != null && !namespace.isEmpty()) {
      var lists = new ArrayList<Postings>();
      lists.add(index.ofEntity(entity));
      for (NameKey prefix : namespace) {
        lists.addAll(index.ofEntitiesFrom(prefix));
      }
      entities = new Several(Condition.ENTITY, lists);
    }
    if (region.kinds() instanceof KindMatch.Category(int category)) {
      var kinds = new Several(Condition.KIND, index.ofCategory(category));
      return entities == null || kinds.count() < entities.count() ? kinds : entities;
    }
    return Objects.requireNonNull(entities);
  }

  /// {@return whether a candidate matches; sequence and time ranges are not looked at}
  // ReadBench.stream
  boolean matches(SegmentIndex index, int row, Candidates candidates) {
    Condition answered = candidates.answered;
    if (entity != null && answered != Condition.ENTITY && !matchesEntity(index, row)) {
      return false;
    }
    if (scope != null && answered != Condition.SCOPE && !scope.text().equals(index.scope(row))) {
      return false;
    }
    if (!candidates.tagRows.isEmpty() && !hasTags(candidates.tagRows, row)) {
      return false;
    }
    return answered == Condition.KIND || matchesKind(index, row);
  }

  /// {@return whether a row matches, asked of the columns and, for tags, of the postings; ranges
  /// are not looked at}
  ///
  /// @param answered which of the lookups need not be asked; -1 for none
  boolean matchesBesides(int answered, SegmentIndex index, int row) {
    for (int i = 0; i < lookups.size(); i++) {
      if (i != answered && !lookups.get(i).holds(index, row)) {
        return false;
      }
    }
    return !severalNames() || matchesEntity(index, row) && matchesKind(index, row);
  }

  private boolean matchesKind(SegmentIndex index, int row) {
    return switch (region.kinds()) {
      case KindMatch.Any _ -> true;
      case KindMatch.Exact exact -> exact.kind().bits() == index.kind(row);
      case KindMatch.Category category -> category.category() == index.kind(row) >>> 12;
    };
  }

  private static boolean hasTags(List<Postings> tagRows, int row) {
    for (Postings rows : tagRows) {
      if (!rows.contains(row)) {
        return false;
      }
    }
    return true;
  }

  private boolean matchesEntity(SegmentIndex index, int row) {
    if (entity == null) {
      return true;
    }
    String wanted = entity.text();
    String name = index.entity(row);
    if (namespace.isEmpty() || name.length() <= wanted.length()) {
      return name.equals(wanted);
    }
    return name.startsWith(wanted) && DIVIDERS.indexOf(name.charAt(wanted.length())) >= 0;
  }

  /// {@return whether rows of a segment must be asked if they are the library's own. A region that
  /// names an entity, a namespace or a kind has none of them or means them}
  boolean leavesOwnOut(SegmentIndex index) {
    return leavesOwnOut && index.mayHave(SYSTEM_CATEGORY);
  }

  /// {@return whether a row is an event of the library about the store. Others of its kinds, such
  /// as a denial, stand on an application's entity}
  static boolean own(SegmentIndex index, int row) {
    return index.kind(row) >>> 12 == SYSTEM_CATEGORY
        && index.entity(row).startsWith(Names.RESERVED_PREFIX);
  }

  private static Postings union(List<Postings> lists) {
    if (lists.size() == 1) {
      return lists.getFirst();
    }
    var rows = new BitSet();
    for (Postings list : lists) {
      int count = list.count();
      for (int i = 0; i < count; i++) {
        rows.set(Objects.checkIndex(list.row(i), ROWS_MAX));
      }
    }
    return new Union(rows.stream().toArray());
  }

  /// The rows of several names, ascending.
  private static final class Union implements Postings {

    private final int[] rows;

    Union(int[] rows) {
      this.rows = rows;
    }

    @Override
    public int count() {
      return rows.length;
    }

    @Override
    public int row(int i) {
      return rows[i];
    }
  }
}
