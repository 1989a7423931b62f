package io.batpak.testkit.simulated;

import io.batpak.engine.platform.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Background threads that run only when the test says so, on the test's own thread. Whatever would
/// wait for another thread fails at once, since there is none.
///
/// A real worker may run a round at any moment, so the test may too: that nothing has woken it is
/// no reason against.
public final class SimulatedThreads implements Threads {

  private final List<Registered> live = new ArrayList<>();

  /// Creates a place without threads.
  public SimulatedThreads() {}

  private final class Registered implements Worker {

    private final String name;
    private final Job job;
    private boolean woken = true;

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
      run(live.get(random.nextInt(live.size())));
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
      if (run(worker) > 0) {
        return;
      }
    }
    throw new AssertionError(name + " is still busy after " + roundsMax + " rounds");
  }

  /// Runs rounds of all workers that were woken, until none is.
  public void runWoken() {
    for (Registered worker : List.copyOf(live)) {
      while (worker.woken) {
        var _ = run(worker);
      }
    }
  }

  private static long run(Registered worker) {
    worker.woken = false;
    return worker.job.run();
  }

  @Override
  public Parker parker() {
    return new Parker() {
      @Override
      public void park() {
        throw new AssertionError("would block: the only thread waits for another");
      }

      @Override
      public void unpark() {}

      @Override
      public boolean clearInterrupt() {
        return false;
      }

      @Override
      public void interrupt() {}
    };
  }

  @Override
  public boolean virtual() {
    return false;
  }

  @Override
  public void giveWay() {
    throw new AssertionError("would spin: the only thread waits for another");
  }
}
