package io.batpak.engine.upkeep;

import io.batpak.evidence.Verification;
import io.batpak.evidence.Verification.Problem;
import io.batpak.evidence.Verification.Remedy;
import io.batpak.evidence.Verification.UncleanTail;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Counts what was checked and keeps what was found.
final class Ledger {

  /// More problems than this are only counted: a file of noise must not fill the memory.
  private static final int PROBLEM_COUNT_MAX = 1_000;

  private final List<Problem> problems = new ArrayList<>();
  private long problemsOmitted;
  private @Nullable UncleanTail tail;
  private int segments;
  private int footers;
  private long frames;
  private long checksums;
  private long eventHashes;
  private long links;

  void problem(Path file, long offset, long sequence, String description) {
    problem(file, offset, sequence, description, Remedy.RESTORE);
  }

  void problem(Path file, long offset, long sequence, String description, Remedy remedy) {
    if (problems.size() == PROBLEM_COUNT_MAX) {
      problemsOmitted++;
    } else {
      problems.add(new Problem(file, offset, sequence, description, remedy));
    }
  }

  void tail(Path file, long offset, long sequence, String description) {
    tail = new UncleanTail(file, offset, sequence, description);
  }

  void segment() {
    segments++;
  }

  void footer() {
    footers++;
  }

  void frame() {
    frames++;
  }

  void checksum() {
    checksums++;
  }

  void eventHash() {
    eventHashes++;
  }

  void link() {
    links++;
  }

  /// {@return all of it}
  ///
  /// @param entities how many chains there are
  /// @param owner who owned the store meanwhile; what a live writer has half written is no tail
  Verification verification(long entities, Optional<String> owner) {
    return new Verification(
        segments,
        footers,
        frames,
        checksums,
        eventHashes,
        entities,
        links,
        problems,
        problemsOmitted,
        owner.isPresent() ? Optional.empty() : Optional.ofNullable(tail),
        owner);
  }
}
