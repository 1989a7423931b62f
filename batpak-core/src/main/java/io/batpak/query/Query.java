package io.batpak.query;

import io.batpak.failure.LimitExceeded;
import java.util.ArrayList;
import java.util.List;

/// Events that any of several regions means. Immutable.
///
/// ```java
/// Query query = Query.of(Region.all().tag("course:7"), Region.all().tag("student:ada"));
/// ```
///
/// @param regions which regions; 1 to {@link #REGION_COUNT_MAX}
public record Query(List<Region> regions) {

  /// Most regions of one query. Each is looked up on its own, also within the commit of a
  /// conditional append.
  public static final int REGION_COUNT_MAX = 16;

  /// Checks the count.
  ///
  /// @throws LimitExceeded if there are too many regions
  public Query {
    regions = List.copyOf(regions);
    if (regions.isEmpty()) {
      throw new IllegalArgumentException("a query without a region; Region.all() means all events");
    }
    if (regions.size() > REGION_COUNT_MAX) {
      throw new LimitExceeded("regions of a query", REGION_COUNT_MAX, regions.size());
    }
  }

  /// {@return the events that any of the regions means}
  ///
  /// @param first a region
  /// @param more further regions
  /// @throws LimitExceeded if there are too many regions
  public static Query of(Region first, Region... more) {
    var regions = new ArrayList<Region>(more.length + 1);
    regions.add(first);
    regions.addAll(List.of(more));
    return new Query(regions);
  }

  /// {@return the events that any of the regions means}
  ///
  /// @param regions at least one
  /// @throws LimitExceeded if there are too many regions
  public static Query anyOf(List<Region> regions) {
    return new Query(regions);
  }

  /// {@return these events and those of a further region}
  ///
  /// @param region the region
  /// @throws LimitExceeded if there are too many regions
  public Query or(Region region) {
    var all = new ArrayList<>(regions);
    all.add(region);
    return new Query(all);
  }
}
