package io.batpak.engine.commit;

import io.batpak.engine.platform.Threads;
import io.batpak.engine.platform.Threads.Parker;
import io.batpak.failure.Interrupted;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/// Commits on their way to the writer role: a bounded queue of many producers and one consumer, who
/// is whoever holds the role.
final class SubmissionQueue {

  private final Threads threads;
  private final MpscAtomicArrayQueue<Submission> queue;

  /// How many in the queue want to be durable: what the syncer gathers before a force.
  private final AtomicInteger durables = new AtomicInteger();

  /// Those who wait for room.
  private final ConcurrentLinkedQueue<Parker> blocked = new ConcurrentLinkedQueue<>();

  SubmissionQueue(int capacity, Threads threads) {
    this.queue = new MpscAtomicArrayQueue<>(capacity);
    this.threads = threads;
  }

  boolean empty() {
    return queue.isEmpty();
  }

  int count() {
    return queue.size();
  }

  int capacity() {
    return queue.capacity();
  }

  int durables() {
    return durables.get();
  }

  /// Where the next submission will stand; those before it have been accepted.
  long acceptedEnd() {
    return queue.currentProducerIndex();
  }

  /// Where the next one taken stands.
  long takenEnd() {
    return queue.currentConsumerIndex();
  }

  /// Adds a submission if there is room.
  boolean offer(Submission submission) {
    boolean durable = submission.request().durable();
    if (durable) {
      durables.incrementAndGet();
    }
    if (queue.offer(submission)) {
      return true;
    }
    if (durable) {
      durables.decrementAndGet();
    }
    return false;
  }

  /// Adds a submission, and waits for room if there is none.
  ///
  /// @throws Interrupted if the thread was interrupted while it waited; nothing was added
  void put(Submission submission) {
    while (!offer(submission)) {
      awaitRoom();
    }
  }

  private void awaitRoom() {
    Parker parker = threads.parker();
    blocked.add(parker);
    try {
      if (queue.size() < queue.capacity()) {
        return;
      }
      if (!parker.interrupted()) {
        parker.park();
      }
    } finally {
      boolean _ = blocked.remove(parker);
    }
    if (parker.interrupted()) {
      throw new Interrupted("waiting for room in the queue", "nothing was written");
    }
  }

  /// Takes the oldest one, or null. For the holder of the writer role. It waits for a producer that
  /// has taken a place and not filled it yet, so that nobody's own submissions are overtaken.
  @Nullable Submission poll() {
    Submission submission = queue.poll();
    if (submission != null && submission.request().durable()) {
      durables.decrementAndGet();
    }
    return submission;
  }

  /// {@return the oldest one, or null}
  @Nullable Submission peek() {
    return queue.peek();
  }

  /// Wakes those who wait for room. Not within the role. Those who join meanwhile are left alone:
  /// somebody who finds no room again would otherwise keep the caller here.
  void roomMade() {
    for (int left = blocked.size(); left > 0; left--) {
      Parker parker = blocked.poll();
      if (parker == null) {
        return;
      }
      parker.unpark();
    }
  }
}
