package io.batpak.evidence;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What reading every byte of a store's files found.
///
/// @param segments how many segment files were read
/// @param footers how many footers were compared, column by column, with the frames in front of
///   them
/// @param frames how many whole frames were read; each is one event
/// @param checksums how many checksums were worked out and compared, of headers, frames and footers
/// @param eventHashes how many event hashes were computed, each from a header and its payload. A
///   hash is compared with the previous hash in the entity's next event, with the footer, and with
///   the header of the next segment; that of an entity's last event in a segment without a footer
///   has nothing to be compared with
/// @param entities how many entities there are; each is a chain of its events
/// @param links how many events were compared with the event before them in their chain
/// @param problems what is not as it was written; empty for a sound log
/// @param problemsOmitted how many more problems were found than are listed
/// @param tail where a crash or a power cut ended the log, if it was not closed cleanly; no
///   surviving frame says that any of what is behind it was durable, and opening the store cuts it
/// @param owner who owned the store while it was read, if anyone did
public record Verification(
    int segments,
    int footers,
    long frames,
    long checksums,
    long eventHashes,
    long entities,
    long links,
    List<Problem> problems,
    long problemsOmitted,
    Optional<UncleanTail> tail,
    Optional<String> owner) {

  /// Copies the list.
  public Verification {
    problems = List.copyOf(problems);
  }

  /// {@return whether everything is as it was written}
  public boolean sound() {
    return problems.isEmpty();
  }

  /// What to do about a problem.
  public enum Remedy {

    /// What the file held is lost here: copy the directory away, then restore the file from a
    /// backup.
    RESTORE,

    /// Nothing is lost: opening the store writes the file again.
    OPEN,

    /// Nothing is lost: the index is made from the frames each time the store is opened.
    NONE,

    /// The file keeps the store from opening, and holds no events that could be read: move it out
    /// of the directory. A `store.id` is written again by opening the store.
    REMOVE,

    /// The file is of a newer batpak: use the newer library.
    UPGRADE,

    /// The file has a format that is no longer read: convert it with an older library.
    CONVERT
  }

  /// Something that is not as it was written.
  ///
  /// @param file the file
  /// @param offset bytes from the start of the file
  /// @param sequence the event expected there, or -1 when it is not about one
  /// @param description what was found and what was expected
  /// @param remedy what to do about it
  public record Problem(Path file, long offset, long sequence, String description, Remedy remedy) {

    /// {@return one sentence}
    @Override
    public String toString() {
      String event = sequence < 0 ? "" : ", sequence " + sequence;
      return file + ", offset " + offset + event + ": " + description;
    }
  }

  /// The end of a log that was not closed cleanly.
  ///
  /// @param file the file
  /// @param offset where the good events end
  /// @param sequence the sequence that comes next
  /// @param description what was found there
  public record UncleanTail(Path file, long offset, long sequence, String description) {

    /// {@return one sentence}
    @Override
    public String toString() {
      return file + ", offset " + offset + ", sequence " + sequence + ": " + description;
    }
  }
}
