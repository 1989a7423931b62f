/// Tests of code that uses a store: in memory, repeatable, with the faults of a real disk.
///
/// - [MemoryStore]: a store and no files, for any number of threads.
/// - [Scenario]: given events, when a fold or a decision is tried, then this came of it; and what
///   must hold still holds after a crash at any step.
/// - [Simulation]: the machine by itself, over any number of processes, with its [FaultPlan] and
///   its [VirtualClock].
///
/// No test framework is needed: an expectation that is not met is an [AssertionError].
@NullMarked
package io.batpak.testkit;

import org.jspecify.annotations.NullMarked;
