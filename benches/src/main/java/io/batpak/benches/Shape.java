package io.batpak.benches;

/// How many callers append at once, of which sort, and what each waits for.
public enum Shape {
  /// One platform thread, visible.
  VISIBLE_1("visible-1", Durability.VISIBLE, 1, false),
  /// One platform thread, visible, a hundred events at a time; latencies are those of the batch.
  BATCH_100("batch-100", Durability.VISIBLE, 1, false, Way.BATCH, 100),
  /// One platform thread, visible, a thousand and twenty-four on their way; latencies are those of
  /// handing over.
  SUBMIT_1024("submit-1024", Durability.VISIBLE, 1, false, Way.SUBMIT),
  /// Eight platform threads, visible.
  VISIBLE_8("visible-8", Durability.VISIBLE, 8, false),
  /// Sixty-four virtual threads, visible.
  VISIBLE_64V("visible-64v", Durability.VISIBLE, 64, true),
  /// One platform thread, durable.
  DURABLE_1("durable-1", Durability.DURABLE, 1, false),
  /// Eight platform threads, durable.
  DURABLE_8("durable-8", Durability.DURABLE, 8, false),
  /// Sixty-four virtual threads, durable.
  DURABLE_64V("durable-64v", Durability.DURABLE, 64, true),
  /// Two hundred and fifty-six virtual threads, durable.
  DURABLE_256V("durable-256v", Durability.DURABLE, 256, true),
  /// A hundred virtual threads, visible, all on one entity, each expecting its revision and trying
  /// again when another was faster.
  HOT_100V("hot-100v", Durability.VISIBLE, 100, true, Way.HOT);

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

  private final String label;
  private final Durability durability;
  private final int callers;
  private final boolean virtual;
  private final Way way;
  private final int batch;

  Shape(String label, Durability durability, int callers, boolean virtual) {
    this(label, durability, callers, virtual, Way.APPEND);
  }

  Shape(String label, Durability durability, int callers, boolean virtual, Way way) {
    this(label, durability, callers, virtual, way, 1);
  }

  Shape(String label, Durability durability, int callers, boolean virtual, Way way, int batch) {
    this.label = label;
    this.durability = durability;
    this.callers = callers;
    this.virtual = virtual;
    this.way = way;
    this.batch = batch;
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

  /// {@return whether a subject takes part: ways that peers have no word for are for the floor,
  /// which appends one by one, and the store only}
  ///
  /// @param subject its name
  public boolean takes(String subject) {
    return way == Way.APPEND
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
