package io.batpak.failure;

import java.nio.file.Path;

/// The bytes on disk are not what was once written: damage, not the trace of a crash.
public final class Corrupt extends StoreException {

  private static final long serialVersionUID = 1L;

  private final transient Path file;
  private final long offset;
  private final long sequence;
  private final String reason;

  /// Creates the failure.
  ///
  /// @param file the damaged file
  /// @param offset bytes from the start of the file where the damage shows
  /// @param sequence the sequence expected there, or -1 when it is not known
  /// @param reason what was found and what was expected
  public Corrupt(Path file, long offset, long sequence, String reason) {
    super(
        file
            + ", offset "
            + offset
            + (sequence < 0 ? "" : ", sequence " + sequence)
            + ": "
            + reason
            + "; run verify on the directory to see what is left, and restore the file from a"
            + " backup",
        null);
    this.file = file;
    this.offset = offset;
    this.sequence = sequence;
    this.reason = reason;
  }

  /// {@return the damaged file}
  public Path file() {
    return file;
  }

  /// {@return bytes from the start of the file where the damage shows}
  public long offset() {
    return offset;
  }

  /// {@return the sequence expected there, or -1 when it is not known}
  public long sequence() {
    return sequence;
  }

  /// {@return what was found and what was expected}
  public String reason() {
    return reason;
  }
}
