package io.batpak.benches;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What to run, for how long, where.
///
/// @param form name of the form, for the results
/// @param entrants who, in the order of the table
/// @param shapes in which shapes
/// @param rounds how often each is run; the median counts
/// @param warmUp before each measurement
/// @param measured length of each measurement
/// @param budget no further round is begun when the last one shows that it would end later
/// @param bytesMax most bytes that one trial may put on disk
/// @param coldEntities how many entities there are in shapes with cold ones, a power of two
/// @param surfaceEvents how many events the store of the surfaces gets; 0 for no surfaces
/// @param directory where trials get their directories; each is removed after its trial
/// @param results the JSON file to write
record Plan(
    String form,
    List<Entrant> entrants,
    List<Shape> shapes,
    int rounds,
    Duration warmUp,
    Duration measured,
    Duration budget,
    long bytesMax,
    int coldEntities,
    long surfaceEvents,
    Path directory,
    Path results) {

  private static final long BYTES_MAX = 1_500_000_000;
  private static final int COLD_ENTITIES = 1 << 20;

  Plan {
    entrants = List.copyOf(entrants);
    shapes = List.copyOf(shapes);
    if (rounds < 1) {
      throw new IllegalArgumentException("at least one round, not " + rounds);
    }
  }

  /// Under five minutes for everything.
  static Plan shortForm(Path directory, Path results) {
    return new Plan(
        "short",
        Entrants.ALL,
        List.of(Shape.values()),
        3,
        Duration.ofMillis(600),
        Duration.ofMillis(600),
        Duration.ofSeconds(280),
        BYTES_MAX,
        COLD_ENTITIES,
        1_000_000,
        directory,
        results);
  }

  /// For the numbers that are written down.
  static Plan fullForm(Path directory, Path results) {
    return new Plan(
        "full",
        Entrants.ALL,
        List.of(Shape.values()),
        5,
        Duration.ofMillis(1500),
        Duration.ofMillis(2500),
        Duration.ofHours(2),
        BYTES_MAX,
        COLD_ENTITIES,
        10_000_000,
        directory,
        results);
  }

  Plan only(List<Entrant> entrants) {
    return new Plan(
        form,
        entrants,
        shapes,
        rounds,
        warmUp,
        measured,
        budget,
        bytesMax,
        coldEntities,
        surfaceEvents,
        directory,
        results);
  }

  Plan in(List<Shape> shapes) {
    return new Plan(
        form,
        entrants,
        shapes,
        rounds,
        warmUp,
        measured,
        budget,
        bytesMax,
        coldEntities,
        surfaceEvents,
        directory,
        results);
  }

  Plan times(int rounds) {
    return new Plan(
        form,
        entrants,
        shapes,
        rounds,
        warmUp,
        measured,
        budget,
        bytesMax,
        coldEntities,
        surfaceEvents,
        directory,
        results);
  }

  Plan withSurfaces(long surfaceEvents) {
    return new Plan(
        form,
        entrants,
        shapes,
        rounds,
        warmUp,
        measured,
        budget,
        bytesMax,
        coldEntities,
        surfaceEvents,
        directory,
        results);
  }
}
