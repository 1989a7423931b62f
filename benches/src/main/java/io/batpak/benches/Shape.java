package io.batpak.benches;

/// How many callers append at once, of which sort, to which entities, and what each waits for.
public enum Shape {
  /// One platform thread, visible.
  VISIBLE_1("visible-1", Durability.VISIBLE, Callers.platform(1)),
  /// One platform thread, visible, a hundred events at a time; latencies are those of the batch.
  BATCH_100("batch-100", Durability.VISIBLE, Callers.platform(1), Way.BATCH, 100),
  /// One platform thread, visible, a thousand and twenty-four on their way; latencies are those of
  /// handing over.
  SUBMIT_1024("submit-1024", Durability.VISIBLE, Callers.platform(1), Way.SUBMIT),
  /// Eight platform threads, visible.
  VISIBLE_8("visible-8", Durability.VISIBLE, Callers.platform(8)),
  /// Sixty-four virtual threads, visible.
  VISIBLE_64V("visible-64v", Durability.VISIBLE, Callers.virtual(64)),
  /// One platform thread, durable.
  DURABLE_1("durable-1", Durability.DURABLE, Callers.platform(1)),
  /// Eight platform threads, durable.
  DURABLE_8("durable-8", Durability.DURABLE, Callers.platform(8)),
  /// Sixty-four virtual threads, durable.
  DURABLE_64V("durable-64v", Durability.DURABLE, Callers.virtual(64)),
  /// Two hundred and fifty-six virtual threads, durable.
  DURABLE_256V("durable-256v", Durability.DURABLE, Callers.virtual(256)),
  /// A hundred virtual threads, visible, all on one entity, each expecting its revision and trying
  /// again when another was faster.
  HOT_100V("hot-100v", Durability.VISIBLE, Callers.virtual(100), Way.HOT),
  /// One platform thread, visible, each event on an entity that never had one.
  VISIBLE_1_NEW("visible-1-new", Way.APPEND, 1, Entities.NEW),
  /// One platform thread, visible, each event on an entity of a million whose events are in sealed
  /// segments.
  VISIBLE_1_COLD("visible-1-cold", Way.APPEND, 1, Entities.COLD),
  /// The same, ten entities at a time; latencies are those of the batch.
  BATCH_10_COLD("batch-10-cold", Way.BATCH, 10, Entities.COLD);

  /// How a caller appends.
  public enum Way {
    /// One event, and wait.
    APPEND,
    /// Several events together, and wait.
    BATCH,
    /// One event, and wait for the one that is so many before it.
    SUBMIT,
    /// One event on the one entity of all callers, under its revision, until it succeeds.
    HOT
  }

  /// To which entities callers append, if the subject has entities.
  public enum Entities {
    /// A thousand, in turn; after the first thousand events all are in the active segment.
    RECURRING,
    /// Some that never had an event.
    NEW,
    /// Some of a million whose events are all in sealed segments, each at most once.
    COLD
  }

  /// The threads that append.
  ///
  /// @param count how many at once
  /// @param virtual whether they are virtual threads
  private record Callers(int count, boolean virtual) {

    static Callers platform(int count) {
      return new Callers(count, false);
    }

    static Callers virtual(int count) {
      return new Callers(count, true);
    }
  }

  private final String label;
  private final Durability durability;
  private final int callers;
  private final boolean virtual;
  private final Way way;
  private final int batch;
  private final Entities entities;

  Shape(String label, Durability durability, Callers callers) {
    this(label, durability, callers, Way.APPEND);
  }

  Shape(String label, Durability durability, Callers callers, Way way) {
    this(label, durability, callers, way, 1);
  }

  Shape(String label, Durability durability, Callers callers, Way way, int batch) {
    this.label = label;
    this.durability = durability;
    this.callers = callers.count;
    this.virtual = callers.virtual;
    this.way = way;
    this.batch = batch;
    this.entities = Entities.RECURRING;
  }

  /// One platform thread, visible.
  Shape(String label, Way way, int batch, Entities entities) {
    this.label = label;
    this.durability = Durability.VISIBLE;
    this.callers = 1;
    this.virtual = false;
    this.way = way;
    this.batch = batch;
    this.entities = entities;
  }

  /// {@return the name on the command line and in the results}
  public String label() {
    return label;
  }

  /// {@return what an append waits for}
  public Durability durability() {
    return durability;
  }

  /// {@return how many threads append at once}
  public int callers() {
    return callers;
  }

  /// {@return the threads that append: virtual or platform ones}
  public Thread.Builder threads() {
    return virtual ? Thread.ofVirtual() : Thread.ofPlatform();
  }

  /// {@return whether the callers are virtual threads}
  public boolean virtual() {
    return virtual;
  }

  /// {@return how a caller appends}
  public Way way() {
    return way;
  }

  /// {@return how many events are appended together}
  public int batch() {
    return batch;
  }

  /// {@return to which entities callers append}
  public Entities entities() {
    return entities;
  }

  /// {@return whether callers append to entities that must have been made before}
  public boolean cold() {
    return entities == Entities.COLD;
  }

  /// {@return whether a subject takes part: ways and entities that peers have no word for are for
  /// the floor, which appends one by one, and the store only}
  ///
  /// @param subject its name
  public boolean takes(String subject) {
    return way == Way.APPEND && entities == Entities.RECURRING
        || subject.equals(Entrants.FLOOR.name())
        || subject.equals(Entrants.STORE.name());
  }

  /// {@return the shape of a label}
  ///
  /// @param label as on the command line
  public static Shape of(String label) {
    for (Shape shape : values()) {
      if (shape.label.equals(label)) {
        return shape;
      }
    }
    throw new IllegalArgumentException("no shape is called " + label);
  }
}
