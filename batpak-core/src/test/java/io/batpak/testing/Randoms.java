package io.batpak.testing;

import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/// Properties under random inputs, with seeds that can be replayed and sizes that shrink.
///
/// Each run has a seed of its own and a size, which grows from 1 to [#SIZE_MAX] over the runs. When
/// a run fails, its seed is tried again at every smaller size, and the smallest that still fails is
/// reported, together with what replays exactly that one: `-Dbatpak.seed=<seed>:<size>`.
/// `-Dbatpak.runs=10` makes ten times as many runs.
public final class Randoms {

  /// The largest size a body is given.
  public static final int SIZE_MAX = 100;

  private static final String SEED_PROPERTY = "batpak.seed";
  private static final String RUNS_PROPERTY = "batpak.runs";

  private static final RandomGeneratorFactory<RandomGenerator> FACTORY =
      RandomGeneratorFactory.of("L64X128MixRandom");

  private final @Nullable String replay;
  private final int factor;
  private final RandomGenerator seeds;

  Randoms(@Nullable String replay, int factor, long firstSeed) {
    this.replay = replay;
    this.factor = factor;
    this.seeds = FACTORY.create(firstSeed);
  }

  /// Runs a body many times, each time with a fresh seed.
  ///
  /// @param runs how many times; once if a seed is replayed
  /// @param body what is run
  /// @throws AssertionError if a run fails; names seed, size and run, and has the failure as its
  ///   cause
  public static void each(int runs, RandomBody body) {
    long firstSeed = RandomGenerator.getDefault().nextLong();
    new Randoms(System.getProperty(SEED_PROPERTY), Integer.getInteger(RUNS_PROPERTY, 1), firstSeed)
        .run(runs, body);
  }

  /// {@return a source of randomness that always gives the same for the same seed}
  ///
  /// @param seed any number
  public static RandomGenerator seeded(long seed) {
    return FACTORY.create(seed);
  }

  void run(int runs, RandomBody body) {
    if (replay != null) {
      replay(replay, body);
      return;
    }
    int total = Math.multiplyExact(runs, factor);
    for (int run = 0; run < total; run++) {
      long seed = seeds.nextLong();
      int size = size(run, total);
      Throwable failure = attempt(body, seed, size);
      if (failure != null) {
        throw shrink(body, seed, size, failure, "run " + (run + 1) + " of " + total);
      }
    }
  }

  private static void replay(String replay, RandomBody body) {
    int colon = replay.indexOf(':');
    long seed = HexFormat.fromHexDigitsToLong(colon < 0 ? replay : replay.substring(0, colon));
    int size = colon < 0 ? SIZE_MAX : Integer.parseInt(replay.substring(colon + 1));
    Throwable failure = attempt(body, seed, size);
    if (failure != null) {
      throw report(seed, size, failure, "replayed");
    }
  }

  /// From small to large: 1 in the first run, SIZE_MAX in the last.
  private static int size(int run, int total) {
    return total == 1 ? SIZE_MAX : 1 + (int) ((long) run * (SIZE_MAX - 1) / (total - 1));
  }

  private static AssertionError shrink(
      RandomBody body, long seed, int size, Throwable failure, String run) {
    for (int smaller = 1; smaller < size; smaller++) {
      Throwable smallerFailure = attempt(body, seed, smaller);
      if (smallerFailure != null) {
        return report(seed, smaller, smallerFailure, run + ", shrunk from size " + size);
      }
    }
    return report(seed, size, failure, run);
  }

  private static AssertionError report(long seed, int size, Throwable failure, String run) {
    String message =
        "%s: replay with -D%s=%s:%d: %s"
            .formatted(run, SEED_PROPERTY, HexFormat.of().toHexDigits(seed), size, failure);
    return new AssertionError(message, failure);
  }

  private static @Nullable Throwable attempt(RandomBody body, long seed, int size) {
    try {
      body.run(seeded(seed), size);
      return null;
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      return failure;
    } catch (Exception | AssertionError | StackOverflowError failure) {
      return failure;
    }
  }
}
