package io.batpak.examples;

import io.batpak.Appended;
import io.batpak.Decoded;
import io.batpak.EventEntry;
import io.batpak.Receipt;
import io.batpak.Results;
import io.batpak.Store;
import io.batpak.annotations.EventPayload;
import io.batpak.annotations.Tag;
import io.batpak.event.Coordinate;
import io.batpak.query.Query;
import io.batpak.query.Region;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;

/// Decides across entities: a course has so many places, a student takes so many courses, and
/// everybody subscribes at once. What is read by one query, tags of either, is decided on; the
/// append holds only if that query has no new answer.
///
/// `CourseSubscription DIRECTORY`
public final class CourseSubscription {

  private static final List<String> COURSES = List.of("logic", "music", "optics", "poetry");
  private static final int PLACES = 10;
  private static final int STUDENTS = 100;
  private static final int COURSES_PER_STUDENT_MAX = 2;

  /// What a student is told.
  enum Answer {
    /// There is a place, and it is the student's.
    SUBSCRIBED,
    /// It was the student's already.
    SUBSCRIBED_BEFORE,
    /// There is no place.
    FULL,
    /// The student takes as many courses as one may.
    ENOUGH
  }

  /// A course is offered.
  ///
  /// @param course which
  /// @param places for how many
  @EventPayload(category = 0x1, type = 0x006)
  record Offered(@Tag String course, int places) {}

  /// A student takes a course.
  ///
  /// @param course which
  /// @param student who
  @EventPayload(category = 0x1, type = 0x007)
  record Subscribed(@Tag String course, @Tag String student) {}

  /// What the rules are about.
  private static final class State {

    private final String course;
    private final String student;
    private int free;
    private int taken;
    private boolean subscribed;

    State(String course, String student) {
      this.course = course;
      this.student = student;
    }

    void add(Decoded event) {
      switch (event) {
        case Decoded.Known(Offered offered) when offered.course.equals(course) ->
            free += offered.places;
        case Decoded.Known(Subscribed other) -> {
          boolean here = other.course.equals(course);
          boolean own = other.student.equals(student);
          free -= here ? 1 : 0;
          taken += own ? 1 : 0;
          subscribed |= here && own;
        }
        case Decoded.Known _, Decoded.UnknownKind _ -> {}
        case Decoded.Malformed malformed -> throw malformed.cause();
      }
    }

    Answer answer() {
      if (subscribed) {
        return Answer.SUBSCRIBED_BEFORE;
      }
      if (taken >= COURSES_PER_STUDENT_MAX) {
        return Answer.ENOUGH;
      }
      return free > 0 ? Answer.SUBSCRIBED : Answer.FULL;
    }
  }

  private CourseSubscription() {}

  /// Subscribes a student to a course, if the rules allow it.
  static Answer subscribe(Store store, String course, String student) {
    Query concerned =
        Query.of(Region.all().tag("course:" + course), Region.all().tag("student:" + student));
    while (true) {
      Results seen = store.query(concerned);
      State state = new State(course, student);
      for (EventEntry entry : seen) {
        state.add(entry.decode());
      }
      if (state.answer() != Answer.SUBSCRIBED) {
        return state.answer();
      }
      Appended appended =
          store.appendIf(at(course), new Subscribed(course, student), seen.unchanged());
      if (appended instanceof Receipt) {
        return Answer.SUBSCRIBED;
      }
      // A conflict: somebody took a place of this course, or the student took another course.
    }
  }

  private static Coordinate at(String course) {
    return Coordinate.of("course:" + course, "school");
  }

  /// Runs it.
  ///
  /// @param arguments the store's directory
  public static void main(String[] arguments) {
    try (Store store = Store.open(Path.of(arguments[0]))) {
      for (String course : COURSES) {
        if (store.entity("course:" + course).first().isEmpty()) {
          var _ = store.append(at(course), new Offered(course, PLACES));
        }
      }
      try (var students = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < STUDENTS; i++) {
          String student = "student-" + i;
          for (String course : COURSES) {
            students.execute(() -> {
              var _ = subscribe(store, course, student);
            });
          }
        }
      }
      for (String course : COURSES) {
        long count = store.query(Region.all().tag("course:" + course)).count() - 1;
        System.out.println(course + " has " + count + " students");
      }
    }
  }
}
