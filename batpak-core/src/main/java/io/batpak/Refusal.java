package io.batpak;

import java.util.List;

/// Why an append was not made: a {@link Conflict} or {@link KeyReused}. Nothing was written.
public sealed interface Refusal extends Appended, BatchAppended permits Conflict, KeyReused {

  /// {@return which event of the batch was refused, from 0; -1 if the batch as a whole was}
  int item();

  @Override
  default Receipt orThrow() {
    throw new AppendRefused(this);
  }

  @Override
  default List<Receipt> allOrThrow() {
    throw new AppendRefused(this);
  }
}
