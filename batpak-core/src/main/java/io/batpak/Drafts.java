package io.batpak;

import io.batpak.engine.frame.FrameDraft;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Drafts that are used again: an append without key and condition needs none of its own
/// (AppendBench.append). Thread-safe.
///
/// A caller looks in one slot, which it chooses by what it appends to. Two callers of one slot do
/// not wait for each other: the second makes a draft of its own.
final class Drafts {

  private static final int SLOT_COUNT = 16;

  /// Slots stand a cache line apart.
  private static final int STRIDE = 16;

  /// A draft that has grown beyond this is dropped.
  private static final int BYTES_KEPT_MAX = 1 << 16;

  private final AtomicReferenceArray<@Nullable FrameDraft> idle =
      new AtomicReferenceArray<>((SLOT_COUNT + 1) * STRIDE);

  Drafts() {}

  /// {@return a draft that nobody else uses}
  ///
  /// @param choice any number
  FrameDraft take(int choice) {
    FrameDraft draft = idle.getAndSet(slot(choice), null);
    return draft != null ? draft : new FrameDraft();
  }

  /// Takes a draft back. It is no longer used.
  ///
  /// @param draft from {@link #take}
  /// @param choice the same number
  void giveBack(FrameDraft draft, int choice) {
    if (draft.capacity() <= BYTES_KEPT_MAX) {
      idle.lazySet(slot(choice), draft);
    }
  }

  private static int slot(int choice) {
    return ((choice ^ choice >>> 16) & SLOT_COUNT - 1) * STRIDE + STRIDE;
  }
}
