package io.batpak.testkit.simulated;

import io.batpak.engine.platform.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Background threads that run only when the test says so, on the test's own thread.
///
/// A real worker may run a round at any moment, so the test may too: that nothing has woken it is
/// no reason against.
///
/// Whoever waits for another thread waits for one of these. Without a clock that fails at once,
/// since nobody else will run. With a clock the workers run meanwhile: those that were woken, then
/// the one that is due next, and the time until then passes.
public final class SimulatedThreads implements Threads {

  /// What a hint to the scheduler costs.
  private static final long GIVE_WAY_NANOS = 1_000;

  private final @Nullable SimulatedClock clock;
  private final List<Registered> live = new ArrayList<>();

  /// Creates a place without threads, where nobody may wait.
  public SimulatedThreads() {
    this.clock = null;
  }

  /// Creates a place without threads, where time passes for those who wait.
  ///
  /// @param clock whose time passes
  public SimulatedThreads(SimulatedClock clock) {
    this.clock = clock;
  }

  private final class Registered implements Worker {

    private final String name;
    private final Job job;
    private boolean woken = true;
    private boolean running;
    private long dueNanos = Long.MAX_VALUE;

    Registered(String name, Job job) {
      this.name = name;
      this.job = job;
    }

    @Override
    public void wake() {
      woken = true;
    }

    @Override
    public void stop() {
      live.remove(this);
    }

    boolean ready(long nowNanos) {
      return !running && (woken || dueNanos <= nowNanos);
    }

    /// {@return nanoseconds until the next round}
    long run() {
      woken = false;
      running = true;
      try {
        long pause = job.run();
        dueNanos = pause > Long.MAX_VALUE - now() ? Long.MAX_VALUE : now() + pause;
        return pause;
      } finally {
        running = false;
      }
    }
  }

  private long now() {
    return clock == null ? 0 : clock.nanos();
  }

  @Override
  public Worker start(String name, Job job) {
    var worker = new Registered(name, job);
    live.add(worker);
    return worker;
  }

  /// {@return the names of the workers that were started and not stopped}
  public List<String> live() {
    return live.stream().map(worker -> worker.name).toList();
  }

  /// Runs one round of a worker picked by chance; nothing if there is none.
  ///
  /// @param random picks
  public void runAny(RandomGenerator random) {
    if (!live.isEmpty()) {
      var _ = live.get(random.nextInt(live.size())).run();
    }
  }

  /// Runs rounds of one worker until it has nothing more to do at once.
  ///
  /// @param name the worker's name
  /// @param roundsMax fails the test if it is busy for longer
  public void runUntilIdle(String name, int roundsMax) {
    Registered worker =
        live.stream()
            .filter(one -> one.name.equals(name))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no worker " + name + " among " + live()));
    for (int i = 0; i < roundsMax; i++) {
      if (worker.run() > 0) {
        return;
      }
    }
    throw new AssertionError(name + " is still busy after " + roundsMax + " rounds");
  }

  /// Runs rounds of all workers that were woken, until none is.
  public void runWoken() {
    for (Registered worker : List.copyOf(live)) {
      while (worker.woken) {
        var _ = worker.run();
      }
    }
  }

  /// Runs rounds of all workers that were woken or are due, until none is.
  ///
  /// @param roundsMax fails the test if they are busy for longer
  public void settle(int roundsMax) {
    for (int i = 0; i < roundsMax; i++) {
      if (!runReady()) {
        return;
      }
    }
    throw new AssertionError(live() + " are still busy after " + roundsMax + " rounds");
  }

  /// Runs one round of the first worker that is ready.
  private boolean runReady() {
    Optional<Registered> ready = live.stream().filter(one -> one.ready(now())).findFirst();
    ready.ifPresent(worker -> {
      live.remove(worker);
      live.addLast(worker);
      var _ = worker.run();
    });
    return ready.isPresent();
  }

  /// Lets the others run while the only thread waits; time passes if they have nothing to do.
  ///
  /// @param nanosMax how much time at most; `Long.MAX_VALUE` for no limit
  /// @return how much has passed
  private long runOthers(long nanosMax) {
    if (clock == null) {
      throw new AssertionError("would block: the only thread waits for another");
    }
    long start = clock.nanos();
    if (!runReady()) {
      long dueNanos =
          live.stream()
              .filter(worker -> !worker.running)
              .mapToLong(worker -> worker.dueNanos)
              .min()
              .orElse(Long.MAX_VALUE);
      if (dueNanos == Long.MAX_VALUE && nanosMax == Long.MAX_VALUE) {
        throw new AssertionError("waits for ever: " + live() + " have no work");
      }
      clock.advance(Math.min(dueNanos - start, nanosMax));
    }
    return clock.nanos() - start;
  }

  @Override
  public void run(Runnable task) {
    task.run();
  }

  @Override
  public Parker parker() {
    return new Waiting();
  }

  /// The only thread, waiting; it is never interrupted.
  private final class Waiting implements Parker {

    @Override
    public void park() {
      var _ = runOthers(Long.MAX_VALUE);
    }

    @Override
    public long parkNanos(long nanos) {
      return runOthers(nanos);
    }

    @Override
    public void unpark() {}

    @Override
    public boolean interrupted() {
      return false;
    }

    @Override
    public boolean clearInterrupt() {
      return false;
    }

    @Override
    public void interrupt() {}
  }

  @Override
  public boolean virtual() {
    return false;
  }

  @Override
  public void giveWay() {
    if (clock == null) {
      throw new AssertionError("would spin: the only thread waits for another");
    }
    // It is a worker that gives way, and whoever else ran now might have to wait for that very one.
    clock.advance(GIVE_WAY_NANOS);
  }
}
