package io.batpak.failure;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The disk refused a read, a write or a force. After a failed write or force the store takes no
/// more writes until it is opened again; reads go on.
public final class DiskFailed extends StoreException {

  private static final long serialVersionUID = 1L;

  private final transient Path file;
  private final String operation;

  /// Creates the failure.
  ///
  /// @param file the file
  /// @param operation what was tried
  /// @param cause what the platform said, or null
  public DiskFailed(Path file, String operation, @Nullable Throwable cause) {
    super(
        file
            + ": "
            + operation
            + " failed"
            + (cause == null ? "" : ": " + cause.getMessage())
            + "; mend that, then open the store again",
        cause);
    this.file = file;
    this.operation = operation;
  }

  /// {@return the file}
  public Path file() {
    return file;
  }

  /// {@return what was tried}
  public String operation() {
    return operation;
  }
}
