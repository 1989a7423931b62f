package io.batpak.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.engine.platform.DiskFile;
import io.batpak.failure.DiskFailed;
import io.batpak.testkit.simulated.SimulatedDisk;
import io.batpak.testkit.simulated.SimulatedDisk.Operation;
import java.lang.foreign.Arena;
import java.util.EnumSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Proves that a failed force stays failed for whoever comes next, and that space which has ended
/// is left alone. Would catch a second thread that forces successfully what the first one lost, and
/// a closed file that is forced. Deterministic.
class SegmentSpaceTest {

  private final SimulatedDisk disk = new SimulatedDisk(1, 1 << 17);
  private final Arena arena = Arena.ofShared();

  @AfterEach
  void end() {
    arena.close();
    disk.close();
  }

  private SegmentSpace space() {
    disk.createRoot();
    DiskFile file = disk.create("file");
    SegmentSpace space = SegmentSpace.empty(file, 1 << 16, arena);
    space.growTo(1 << 12);
    return space;
  }

  @Test
  void a_failed_force_stays_failed() {
    SegmentSpace space = space();
    disk.failIn(EnumSet.of(Operation.FORCE), 1);

    assertThatThrownBy(space::forceNew).isInstanceOf(DiskFailed.class);

    assertThatThrownBy(space::force)
        .isInstanceOf(DiskFailed.class)
        .hasMessageContaining("earlier force");
  }

  @Test
  void space_that_has_ended_does_not_grow_and_is_not_forced() {
    SegmentSpace space = space();
    space.end();
    space.file().close();

    space.growTo(1 << 14);

    assertThat(space.bytes()).isEqualTo(1 << 16);
    assertThat(space.forceNew()).isFalse();
  }
}
