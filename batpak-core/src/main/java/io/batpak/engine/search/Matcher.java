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

  /// The rows of one segment that can match, and the test that each must still pass.
  record Candidates(@Nullable Postings driver, List<Postings> tagRows) {}

  /// {@return the candidates of a segment, or null if no row can match}
  @Nullable Candidates candidates(SegmentIndex index) {
    var conditions = new ArrayList<List<Postings>>();
    if (entity != null) {
      var lists = new ArrayList<Postings>();
      lists.add(index.ofEntity(entity));
      for (NameKey prefix : namespace) {
        lists.addAll(index.ofEntitiesFrom(prefix));
      }
      conditions.add(lists);
    }
    if (scope != null) {
      conditions.add(List.of(index.ofScope(scope)));
    }
    switch (region.kinds()) {
      case KindMatch.Any any -> {}
      case KindMatch.Exact exact -> conditions.add(List.of(index.ofKind(exact.kind().bits())));
      case KindMatch.Category category -> conditions.add(index.ofCategory(category.category()));
    }
    var tagRows = new ArrayList<Postings>(tags.size());
    for (NameKey tag : tags) {
      Postings rows = index.withTag(tag);
      tagRows.add(rows);
      conditions.add(List.of(rows));
    }
    if (conditions.isEmpty()) {
      return new Candidates(null, tagRows);
    }
    List<Postings> fewest = conditions.getFirst();
    for (List<Postings> condition : conditions) {
      fewest = count(condition) < count(fewest) ? condition : fewest;
    }
    return count(fewest) == 0 ? null : new Candidates(union(fewest), tagRows);
  }

  /// {@return whether a row matches; sequence and time ranges are not looked at}
  boolean matches(SegmentIndex index, int row, List<Postings> tagRows) {
    if (entity != null && !matchesEntity(index.entity(row), entity.text())) {
      return false;
    }
    if (scope != null && !scope.text().equals(index.scope(row))) {
      return false;
    }
    for (Postings rows : tagRows) {
      if (!rows.contains(row)) {
        return false;
      }
    }
    return switch (region.kinds()) {
      case KindMatch.Any any -> true;
      case KindMatch.Exact exact -> exact.kind().bits() == index.kind(row);
      case KindMatch.Category category -> category.category() == index.kind(row) >>> 12;
    };
  }

  private boolean matchesEntity(String name, String wanted) {
    if (namespace.isEmpty() || name.length() <= wanted.length()) {
      return name.equals(wanted);
    }
    return name.startsWith(wanted) && DIVIDERS.indexOf(name.charAt(wanted.length())) >= 0;
  }

  private static long count(List<Postings> lists) {
    long count = 0;
    for (Postings list : lists) {
      count += list.count();
    }
    return count;
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
