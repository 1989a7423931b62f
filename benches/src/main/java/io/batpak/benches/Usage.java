package io.batpak.benches;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/// What this JVM has used since it started.
///
/// @param allocatedBytes bytes that all threads allocated on the heap, including threads that have
///   ended and the carriers of virtual threads
/// @param cpuNanos CPU time of the process, user and system: callers, background threads, collector
///   and compiler; in steps of a clock tick of the kernel, usually 10 ms
record Usage(long allocatedBytes, long cpuNanos) {

  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  static Usage now() {
    return new Usage(THREADS.getTotalThreadAllocatedBytes(), SYSTEM.getProcessCpuTime());
  }

  /// {@return the CPU time of the calling thread, in nanoseconds}
  ///
  /// @throws UnsupportedOperationException if it is virtual
  static long threadCpuNanos() {
    return THREADS.getCurrentThreadCpuTime();
  }

  /// {@return what was used between an earlier moment and this one}
  ///
  /// @param earlier the earlier moment
  Usage since(Usage earlier) {
    return new Usage(allocatedBytes - earlier.allocatedBytes, cpuNanos - earlier.cpuNanos);
  }
}
