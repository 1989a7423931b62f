package io.batpak.testkit;

import io.batpak.testkit.simulated.SimulatedClock;
import io.batpak.testkit.simulated.SimulatedDisk;
import io.batpak.testkit.simulated.SimulatedDisk.Operation;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/// What goes wrong on the machine of a [Simulation], and when.
///
/// One death and one failure can be scheduled at a time, each once: a later call takes the place of
/// an earlier one. A disk that is full, slow or lying stays so, also for the next process, until
/// [#clear].
public final class FaultPlan {

  private SimulatedDisk disk;
  private final SimulatedClock clock;
  private Runnable duringForces = () -> {};
  private long before;

  FaultPlan(SimulatedDisk disk, SimulatedClock clock) {
    this.disk = disk;
    this.clock = clock;
  }

  void moveTo(SimulatedDisk next) {
    before = happened();
    next.room(disk.room());
    next.duringForce(duringForces);
    disk = next;
  }

  /// The process dies at a step, which takes effect in part or not at all.
  ///
  /// @param step which from now on, 1 for the next
  public void crashAt(long step) {
    disk.crashIn(count(step));
  }

  /// A torn write: the process dies in a write by position, of which a part has arrived. Frames are
  /// written by position when durable was asked for; the others go through memory, and are torn by
  /// [Simulation#losePower].
  ///
  /// @param write which from now on, 1 for the next
  public void tearWrite(long write) {
    disk.crashIn(EnumSet.of(Operation.WRITE), count(write));
  }

  /// A disk that stalls: a force never ends, and the process that waits for it dies waiting.
  ///
  /// @param force which from now on, 1 for the next
  public void stallForce(long force) {
    disk.crashIn(EnumSet.of(Operation.FORCE), count(force));
  }

  /// A write fails with [io.batpak.failure.DiskFailed]; a part of it has arrived.
  ///
  /// @param write which from now on, 1 for the next
  public void failWrite(long write) {
    fail(EnumSet.of(Operation.WRITE), write);
  }

  /// A force of a file fails with [io.batpak.failure.DiskFailed], and some or all of what it was to
  /// write is lost, although this process and the next still see it.
  ///
  /// @param force which from now on, 1 for the next
  public void failForce(long force) {
    fail(EnumSet.of(Operation.FORCE), force);
  }

  /// The creation, renaming or deletion of a file, or a force of the directory, fails with
  /// [io.batpak.failure.DiskFailed].
  ///
  /// @param change which of them from now on, 1 for the next
  public void failNames(long change) {
    fail(
        EnumSet.of(Operation.CREATE, Operation.RENAME, Operation.DELETE, Operation.FORCE_NAMES),
        change);
  }

  /// An operation of any sort fails with [io.batpak.failure.DiskFailed].
  ///
  /// @param operation which from now on, 1 for the next
  public void failAt(long operation) {
    fail(EnumSet.complementOf(EnumSet.of(Operation.EXISTS)), operation);
  }

  private void fail(Set<Operation> which, long count) {
    disk.failIn(which, count(count));
  }

  private static long count(long number) {
    if (number < 1) {
      throw new IllegalArgumentException(number + " is not 1 or more: 1 means the next");
    }
    return number;
  }

  /// The disk is full when the files have grown by some bytes more; what needs room then fails with
  /// [io.batpak.failure.DiskFull].
  ///
  /// @param bytes 0 and up
  public void fullAfter(long bytes) {
    disk.room(bytes);
  }

  /// Lost writes: forces report success and do nothing, as those of some disks do. No store can
  /// keep its word on such a disk; this shows what notices.
  public void loseForces() {
    disk.lie(Operation.FORCE);
    disk.lie(Operation.FORCE_NAMES);
  }

  /// A slow disk: time passes in every force of a file.
  ///
  /// @param each how much
  public void slowForces(Duration each) {
    duringForces(() -> clock.advance(each.toNanos()));
  }

  /// Something happens while a file is being forced: others append, time passes.
  ///
  /// @param meanwhile run in every force that does not fail
  public void duringForces(Runnable meanwhile) {
    duringForces = meanwhile;
    disk.duringForce(meanwhile);
  }

  /// From now on nothing goes wrong.
  public void clear() {
    disk.behave();
    disk.room(Long.MAX_VALUE);
    disk.tellTheTruth();
    duringForces(() -> {});
  }

  /// {@return how many operations have failed or found no room, over all processes}
  public long happened() {
    return before + disk.failures() + disk.refusals();
  }
}
