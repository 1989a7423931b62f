package io.batpak.engine.search;

import io.batpak.query.Query;
import java.util.List;

/// A query whose names have been worked out once, for any number of searches and threads.
public final class PreparedQuery {

  private final Query query;
  private final List<Matcher> matchers;

  private PreparedQuery(Query query) {
    this.query = query;
    this.matchers = query.regions().stream().map(Matcher::new).toList();
  }

  /// {@return a query made ready}
  ///
  /// @param query what is meant
  public static PreparedQuery of(Query query) {
    return new PreparedQuery(query);
  }

  /// {@return what is meant}
  public Query query() {
    return query;
  }

  List<Matcher> matchers() {
    return matchers;
  }
}
