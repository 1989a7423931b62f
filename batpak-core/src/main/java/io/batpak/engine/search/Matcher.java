package io.batpak.engine.search;

import io.batpak.engine.index.NameKey;
import io.batpak.engine.index.Postings;
import io.batpak.engine.index.SegmentIndex;
import io.batpak.query.EntityMatch;
import io.batpak.query.KindMatch;
import io.batpak.query.Region;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A region made ready for any number of segments: names with their bytes and fingerprints. In each
/// segment the condition with the fewest rows drives the search; the others are asked row by row
/// from the columns.
final class Matcher {

  /// Divides namespaces.
  private static final String DIVIDERS = "/:";

  /// More than the largest segment can hold: a footer that says more was not made by a writer, and
  /// must not cost the memory that it asks for.
  private static final int ROWS_MAX = 1 << 24;

  private final Region region;
  private final @Nullable NameKey entity;
  private final List<NameKey> namespace;
  private final @Nullable NameKey scope;
  private final List<NameKey> tags;

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
    this.tags = region.tags().stream().map(NameKey::new).toList();
  }

  Region region() {
    return region;
  }

  /// The rows of one segment that can match, and what each must still be asked.
  ///
  /// @param driver the rows; null for all
  /// @param answered the condition that the driver answers by itself
  /// @param tagRows the rows of each tag
  record Candidates(@Nullable Postings driver, Condition answered, List<Postings> tagRows) {}

  /// What a driver can answer by itself.
  enum Condition {
    ENTITY,
    SCOPE,
    KIND,
    TAG,
    NONE
  }

  private record Choice(Condition condition, List<Postings> lists) {

    long count() {
      long count = 0;
      for (Postings list : lists) {
        count += list.count();
      }
      return count;
    }
  }

  /// {@return the candidates of a segment, or null if no row can match}
  @Nullable Candidates candidates(SegmentIndex index) {
    List<Postings> tagRows = tags.stream().map(index::withTag).toList();
    Choice fewest = null;
    for (Choice choice : choices(index, tagRows)) {
      fewest = fewest == null || choice.count() < fewest.count() ? choice : fewest;
    }
    if (fewest == null) {
      return new Candidates(null, Condition.NONE, tagRows);
    }
    return fewest.count() == 0
        ? null
        : new Candidates(union(fewest.lists), fewest.condition, tagRows);
  }

  private List<Choice> choices(SegmentIndex index, List<Postings> tagRows) {
    var choices = new ArrayList<Choice>();
    if (entity != null) {
      var lists = new ArrayList<Postings>();
      lists.add(index.ofEntity(entity));
      for (NameKey prefix : namespace) {
        lists.addAll(index.ofEntitiesFrom(prefix));
      }
      choices.add(new Choice(Condition.ENTITY, lists));
    }
    if (scope != null) {
      choices.add(new Choice(Condition.SCOPE, List.of(index.ofScope(scope))));
    }
    switch (region.kinds()) {
      case KindMatch.Any _ -> {}
      case KindMatch.Exact exact ->
          choices.add(new Choice(Condition.KIND, List.of(index.ofKind(exact.kind().bits()))));
      case KindMatch.Category category ->
          choices.add(new Choice(Condition.KIND, index.ofCategory(category.category())));
    }
    for (Postings rows : tagRows) {
      choices.add(new Choice(Condition.TAG, List.of(rows)));
    }
    return choices;
  }

  /// {@return whether a candidate matches; sequence and time ranges are not looked at}
  // ReadBench.stream
  boolean matches(SegmentIndex index, int row, Candidates candidates) {
    Condition answered = candidates.answered;
    if (entity != null
        && answered != Condition.ENTITY
        && !matchesEntity(index.entity(row), entity.text())) {
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

  private boolean matchesEntity(String name, String wanted) {
    if (namespace.isEmpty() || name.length() <= wanted.length()) {
      return name.equals(wanted);
    }
    return name.startsWith(wanted) && DIVIDERS.indexOf(name.charAt(wanted.length())) >= 0;
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
