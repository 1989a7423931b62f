package io.batpak.benches;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// One pass of callers over an open subject, for a fixed time.
///
/// Each caller reads the clock once per append; the end of one append is the start of the next, so
/// a latency holds one clock read and one histogram entry (about 35 ns where a clock read is 24). A
/// virtual caller yields every {@value #APPENDS_PER_YIELD} appends, outside the measured time:
/// callers that never block would otherwise keep the carriers from all the others until the pass is
/// over. Callers draw their appends from a shared budget in blocks, so that a fast subject stops at
/// a cap of bytes rather than at the end of the disk.
final class Load {

  private static final int APPENDS_PER_YIELD = 64;
  private static final int BLOCK_MAX = 1024;
  private static final long LATENCY_NANOS_MAX = Duration.ofMinutes(2).toNanos();
  private static final int SIGNIFICANT_DIGITS = 3;

  // payloads are windows of noise, so that no peer compresses them; the stride is odd, hence no two
  // neighbours are alike
  private static final int NOISE_BYTES = 1 << 16;
  private static final int NOISE_STRIDE = 101;

  private final Subject subject;
  private final Shape shape;
  private final AtomicLong budget = new AtomicLong();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile long deadlineNanos;

  Load(Subject subject, Shape shape) {
    this.subject = subject;
    this.shape = shape;
  }

  /// What one pass did.
  ///
  /// @param events how many appends returned
  /// @param nanos from the common start to the return of the last append
  /// @param latencies of all appends, in nanoseconds
  /// @param used by the whole JVM in that time
  /// @param callerCpuNanos CPU time of the callers alone; empty if they are virtual threads, whose
  ///   time the JVM does not count
  record Pass(
      long events, long nanos, Histogram latencies, Usage used, OptionalLong callerCpuNanos) {}

  /// Lets all callers append.
  ///
  /// @param duration how long
  /// @param eventsMax after how many appends to stop early
  Pass run(Duration duration, long eventsMax) throws Exception {
    budget.set(eventsMax);
    CountDownLatch ready = new CountDownLatch(shape.callers());
    CountDownLatch start = new CountDownLatch(1);
    List<Caller> callers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < shape.callers(); i++) {
      Caller caller = new Caller(i, ready, start);
      callers.add(caller);
      threads.add(shape.threads().name("caller-", i).start(caller));
    }
    ready.await();
    Usage before = Usage.now();
    long startNanos = System.nanoTime();
    deadlineNanos = startNanos + duration.toNanos();
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    Usage used = Usage.now().since(before);
    @Nullable Throwable thrown = failure.get();
    if (thrown != null) {
      throw new IllegalStateException("an append failed: " + thrown, thrown);
    }
    return merged(callers, startNanos, used);
  }

  private Pass merged(List<Caller> callers, long startNanos, Usage used) {
    Histogram all = histogram();
    long endNanos = startNanos;
    long cpuNanos = 0;
    for (Caller caller : callers) {
      all.add(caller.latencies);
      endNanos = Math.max(endNanos, caller.endNanos);
      cpuNanos += caller.cpuNanos;
    }
    return new Pass(
        shape.batch() * all.getTotalCount(),
        Math.max(1, endNanos - startNanos),
        all,
        used,
        shape.virtual() ? OptionalLong.empty() : OptionalLong.of(cpuNanos));
  }

  private static Histogram histogram() {
    return new Histogram(LATENCY_NANOS_MAX, SIGNIFICANT_DIGITS);
  }

  private long drawBlock() {
    int callers = shape.callers();
    long wanted = shape.durability() == Durability.DURABLE ? 1 : Math.max(1, BLOCK_MAX / callers);
    long before = budget.getAndAdd(-wanted * shape.batch());
    return Math.clamp(before / shape.batch(), 0, wanted);
  }

  private final class Caller implements Runnable {

    private final int number;
    private final CountDownLatch ready;
    private final CountDownLatch start;
    private final Histogram latencies = histogram();
    private final byte[][] payloads = new byte[shape.batch()][Subject.PAYLOAD_BYTES];
    private final byte[] noise = new byte[NOISE_BYTES + Subject.PAYLOAD_BYTES];
    private long endNanos;
    private long cpuNanos;

    Caller(int number, CountDownLatch ready, CountDownLatch start) {
      this.number = number;
      this.ready = ready;
      this.start = start;
      new Random(number).nextBytes(noise);
    }

    @Override
    public void run() {
      ready.countDown();
      try {
        start.await();
        long cpuBeforeNanos = cpuTimeNanos();
        appendUntil(deadlineNanos);
        subject.settle(number);
        endNanos = System.nanoTime();
        cpuNanos = cpuTimeNanos() - cpuBeforeNanos;
      } catch (Throwable e) {
        failure.compareAndSet(null, e);
        budget.set(0);
      }
    }

    private long cpuTimeNanos() {
      return shape.virtual() ? 0 : Usage.threadCpuNanos();
    }

    private void append(long count) throws Exception {
      for (int i = 0; i < payloads.length; i++) {
        int offset = (int) ((count * payloads.length + i) * NOISE_STRIDE) & NOISE_BYTES - 1;
        System.arraycopy(noise, offset, payloads[i], 0, Subject.PAYLOAD_BYTES);
      }
      switch (shape.way()) {
        case APPEND -> subject.append(number, payloads[0]);
        case BATCH -> subject.appendBatch(number, payloads);
        case SUBMIT -> subject.submit(number, payloads[0]);
        case HOT -> subject.appendHot(number, payloads[0]);
      }
    }

    @SuppressWarnings("ThreadPriorityCheck") // giving way is the point, see above
    private void appendUntil(long deadline) throws Exception {
      boolean yields = shape.virtual();
      long block = 0;
      long count = 0;
      long from = System.nanoTime();
      endNanos = from;
      while (from < deadline && (block > 0 || (block = drawBlock()) > 0)) {
        append(count);
        long until = System.nanoTime();
        latencies.recordValue(Math.min(until - from, LATENCY_NANOS_MAX));
        endNanos = until;
        from = until;
        block--;
        count++;
        if (yields && count % APPENDS_PER_YIELD == 0) {
          Thread.yield();
          from = System.nanoTime();
        }
      }
    }
  }
}
