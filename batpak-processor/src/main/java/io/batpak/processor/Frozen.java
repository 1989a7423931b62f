package io.batpak.processor;

import io.batpak.processor.check.Problems;
import io.batpak.processor.read.Declaration;
import javax.annotation.processing.ProcessingEnvironment;

/// Stub.
final class Frozen {
  static final String DIRECTORY_OPTION = "batpak.frozen";
  static final String FREEZE_OPTION = "batpak.freeze";

  Frozen(ProcessingEnvironment environment, Problems problems) {}

  void check(Declaration declaration) {}
}
