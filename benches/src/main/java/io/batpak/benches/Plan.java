package io.batpak.benches;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What to run, for how long, where.
///
/// @param form name of the form, for the results
/// @param entrants who, in the order of the table
/// @param shapes in which shapes
/// @param attendance who of them in which rounds
/// @param rounds how often each is run; the median counts
/// @param warmUp before each measurement, of surfaces too
/// @param measured length of each measurement
/// @param limit for everything; no round begins when what ran before shows that it would end later
/// @param bytesMax most bytes that one trial may put on disk
/// @param coldEntities how many entities there are in shapes with cold ones, a power of two
/// @param surfaceEvents how many events the store of the surfaces gets; 0 for no surfaces
/// @param directory where trials get their directories; each is removed after its trial
/// @param results the JSON file to write
record Plan(
    String form,
    List<Entrant> entrants,
    List<Shape> shapes,
    Attendance attendance,
    int rounds,
    Duration warmUp,
    Duration measured,
    Duration limit,
    long bytesMax,
    int coldEntities,
    long surfaceEvents,
    Path directory,
    Path results) {

  /// Below that the figures are of the compiler, which takes the second core meanwhile.
  private static final Duration WARM_UP = Duration.ofSeconds(2);

  /// About what starting a JVM, reading back and removing the files add to a trial.
  private static final Duration BESIDE = Duration.ofSeconds(1);

  private static final long BYTES_MAX = 3_000_000_000L;
  private static final int COLD_ENTITIES = 1 << 20;

  Plan {
    entrants = List.copyOf(entrants);
    shapes = List.copyOf(shapes);
    if (rounds < 1) {
      throw new IllegalArgumentException("at least one round, not " + rounds);
    }
  }

  /// Under six minutes for everything.
  static Plan shortForm(Path directory, Path results) {
    return new Plan(
        "short",
        Entrants.ALL,
        List.of(Shape.values()),
        Attendance.JUDGED_FIRST,
        2,
        WARM_UP,
        Duration.ofMillis(600),
        Duration.ofSeconds(335),
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
        Attendance.EVERYBODY,
        5,
        WARM_UP,
        Duration.ofMillis(2500),
        Duration.ofHours(2),
        BYTES_MAX,
        COLD_ENTITIES,
        10_000_000,
        directory,
        results);
  }

  /// {@return the trials of a round, shape by shape}
  ///
  /// @param round from 1
  List<Pairing> trials(int round) {
    List<Pairing> trials = new ArrayList<>();
    for (Shape shape : shapes) {
      for (Entrant entrant : entrants) {
        Pairing pairing = new Pairing(shape, entrant);
        if (shape.takes(entrant.name()) && attendance.takes(pairing, round)) {
          trials.add(pairing);
        }
      }
    }
    return trials;
  }

  /// {@return about how long one trial takes}
  Duration trial() {
    return warmUp.plus(measured).plus(BESIDE);
  }

  /// {@return the same with the named subjects only, each in every round}
  ///
  /// @param entrants in the order of the table
  Plan only(List<Entrant> entrants) {
    return with(entrants, shapes, Attendance.EVERYBODY, rounds, surfaceEvents);
  }

  /// {@return the same with the named shapes only, each subject in every round}
  ///
  /// @param shapes in the order of the table
  Plan in(List<Shape> shapes) {
    return with(entrants, shapes, Attendance.EVERYBODY, rounds, surfaceEvents);
  }

  /// {@return the same with another number of rounds}
  ///
  /// @param rounds at least one
  Plan times(int rounds) {
    return with(entrants, shapes, attendance, rounds, surfaceEvents);
  }

  /// {@return the same with another store of the surfaces}
  ///
  /// @param surfaceEvents how many events it gets; 0 for no surfaces
  Plan withSurfaces(long surfaceEvents) {
    return with(entrants, shapes, attendance, rounds, surfaceEvents);
  }

  private Plan with(
      List<Entrant> entrants,
      List<Shape> shapes,
      Attendance attendance,
      int rounds,
      long surfaceEvents) {
    return new Plan(
        form,
        entrants,
        shapes,
        attendance,
        rounds,
        warmUp,
        measured,
        limit,
        bytesMax,
        coldEntities,
        surfaceEvents,
        directory,
        results);
  }
}
